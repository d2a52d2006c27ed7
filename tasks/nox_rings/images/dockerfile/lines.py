"""The lines of a Dockerfile: directives, comments, continuations and here-documents, as BuildKit's parser reads them
(moby/buildkit, frontend/dockerfile/parser/parser.go; tests/real/test_buildkit.py compares the two)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from nox_rings.images.dockerfile.instructions import (
    DockerfileError,
    Heredoc,
    Instruction,
    parse_heredoc,
    parse_instruction,
    trigger_of,
)
from nox_rings.images.dockerfile.shell import split_raw_words
from nox_rings.images.dockerfile.variables import WordError
from nox_rings.images.dockerfile.words import SPACES

DIRECTIVE = re.compile(r"#[\s]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*\Z")
# An escape at the end of a line, unless another one stands before it.
CONTINUATIONS = {each: re.compile(rf"(?<!{re.escape(each)}){re.escape(each)}[ \t]*\Z") for each in ("\\", "`")}
DIRECTIVES = ("syntax", "escape", "check")


def parse_instructions(text: str) -> tuple[tuple[Instruction, ...], str]:
    """The instructions and the escape character. Raises DockerfileError."""
    reader = _Reader(text)
    found = tuple(reader.instructions())
    if not found:
        raise DockerfileError(max(reader.line, 1), "file with no instructions")
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
            if first and not first.startswith("#"):
                yield self._instruction(self._joined(first), start)

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
        found = CONTINUATIONS[self.escape].search(line) if self.escape in line else None
        return (line[: found.start()], False) if found else (line, True)

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
