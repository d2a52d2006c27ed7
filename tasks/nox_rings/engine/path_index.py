"""Values by path, found from paths above and below without looking at all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Generic, TypeVar

from nox_rings.engine.paths import at_or_above

T = TypeVar("T")


class PathIndex(Generic[T]):
    """Paths are POSIX and relative to the workspace, `.` being its root. Answers come in the order of `entries`."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._values: dict[str, list[tuple[int, T]]] = {}
        for number, (path, value) in enumerate(entries):
            self._values.setdefault(path, []).append((number, value))
        self._paths = sorted(self._values)

    def at(self, path: str) -> list[T]:
        return [value for _, value in self._values.get(path, ())]

    def covering(self, path: str) -> list[T]:
        """Values at `path` or at a folder above it."""
        return _in_order(self._values.get(above, ()) for above in at_or_above(path))

    def below(self, path: str) -> list[T]:
        """Values at `path` or below it."""
        return _in_order(self._values[each] for each in self._paths_below(path))

    def touching(self, path: str) -> list[T]:
        """Values at `path`, above it or below it."""
        above = (self._values.get(each, ()) for each in at_or_above(path) if each != path)
        return _in_order(chain(above, (self._values[each] for each in self._paths_below(path))))

    def _paths_below(self, path: str) -> Iterator[str]:
        if path == ".":
            yield from self._paths
            return
        if path in self._values:
            yield path
        start = bisect_left(self._paths, f"{path}/")
        yield from self._paths[start : bisect_left(self._paths, f"{path}0")]  # "0" is the character after "/"


def _in_order(found: Iterable[Iterable[tuple[int, T]]]) -> list[T]:
    numbered = sorted(chain.from_iterable(found), key=lambda each: each[0])
    return [value for _, value in numbered]
