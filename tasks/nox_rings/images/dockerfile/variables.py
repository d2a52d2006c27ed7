"""What the variables of a Dockerfile hold, and `${NAME…}` with each of its modifiers
(moby/buildkit, frontend/dockerfile/shell/lex.go).

A value that only a build knows is UNKNOWN, and stays UNKNOWN through every modifier whose result depends on it."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field

UNKNOWN = "\0"


class WordError(ValueError):
    """A word that BuildKit refuses, with its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """`values` may hold UNKNOWN; `awaited` are arguments without a value, which a build may be given; `inherits` says
    that an image from elsewhere may set what is in neither."""

    values: dict[str, str] = field(default_factory=dict)
    awaited: Set[str] = frozenset()
    inherits: bool = False

    def find(self, name: str) -> str | None:
        if name in self.values:
            return self.values[name]
        return UNKNOWN if self.inherits or name in self.awaited else None

    def find_given(self, name: str) -> str | None:
        """As `find`, but an awaited argument is unset: `${NAME:-default}` is the default."""
        return None if name in self.awaited and name not in self.values else self.find(name)


NOTHING = Variables()


def modified(variables: Variables, name: str, operator: str, word: str, *, empty_is_unset: bool) -> str:
    value = variables.find(name) if operator == "+" else variables.find_given(name)
    if operator in "#%":
        return UNKNOWN if UNKNOWN in (value or "") else _trimmed(value or "", word, operator)
    if operator == "?" and name in variables.awaited and value is None:
        return UNKNOWN
    if value is not None and not value.strip(UNKNOWN) and value:  # empty, unset or not: a build knows
        return UNKNOWN
    missing = value is None or (empty_is_unset and not value)
    if operator == "?" and missing:
        raise WordError(f"{name}: {word or 'is not allowed to be ' + ('unset' if value is None else 'empty')}")
    if operator == "+":
        return "" if missing else word
    return word if missing else value or ""


def _trimmed(value: str, word: str, operator: str) -> str:
    """`${NAME#pattern}` and `${NAME%pattern}` take the shortest match away, doubled the longest."""
    greedy = word.startswith(operator)
    pattern = word[1:] if greedy else word
    if operator == "#":
        found = shell_pattern(pattern, greedy=greedy).match(value)
        return value[found.end() :] if found else value
    # The shortest match at the end is the first one of the text and the pattern read backwards.
    backwards = "".join(reversed(re.findall(r"\\.|.", pattern, re.DOTALL)))
    found = shell_pattern(backwards, greedy=greedy).match(value[::-1])
    return value[: len(value) - found.end()] if found else value


def shell_pattern(pattern: str, *, greedy: bool) -> re.Pattern[str]:
    """A shell pattern of `*` and `?`; brackets mean themselves."""
    out, index = "", 0
    while index < len(pattern):
        char = pattern[index]
        index += 1
        if char in "*?":
            out += {"?": ".", "*": ".*" if greedy else ".*?"}[char]
        elif char == "\\":
            following = pattern[index : index + 1]
            if following and following in "}/":  # the end of ${…}, escaped
                continue
            if not following or following not in "*?\\":
                raise WordError(f"invalid pattern ({pattern}) in substitution: invalid escape '\\{following}'")
            out += re.escape(following)
            index += 1
        else:
            out += re.escape(char)
    return re.compile(out)
