"""JSON objects as dataclasses: camelCase there, snake_case here. Unknown and missing keys are reported by location."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, ClassVar, Protocol, TypeVar


class Document(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


T = TypeVar("T", bound=Document)


class DocumentError(Exception):
    """An object that is not of the shape agreed upon."""


def load_document(kind: type[T], found: object, location: str, **parts: object) -> T:
    """`parts` are values that were loaded already, instead of those of the same name."""
    if not isinstance(found, Mapping):
        raise DocumentError(f"{location}: found {found!r}, expected an object")
    expected = {_key(field.name): field for field in fields(kind)}
    required = {key for key, field in expected.items() if field.default is field.default_factory is MISSING}
    for problem, keys in (("unknown", set(found) - set(expected)), ("no", required - set(found))):
        if keys:
            raise DocumentError(
                f"{location}: found {problem} {', '.join(sorted(keys))}, expected {', '.join(expected)}"
            )
    return kind(**{expected[key].name: value for key, value in found.items()} | parts)


def _key(name: str) -> str:
    return re.sub("_([a-z])", lambda match: match[1].upper(), name)
