"""Fields in an image that `buf build` wrote as JSON (google/protobuf/descriptor.proto in its JSON form)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Field numbers in descriptor.proto, of which the paths of source locations are made.
FILE_MESSAGES, MESSAGE_FIELDS, MESSAGE_NESTED = 4, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the message `scope` (dotted, without the package) in `file`; lines count from 1, 0 if unknown."""

    file: str
    scope: str
    name: str
    number: int
    line: int = 0
    message_line: int = 0

    @property
    def message(self) -> str:
        """The message as buf names it in a finding."""
        return self.scope.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbering:
    """A field that has another number than before; the lines are where it and its message stand now."""

    file: str
    message: str
    field: str
    before: int
    after: int
    line: int = 0
    message_line: int = 0


def fields_of(image: Mapping[str, Any]) -> Iterator[Field]:
    """All fields of the files that are not mere imports."""
    for file in image.get("file", ()):
        if not file.get("bufExtension", {}).get("isImport"):
            locations = file.get("sourceCodeInfo", {}).get("location", ())
            lines = {tuple(each.get("path", ())): each["span"][0] + 1 for each in locations}
            for index, message in enumerate(file.get("messageType", ())):
                yield from _fields(file["name"], message, "", (FILE_MESSAGES, index), lines)


def _fields(
    file: str, message: Mapping[str, Any], outer: str, path: tuple[int, ...], lines: Mapping[tuple[int, ...], int]
) -> Iterator[Field]:
    scope = f"{outer}{message['name']}"
    for index, field in enumerate(message.get("field", ())):
        yield Field(
            file=file,
            scope=scope,
            name=field["name"],
            number=field["number"],
            line=lines.get((*path, MESSAGE_FIELDS, index), 0),
            message_line=lines.get(path, 0),
        )
    for index, nested in enumerate(message.get("nestedType", ())):
        yield from _fields(file, nested, f"{scope}.", (*path, MESSAGE_NESTED, index), lines)


def renumberings(before: Iterable[Field], after: Iterable[Field]) -> Iterator[Renumbering]:
    """Fields that kept their message and their name and have another number."""
    now = {(field.file, field.scope, field.name): field for field in after}
    for field in before:
        found = now.get((field.file, field.scope, field.name))
        if found and found.number != field.number:
            yield Renumbering(
                file=field.file,
                message=field.message,
                field=field.name,
                before=field.number,
                after=found.number,
                line=found.line,
                message_line=found.message_line,
            )
