"""What a parsed descriptor must look like where we read it: a type, `[shape]` for a list, `{"key": shape}` for keys
that may be there, `{"*": shape}` for every value of a mapping. Keys that are not named are not our business."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NAMES: dict[type, str] = {str: "a string", dict: "a mapping", list: "a list"}


def shape_problems(value: Any, shape: Any, place: str) -> Iterator[str]:
    """A sentence for each value that is not as expected, with the place it stands at."""
    expected = shape if isinstance(shape, type) else type(shape)
    if not isinstance(value, expected):
        yield f"{place}: found {value!r}, expected {NAMES[expected]}"
    elif isinstance(value, list) and isinstance(shape, list):
        for index, each in enumerate(value):
            yield from shape_problems(each, shape[0], f"{place}[{index}]")
    elif isinstance(value, dict) and isinstance(shape, dict):
        for key, each in value.items():
            inner = shape.get(key, shape.get("*"))
            if inner is not None and each is not None:  # a key without a value is as good as none
                yield from shape_problems(each, inner, f"{place}: {key}" if ": " not in place else f"{place}.{key}")
