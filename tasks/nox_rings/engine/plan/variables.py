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
        elif _matches(name, wildcards) and not _matches(name, excepted):
            found[name] = False
    return found


def reaching_variables(patterns: Iterable[str], present: Iterable[str]) -> tuple[str, ...]:
    """Those of the variables that are `present` that tools read: the ones that count, and the excepted ones."""
    names, wildcards, excepted = _sorted_out(patterns)
    all_wildcards = (*wildcards, *excepted)
    return tuple(
        each
        for each in sorted(present)
        if each in names or f"{each}{NAMES_FILES}" in names or _matches(each, all_wildcards)
    )


Wildcards = tuple[tuple[str, ...], ...]


def _sorted_out(patterns: Iterable[str]) -> tuple[frozenset[str], Wildcards, Wildcards]:
    """Whole names, and what patterns and exceptions have between their `*`."""
    listed = tuple(patterns)
    names = frozenset(each for each in listed if "*" not in each and not each.startswith(EXCEPTED))
    wildcards = tuple(_parts(each) for each in listed if "*" in each and not each.startswith(EXCEPTED))
    excepted = tuple(_parts(each[len(EXCEPTED) :]) for each in listed if each.startswith(EXCEPTED))
    return names, wildcards, excepted


def _parts(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.casefold().split("*"))


def _matches(name: str, wildcards: Wildcards) -> bool:
    """By text alone: to compile an expression for each would cost a fresh answer more than all else here."""
    folded = name.casefold()
    return any(_fits(folded, parts) for parts in wildcards)


def _fits(name: str, parts: tuple[str, ...]) -> bool:
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
