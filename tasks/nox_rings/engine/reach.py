"""What can be reached in a graph of any values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Place = TypeVar("Place", bound=Hashable)


def reached(starts: Iterable[Place], leads_to: Callable[[Place], Iterable[Place]]) -> set[Place]:
    """`starts`, and everything that they lead to, directly or through others. Each is asked once."""
    found: set[Place] = set()
    waiting = [*starts]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(leads_to(each))
    return found
