"""Ranges of versions as node-semver reads them (https://github.com/npm/node-semver#ranges)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

VERSION = re.compile(r"[v=\s]*(\d+)\.(\d+)\.(\d+)(?:-?([0-9A-Za-z-][0-9A-Za-z.-]*))?(?:\+[0-9A-Za-z.-]*)?")
PARTIAL = r"v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?"
COMPARATOR = re.compile(rf"(>=|<=|>|<|=|\^|~>?)?\s*{PARTIAL}")
HYPHENED = re.compile(rf"\s*{PARTIAL}\s+-\s+{PARTIAL}\s*")
Key = tuple[int, int, int, tuple[object, ...]]
# Behind every identifier of a pre-release.
FINAL: tuple[object, ...] = ((2,),)


@dataclass(frozen=True, slots=True)
class _Bound:
    operator: str
    key: Key
    names_prerelease: bool = False

    def admits(self, key: Key) -> bool:
        if self.operator == "=":
            return key == self.key
        if self.operator.startswith(">"):
            return key > self.key or (self.operator == ">=" and key == self.key)
        return key < self.key or (self.operator == "<=" and key == self.key)


def is_range(text: str) -> bool:
    """Whether it is one, and not the name of a tag, an address or a path."""
    return _alternatives(text) is not None


def satisfies(version: str, text: str) -> bool:
    """A pre-release satisfies only a range that names one of the same version."""
    found, alternatives = VERSION.fullmatch(version.strip()), _alternatives(text)
    if not found or alternatives is None:
        return False
    key = _key(found[1], found[2], found[3], found[4])
    for bounds in alternatives:
        same = any(each.names_prerelease and each.key[:3] == key[:3] for each in bounds)
        if (key[3] == FINAL or same) and all(each.admits(key) for each in bounds):
            return True
    return False


@lru_cache(maxsize=4096)
def _alternatives(text: str) -> tuple[tuple[_Bound, ...], ...] | None:
    found = []
    for each in text.split("||"):
        if (bounds := _bounds(each.strip())) is None:
            return None
        found.append(bounds)
    return tuple(found)


def _bounds(text: str) -> tuple[_Bound, ...] | None:
    if hyphened := HYPHENED.fullmatch(text):
        low, high = hyphened.groups()[:4], hyphened.groups()[4:]
        return (*_simple(">=", *low), *_simple("<=", *high))
    found: list[_Bound] = []
    at = 0
    while at < len(text):
        comparator = COMPARATOR.match(text, at)
        if not comparator or (comparator.end() < len(text) and not text[comparator.end()].isspace()):
            return None
        found.extend(_simple(comparator[1] or "", *comparator.groups()[1:]))
        at = comparator.end() + len(text[comparator.end() :]) - len(text[comparator.end() :].lstrip())
    return tuple(found)


def _simple(
    operator: str, major: str | None, minor: str | None, patch: str | None, pre: str | None
) -> Iterator[_Bound]:
    """The bounds of one comparator; a part that is missing or `x` is any."""
    parts = [each for each in (major, minor, patch) if each is not None]
    known = next((index for index, each in enumerate(parts) if each in "xX*"), len(parts))
    if known < 3:
        pre = None
    first, second, third = (parts[index] if index < known else "0" for index in range(3))
    low = _key(first, second, third, pre)
    named = pre is not None
    if operator in ("^", "~", "~>"):
        if known:
            yield _Bound(">=", low, named)
            yield _Bound("<", _raised(low, _fixed(operator, low, known)))
    elif operator in ("", "="):
        if known == 3:
            yield _Bound("=", low, named)
        elif known:
            yield _Bound(">=", low)
            yield _Bound("<", _raised(low, known))
    elif known == 3:
        yield _Bound(operator, low, named)
    elif operator in (">", "<="):
        if known:
            yield _Bound(">=" if operator == ">" else "<", _raised(low, known))
        elif operator == ">":
            yield _Bound("<", _lowest(0, 0, 0))
    else:
        yield _Bound(operator, low if operator == ">=" else _lowest(*low[:3]))


def _fixed(operator: str, low: Key, known: int) -> int:
    """How many numbers of the version stay."""
    if operator != "^":
        return min(known, 2)
    leading = next((index for index in range(known) if low[index]), known - 1)
    return leading + 1


def _raised(low: Key, fixed: int) -> Key:
    numbers = [number if index < fixed else 0 for index, number in enumerate(low[:3])]
    numbers[fixed - 1] += 1
    return _lowest(*numbers)


def _lowest(major: int, minor: int, patch: int) -> Key:
    """Below each of its pre-releases."""
    return (major, minor, patch, ())


def _key(major: str, minor: str, patch: str, pre: str | None) -> Key:
    if pre is None:
        return (int(major), int(minor), int(patch), FINAL)
    identifiers = ((0, int(each)) if each.isdigit() else (1, each) for each in pre.split("."))
    return (int(major), int(minor), int(patch), tuple(identifiers))
