"""Which token buf gets for a remote, and who needs one. Nothing here prints a token or keeps one in a repr.

scripts/lib/buf_netrc.sh holds the same rules for a shell; tests/credentials.toml is the table that tests both.
What buf does with BUF_TOKEN: https://buf.build/docs/bsr/authentication."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

VARIABLE = "BUF_TOKEN"

# What bash calls [:space:] in the C locale; str.strip() knows many more.
_BLANKS = " \t\n\r\v\f"
_ASSIGNMENT = re.compile(
    r"""\s*(?:export\s+)?BUF_TOKEN\s*=\s*(?:"([^"]*)".*|'([^']*)'.*|\#.*|(.*?)(?:\s\#.*)?)""", re.ASCII
)
# What a bearer token may be (RFC 6750 §2.1). Anything else is refused by buf or would be another line of a netrc.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")
_REMOTE = re.compile(r"[A-Za-z0-9.:-]+")
# HOST/OWNER/NAME[:REF]; what has no dot or port in its first part is a local program or path.
_REFERENCE = re.compile(r"([A-Za-z0-9-]+[.:][A-Za-z0-9.:-]*/[^/]+/[^/:]+)(?::.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class BufToken:
    """`text` as buf takes it: one token for every remote, where `remotes` is empty, or TOKEN@REMOTE,…"""

    text: str = field(repr=False)
    remotes: frozenset[str] = frozenset()

    def serves(self, remote: str) -> bool:
        return not self.remotes or remote in self.remotes


def parse_env_file(text: str) -> str:
    """The value of the last assignment to BUF_TOKEN, empty where there is none; quoted or not, exported or not."""
    lines = text.removeprefix("\ufeff").split("\n")
    found = [match for line in lines if (match := _ASSIGNMENT.fullmatch(line))]
    return next(filter(None, found[-1].groups()), "").strip(_BLANKS) if found else ""


def parse_token(text: str) -> BufToken | None:
    """TOKEN or TOKEN@REMOTE,… with no remote twice; None for anything else, such as a placeholder in <brackets>."""
    if _TOKEN.fullmatch(text):
        return BufToken(text=text)
    pairs = [part.partition("@") for part in text.split(",")]
    remotes = frozenset(remote for _, _, remote in pairs)
    valid = all(_TOKEN.fullmatch(secret) and _REMOTE.fullmatch(remote) for secret, _, remote in pairs)
    return BufToken(text=text, remotes=remotes) if valid and len(remotes) == len(pairs) else None


def choose_token(env_file: str, variable: str) -> BufToken | None:
    """From the text of .env, else from the variable. What is no token counts as nothing: a .env copied from an example
    must not hide the real one of a CI."""
    return parse_token(parse_env_file(env_file)) or parse_token(variable.strip(_BLANKS))


def found_instead(env_file: str, variable: str) -> str:
    """Describes what was found where a remote has no token; never the value."""
    if choose_token(env_file, variable):
        return "none but those of other remotes"
    values = {".env": parse_env_file(env_file), "the environment": variable.strip(_BLANKS)}
    odd = [source for source, value in values.items() if value]
    if odd:
        return f"something in {odd[-1]} that is neither TOKEN nor TOKEN@REMOTE,…"
    return "it neither in .env nor in the environment"


def provided_modules(buf_yaml: Mapping[str, Any]) -> frozenset[str]:
    """Modules that a workspace has under the name they have on a remote, so that buf asks no remote for them."""
    return frozenset(_modules(each.get("name") for each in (buf_yaml, *_tables(buf_yaml, "modules"))))


def needed_remotes(document: Mapping[str, Any], provided: Collection[str] = ()) -> tuple[str, ...]:
    """Remotes that a template or a buf.yaml names: of its plugins (`remote:`; `plugin:` in templates before v2 and in a
    buf.yaml) and of those `deps:` that the workspace does not provide itself."""
    own = {*provided, *provided_modules(document)}
    plugins = _modules(plugin.get(key) for plugin in _tables(document, "plugins") for key in ("remote", "plugin"))
    dependencies = (name for name in _modules(document.get("deps") or ()) if name not in own)
    return tuple(dict.fromkeys(name.partition("/")[0] for name in (*plugins, *dependencies)))


def _tables(document: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Invalid entries are left to buf, whose message is better."""
    entries = document.get(key)
    return (each for each in (entries if isinstance(entries, list) else ()) if isinstance(each, Mapping))


def _modules(references: Iterable[Any]) -> Iterator[str]:
    return (match[1] for each in references if (match := _REFERENCE.fullmatch(str(each))))


def has_entry(netrc: str, machine: str) -> bool:
    """Whether a netrc has an entry for this machine, or one for every machine (`default`)."""
    return bool(netrc_machines(netrc) & {machine.lower(), "default"})


def netrc_machines(netrc: str) -> frozenset[str]:
    """Names in a netrc (ftp(1)), `default` among them. The value of a keyword may look like another keyword, a macro
    ends with an empty line, and `#` opens a comment.

    Not by the netrc module of the standard library: of Python 3.11 to 3.13 it refuses a whole file for a comment below
    an empty line, and takes an entry that is commented out there for one that counts (tests/credentials.toml)."""
    names: set[str] = set()
    keyword, in_macro = "", False
    for line in netrc.split("\n"):
        if in_macro:
            in_macro = line.rstrip("\r") != ""
            continue
        for word in re.findall(r'"(?:[^"\\]|\\.)*"|[^ \t\r]+', line):
            if keyword == "macdef":
                keyword, in_macro = "", True
                break
            if keyword:
                names |= {_unquoted(word)} if keyword == "machine" else set()
                keyword = ""
            elif word.startswith("#"):
                break
            elif word == "default":
                names.add(word)
            elif word in {"machine", "macdef", "login", "user", "account", "password"}:
                keyword = word
    return frozenset(names)


def _unquoted(word: str) -> str:
    bare = re.sub(r"\\(.)", r"\1", word[1:-1]) if re.fullmatch(r'".*"', word) else word
    return bare.lower()
