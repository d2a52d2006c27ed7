"""Which variables of the environment a target depends on, by patterns of their names.

A pattern is a name, or one with a `*`, which stands for any text and matches whatever the case of the letters is: there
are tools that read both. A name that begins with `!` makes no difference to what is made, though the tools read it: a
folder of a cache, a credential. A name that ends in `@` has paths of files as its value, and their content counts too.
A whole name counts whatever is excepted."""

from __future__ import annotations

from collections.abc import Iterable

NAMES_FILES = "@"
EXCEPTED = "!"


def counted_variables(patterns: Iterable[str], present: Iterable[str]) -> dict[str, bool]:
    """Those of the variables that are `present` that count, in order, and whether their values name files."""
    names, wildcards, excepted = _sorted_out(patterns)
    found: dict[str, bool] = {}
    for name in sorted(present):
        if name in names or f"{name}{NAMES_FILES}" in names:
            found[name] = name not in names
        elif wildcards.match(name) and not _any_fits(name, excepted):
            found[name] = False
    return found


def reaching_variables(patterns: Iterable[str], present: Iterable[str]) -> tuple[str, ...]:
    """Those of the variables that are `present` that tools read: the ones that count, and the excepted ones."""
    names, wildcards, excepted = _sorted_out(patterns)
    return tuple(
        each
        for each in sorted(present)
        if each in names or f"{each}{NAMES_FILES}" in names or wildcards.match(each) or _any_fits(each, excepted)
    )


class _Wildcards:
    """Patterns with a `*`. By text alone, and most by one comparison: this is on the way to every fresh answer, and to
    compile expressions would take longer than all else there."""

    def __init__(self, patterns: Iterable[str]) -> None:
        beginnings, ends, others = list[str](), list[str](), list[str]()
        for pattern in patterns:
            beginning, _, end = pattern.partition("*")
            if not end:
                beginnings.append(beginning.casefold())
            elif not beginning and "*" not in end:
                ends.append(end.casefold())
            else:
                others.append(pattern)
        self._beginnings, self._ends, self._others = tuple(beginnings), tuple(ends), tuple(others)

    def match(self, name: str) -> bool:
        folded = name.casefold()
        return folded.startswith(self._beginnings) or folded.endswith(self._ends) or _any_fits(name, self._others)


def _sorted_out(patterns: Iterable[str]) -> tuple[frozenset[str], _Wildcards, tuple[str, ...]]:
    """Whole names, patterns, and what is excepted."""
    listed = tuple(patterns)
    counting = [each for each in listed if each[:1] != EXCEPTED]
    names = frozenset(each for each in counting if "*" not in each)
    wildcards = _Wildcards(each for each in counting if "*" in each)
    return names, wildcards, tuple(each[1:] for each in listed if each[:1] == EXCEPTED)


def _any_fits(name: str, patterns: Iterable[str]) -> bool:
    folded = name.casefold()
    return any(_fits(folded, each.casefold().split("*")) for each in patterns)


def _fits(name: str, parts: list[str]) -> bool:
    if len(parts) == 1:
        return name == parts[0]
    first, *middle, last = parts
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last):
        return False
    at, end = len(first), len(name) - len(last)
    for part in middle:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
