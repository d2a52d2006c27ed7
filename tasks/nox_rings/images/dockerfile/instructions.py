"""The instructions of a Dockerfile, as BuildKit's parser reads them (moby/buildkit, frontend/dockerfile/parser;
tests/real/test_buildkit.py compares the two).

Ours, because the parser itself is out of reach while a plan is made: a workspace may have no Go yet, and the PyPI package
`dockerfile` has wheels for x86-64 Linux and Windows alone and holds a parser of 2023."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nox_rings.images.dockerfile.shell import SPACES, WordError, split_raw_words, unquoted_words

BLANKS = re.compile(r"[\t\v\f\r ]+")
DIRECTIVE = re.compile(r"#[\s]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*\Z")
DIRECTIVES = ("syntax", "escape", "check")
HEREDOC = re.compile(r"(\d*)<<(-?)[\t\n\f\r ]*([^<]*)\Z")
LISTS = ("ADD", "COPY", "VOLUME")
WHOLE = ("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR")
SHELL_FORMS = ("CMD", "ENTRYPOINT", "RUN", "SHELL")
VERBS = frozenset(
    {*LISTS, *WHOLE, *SHELL_FORMS, "ARG", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "ONBUILD"}
)


class DockerfileError(ValueError):
    """Text that BuildKit refuses: `line` (from 1) and its reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"{line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """`words` are without the verb and the flags; of ENV and LABEL `NAME=value` each, whichever form was written. `json`
    says that they were a JSON array, `heredocs` are the names of its here-documents, `text` all after the verb."""

    line: int
    verb: str
    words: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    heredocs: tuple[str, ...] = ()
    json: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heredoc:
    name: str
    strips_tabs: bool


def parse_instructions(text: str) -> tuple[tuple[Instruction, ...], str]:
    """The instructions and the escape character. Raises DockerfileError."""
    reader = _Reader(text)
    found = tuple(reader.instructions())
    if not found:
        raise DockerfileError(reader.line, "file with no instructions")
    return found, reader.escape


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = text.removeprefix("\ufeff").split("\n")
        if not self._lines[-1]:
            self._lines.pop()
        self.line = 0
        self.escape = "\\"
        self._directives: set[str] | None = set()

    def _next(self) -> str | None:
        if self.line == len(self._lines):
            return None
        self.line += 1
        return self._lines[self.line - 1].rstrip("\r")

    def instructions(self) -> Iterator[Instruction]:
        while (raw := self._next()) is not None:
            first = raw.lstrip(SPACES)
            self._read_directive(first)
            start = self.line
            if line := self._joined("" if first.startswith("#") else first):
                yield self._instruction(line, start)

    def _joined(self, first: str) -> str:
        """With the lines it continues on; comments and empty lines among them are dropped."""
        line, ends = self._without_continuation(first)
        while not ends and (raw := self._next()) is not None:
            stripped = raw.lstrip(SPACES)
            if stripped and not stripped.startswith("#"):
                more, ends = self._without_continuation(raw)
                line += more
        return line

    def _without_continuation(self, line: str) -> tuple[str, bool]:
        escape = re.escape(self.escape)
        shorter, count = re.subn(rf"([^{escape}]){escape}[ \t]*\Z|\A{escape}[ \t]*\Z", lambda found: found[1] or "", line)
        return shorter, not count

    def _read_directive(self, line: str) -> None:
        """`# name=value` before anything else in the file."""
        if self._directives is None:
            return
        found = DIRECTIVE.match(line)
        name = found[1].lower() if found else ""
        if not found or name not in DIRECTIVES:
            self._directives = None
            return
        if name in self._directives:
            raise DockerfileError(self.line, f"only one {name} parser directive can be used")
        self._directives.add(name)
        if name == "escape":
            if found[2] not in ("\\", "`"):
                raise DockerfileError(self.line, f"invalid escape token '{found[2]}' does not match ` or \\")
            self.escape = found[2]

    def _instruction(self, line: str, start: int) -> Instruction:
        try:
            found = parse_instruction(line, start, self.escape)
            trigger = trigger_of(found, self.escape) if found.verb == "ONBUILD" else None
            holder = trigger or found
            if holder.verb not in ("ADD", "COPY", "RUN") or holder.json or "<<" not in line:
                return found
            heredocs = [heredoc for word in split_raw_words(line) if (heredoc := parse_heredoc(word))]
        except WordError as error:
            raise DockerfileError(start, str(error)) from error
        text = found.text
        for heredoc in heredocs:
            text += self._heredoc_text(heredoc, start)
        return replace(found, heredocs=tuple(heredoc.name for heredoc in heredocs), text=text)

    def _heredoc_text(self, heredoc: Heredoc, start: int) -> str:
        text = ""
        while (raw := self._next()) is not None:
            text += f"\n{raw}"
            if (raw.lstrip("\t") if heredoc.strips_tabs else raw) == heredoc.name:
                return text
        raise DockerfileError(start, "unterminated heredoc")


def parse_heredoc(word: str) -> Heredoc | None:
    """Raises WordError."""
    found = HEREDOC.match(word)
    if not found or not found[3]:
        return None
    names = unquoted_words(found[3])
    return Heredoc(name=names[0], strips_tabs=bool(found[2])) if len(names) == 1 else None


def trigger_of(instruction: Instruction, escape: str) -> Instruction | None:
    """What an ONBUILD instruction adds to stages that are FROM its own."""
    return parse_instruction(instruction.text, instruction.line, escape) if instruction.text else None


def parse_instruction(line: str, start: int, escape: str) -> Instruction:
    """A logical line. Raises WordError, DockerfileError."""
    verb, _, rest = _cut(line.strip(SPACES))
    flags, rest = _take_flags(rest, escape)
    rest = rest.strip(SPACES)
    verb = verb.upper()
    plain = Instruction(line=start, verb=verb, flags=flags, text=rest)
    if not rest or verb not in VERBS:
        return plain
    if verb in LISTS or verb in SHELL_FORMS:
        array = _json_array(rest, start)
        words = array if array is not None else tuple(BLANKS.split(rest)) if verb in LISTS else (rest,)
        return replace(plain, words=words, json=array is not None)
    if verb in ("ENV", "LABEL"):
        return replace(plain, words=_pairs(rest, verb, escape))
    if verb == "HEALTHCHECK":
        kind, _, command = _cut(rest)
        array = _json_array(command, start)
        return replace(plain, words=(kind, *(array if array is not None else (command,) * bool(command))))
    if verb == "ONBUILD":
        inner = parse_instruction(rest, start, escape)
        return replace(plain, words=(inner.verb, *inner.words))
    return replace(plain, words=(rest,) if verb in WHOLE else _words(rest, escape) if verb == "ARG" else _split(rest))


def _split(text: str) -> tuple[str, ...]:
    return tuple(BLANKS.split(text))


def _cut(text: str) -> tuple[str, str, str]:
    found = BLANKS.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _json_array(text: str, line: int) -> tuple[str, ...] | None:
    """None for text that is no JSON array, which then is read as words."""
    if not text.startswith("["):
        return None

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        found = json.loads(text, parse_constant=refuse)
    except ValueError:
        return None
    if not all(isinstance(each, str) for each in found):
        raise DockerfileError(line, "when using JSON array syntax, arrays must be comprised of strings only")
    return tuple(found)


def _pairs(text: str, verb: str, escape: str) -> tuple[str, ...]:
    """`NAME=value …`, or the old form `NAME value with spaces`."""
    words = _words(text, escape)
    if words and "=" not in words[0]:
        name, blanks, value = _cut(text)
        if not blanks:
            raise WordError(f"{verb} must have two arguments")
        return (f"{name}={value}",)
    for word in words:
        if "=" not in word:
            raise WordError(f"Syntax error - can't find = in {json.dumps(word)}. Must be of the form: name=value")
    return words


def _words(text: str, escape: str) -> tuple[str, ...]:
    """Split at spaces outside of quotes; quotes and escapes stay."""
    words: list[str] = []
    word, quote, index = "", "", 0
    while index < len(text):
        char = text[index]
        index += 1
        if not quote and char in SPACES:
            words += [word] if word else []
            word = ""
        elif char == escape and quote != "'":
            if index < len(text):
                word += char + text[index]
                index += 1
        else:
            quote = ("" if char == quote else quote) if quote else char if char in "'\"" else ""
            word += char
    return (*words, word) if word else tuple(words)


def _take_flags(text: str, escape: str) -> tuple[tuple[str, ...], str]:
    """Leading words that begin with `--`, without their quotes; a lone `--` ends them."""
    flags: list[str] = []
    rest = text.lstrip(SPACES)
    while rest.startswith("--"):
        flag, length = _flag(rest, escape)
        rest = rest[length:]
        if flag == "--":
            break
        flags.append(flag)
        rest = rest.lstrip(SPACES)
    return tuple(flags), rest


def _flag(text: str, escape: str) -> tuple[str, int]:
    """The word without quotes and escapes, and its length in the text."""
    word, quote, index = "", "", 0
    while index < len(text):
        char = text[index]
        if not quote and char in SPACES:
            break
        index += 1
        if char == quote or (not quote and char in "'\""):
            quote = "" if quote else char
        elif char == escape:
            word += text[index : index + 1]
            index += 1
        else:
            word += char
    return word, min(index, len(text))
