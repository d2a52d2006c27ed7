"""Parsed documents against types, by msgspec. A type is a msgspec.Struct, or a TypedDict with the keys we read.

msgspec stops at its first problem. Where it refuses a document, its parts are offered to it one by one, so that every
problem is reported with its path; no rule stands here that a type does not state."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict

import msgspec

Document = TypeVar("Document")

# The key of msgspec.Meta(extra=…) under which a type describes its constraint.
EXPECTED = "expected"
MISSING = object()
# One, and several.
NAMES: Mapping[Any, tuple[str, str]] = {
    str: ("a string", "strings"),
    int: ("an integer", "integers"),
    float: ("a number", "numbers"),
    bool: ("true or false", "booleans"),
    date: ("a day such as 2027-01-31", "days"),
}


class DocumentInvalidError(ValueError):
    """`problems` has a sentence for each: `PATH: KEY.PATH[INDEX]: found …, expected …`."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class _Part(NamedTuple):
    """A value inside a document, the type it should have and its path."""

    value: Any
    kind: Any
    path: str


def convert(value: Any, kind: type[Document], path: str, *, mapping: str = "mapping") -> Document:
    """The document as a value of `kind`; keys that a TypedDict does not name are left out. `path` begins each problem;
    `mapping` is the document's word for a mapping. Raises DocumentInvalidError."""
    try:
        return _converted(value, kind)
    except msgspec.ValidationError as error:
        problems = tuple(_problems(_Part(value, kind, path), mapping))
        raise DocumentInvalidError(problems) from error


def _converted(value: Any, kind: type[Document]) -> Document:
    # As they are: a string is no day, though msgspec reads one from it where a format knows no days.
    return msgspec.convert(value, kind, builtin_types=(date, datetime))


def _problems(part: _Part, mapping: str) -> Iterator[str]:
    if _accepts(part.value, part.kind):
        return
    inner = [*_unknown_keys(part)]
    for each in _parts(part):
        inner.extend(_problems(each, mapping))
    if inner:
        yield from inner
    else:
        yield f"{part.path}: found {_shown(part.value)}, expected {_expected(part, mapping)}"


def _accepts(value: Any, kind: Any) -> bool:
    try:
        _converted(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _unknown_keys(part: _Part) -> Iterator[str]:
    kind = _bare(part.kind)
    if not (_is_struct(kind) and kind.__struct_config__.forbid_unknown_fields and isinstance(part.value, dict)):
        return
    known = sorted(field.encode_name for field in msgspec.structs.fields(kind))
    for key in part.value:
        if key not in known:
            close = difflib.get_close_matches(str(key), known, n=1)
            meant = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(known)}"
            yield f"{_joined(part.path, key)}: found an unknown key; {meant}"


def _parts(part: _Part) -> Iterator[_Part]:
    """What is directly inside of a value that has the outer shape of its type."""
    value, kind = part.value, _bare(part.kind)
    arguments = get_args(kind)
    if isinstance(value, dict):
        for key, inner in _kinds_of_keys(value, kind).items():
            yield _Part(value.get(key, MISSING), inner, _joined(part.path, key))
    elif isinstance(value, list) and get_origin(kind) in (list, tuple):
        for index, each in enumerate(value):
            yield _Part(each, arguments[0], f"{part.path}[{index}]")


def _kinds_of_keys(value: Mapping[Any, Any], kind: Any) -> dict[Any, Any]:
    """Key → the type of its value, for the keys that are there and those that must be."""
    if _is_struct(kind):
        fields = msgspec.structs.fields(kind)
        return {each.encode_name: each.type for each in fields if each.required or each.encode_name in value}
    if is_typeddict(kind):
        hints = get_type_hints(kind, include_extras=True)
        return {key: hint for key, hint in hints.items() if key in kind.__required_keys__ or key in value}
    return dict.fromkeys(value, get_args(kind)[1]) if _is_mapping(kind) else {}


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) in (dict, Mapping)


def _bare(kind: Any) -> Any:
    """Without what Annotated adds."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _joined(path: str, key: object) -> str:
    return f"{path}.{key}" if ": " in path else f"{path}: {key}"


def _shown(value: Any) -> str:
    return "nothing" if value is MISSING or (isinstance(value, str) and not value.strip()) else repr(value)


def _expected(part: _Part, mapping: str) -> str:
    """What a constraint means, where only that is not met; else the type."""
    bare = _bare(part.kind)
    constraints = get_args(part.kind)[1:] if bare is not part.kind else ()
    if part.value is MISSING or _accepts(part.value, bare):
        for each in constraints:
            if isinstance(each, msgspec.Meta) and each.extra and EXPECTED in each.extra:
                return str(each.extra[EXPECTED])
    return _name(bare, mapping)[0]


def _name(kind: Any, mapping: str) -> tuple[str, str]:
    """What one value of this type is called, and several."""
    bare = _bare(kind)
    if get_origin(bare) in (Union, UnionType):
        names = [_name(each, mapping) for each in get_args(bare) if each is not NoneType]
        return " or ".join(one for one, _ in names), " or ".join(several for _, several in names)
    if get_origin(bare) in (list, tuple):
        of = "" if get_args(bare)[0] is Any else f" of {_name(get_args(bare)[0], mapping)[1]}"
        return f"a list{of}", f"lists{of}"
    return NAMES.get(bare, (f"a {mapping}", f"{mapping}s"))
