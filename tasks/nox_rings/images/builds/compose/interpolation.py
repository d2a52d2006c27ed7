"""`${NAME:-default}` and its like in compose files, and the `.env` beside them
(https://docs.docker.com/reference/compose-file/interpolation/).

The variables of the shell are not read: what is planned is the same on every machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nox_rings.images.builds.model import BuildUnreadableError

NAME = re.compile(r"[A-Za-z_]\w*")
LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*(?:=|:\s)\s*(.*)", re.DOTALL)
NO_VARIABLES: Mapping[str, str] = {}
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(kw_only=True)
class Interpolation:
    """`unset` are the variables that had neither a value nor a default, in the order in which they were met."""

    variables: Mapping[str, str]
    unset: list[str] = field(default_factory=list)

    def text(self, text: str) -> str:
        """Raises BuildUnreadableError."""
        return self._read(text, 0, "")[0] if "$" in text else text

    def _read(self, text: str, at: int, stop: str) -> tuple[str, int]:
        out = ""
        while at < len(text):
            if text[at] == stop:
                return out, at + 1
            if text[at] != "$":
                out += text[at]
                at += 1
            elif text.startswith("$$", at):
                out += "$"
                at += 2
            else:
                found, at = self._variable(text, at + 1)
                out += found
        if stop:
            raise BuildUnreadableError(f"`{text}` has no end of ${{…}}")
        return out, at

    def _variable(self, text: str, at: int) -> tuple[str, int]:
        braced = text.startswith("{", at)
        name = NAME.match(text, at + braced)
        if not name:
            raise BuildUnreadableError(f"`{text}` has a $ that no name follows")
        value, at = self.variables.get(name[0]), name.end()
        if not braced:
            return self._plain(name[0], value), at
        operator = re.compile(r":?[-?+]|\}").match(text, at)
        if not operator:
            raise BuildUnreadableError(f"`{text}` has an unknown modifier in ${{…}}")
        if operator[0] == "}":
            return self._plain(name[0], value), operator.end()
        before = len(self.unset)
        word, at = self._read(text, operator.end(), "}")
        missing = value is None or (operator[0].startswith(":") and not value)
        used = missing is not operator[0].endswith("+")
        if not used:
            del self.unset[before:]
        if operator[0].endswith("?") and missing:
            raise BuildUnreadableError(f"it needs the variable {name[0]} ({word or 'required'})")
        if operator[0].endswith("+"):
            return ("" if missing else word), at
        return (word if missing else value or ""), at

    def _plain(self, name: str, value: str | None) -> str:
        if value is None:
            self.unset.append(name)
        return value or ""


def parse_env_file(text: str, outer: Mapping[str, str] = NO_VARIABLES) -> dict[str, str]:
    """Of `.env`: what is no assignment is left out. A value may name variables above it, and `outer` ones: they win."""
    found: dict[str, str] = {}
    for line in text.removeprefix("\ufeff").splitlines():
        assigned = LINE.match(line)
        if assigned and not line.lstrip().startswith("#"):
            found[assigned[1]] = _value(assigned[2].strip(), {**found, **outer})
    return found


def _value(text: str, known: Mapping[str, str]) -> str:
    if quoted := re.match(r"'([^']*)'", text):
        return quoted[1]
    if quoted := re.match(r'"((?:\\.|[^"\\])*)"', text):
        text = re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), quoted[1])
    else:
        text = re.split(r"(?:^|\s)#", text, maxsplit=1)[0].rstrip()
    try:
        return Interpolation(variables=known).text(text)
    except BuildUnreadableError:
        return text
