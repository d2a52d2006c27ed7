"""What operators and functions of HCL make of values, as far as bake files need them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class HclError(ValueError):
    """Text that is no HCL of the kind that is read here, or a value that only bake itself knows: a reason."""


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        raise HclError("a list or an object stands in a text")
    return "" if value is None else str(value)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "join": lambda separator, *lists: separator.join(as_text(each) for some in lists for each in some),
    "concat": lambda *lists: [each for some in lists for each in some],
    "merge": lambda *objects: {key: value for some in objects for key, value in some.items()},
    "lower": lambda text: as_text(text).lower(),
    "upper": lambda text: as_text(text).upper(),
    "trimspace": lambda text: as_text(text).strip(),
    "trimprefix": lambda text, prefix: as_text(text).removeprefix(prefix),
    "trimsuffix": lambda text, suffix: as_text(text).removesuffix(suffix),
    "replace": lambda text, old, new: as_text(text).replace(old, new),
    "split": lambda separator, text: as_text(text).split(separator),
    "coalesce": lambda *values: next((each for each in values if each not in (None, "")), ""),
    "equal": lambda one, other: one == other,
    "notequal": lambda one, other: one != other,
    "and": lambda one, other: one and other,
    "or": lambda one, other: one or other,
    "not": lambda value: not value,
    "compact": lambda some: [each for each in some if each],
}
COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "||": lambda one, other: bool(one) or bool(other),
    "&&": lambda one, other: bool(one) and bool(other),
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
    "%": lambda one, other: one % other,
}
