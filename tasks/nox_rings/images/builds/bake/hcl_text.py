"""A place in a text of HCL."""

from __future__ import annotations

import re

from nox_rings.images.builds.bake.hcl_values import HclError

NAME = re.compile(r"[A-Za-z_][\w-]*")
SPACES = re.compile(r"(?:[ \t\r]|#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
LINES = re.compile(r"(?:[ \t\r\n]|#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)


class Cursor:
    """`depth` is the number of brackets around it, in which a line's end means nothing."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def rest(self) -> str:
        return self.text[self.at : self.at + 1]

    def at_end(self) -> bool:
        self.skip(LINES)
        return self.at >= len(self.text)

    def skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self.text, self.at):
            self.at = found.end()

    def take(self, text: str) -> bool:
        found = self.text.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def take_next(self, text: str) -> bool:
        """After spaces; nothing is taken where something else stands."""
        before = self.at
        self.skip(LINES if self.depth else SPACES)
        if self.take(text):
            return True
        self.at = before
        return False

    def name(self) -> str:
        found = NAME.match(self.text, self.at)
        if not found:
            raise self.error("a name")
        self.at = found.end()
        return found[0]

    def error(self, expected: str) -> HclError:
        line = self.text.count("\n", 0, self.at) + 1
        return HclError(f"line {line}: found {self.rest() or 'the end'!r}, expected {expected}")
