"""What can be reached in a graph of any values."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from nox_rings.engine.plan.records import digest_of

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


def shortest_path(start: Place, end: Place, leads_to: Callable[[Place], Iterable[Place]]) -> tuple[Place, ...]:
    """From `start` to `end`, both included; of several equally short ones that of the first ways. Empty where there is
    none."""
    before: dict[Place, Place | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in before:
        place = waiting.popleft()
        for each in leads_to(place):
            if each not in before:
                before[each] = place
                waiting.append(each)
    path: list[Place] = []
    at = end if end in before else None
    while at is not None:
        path.append(at)
        at = before[at]
    return tuple(reversed(path))


def digests_of_reached(own: Mapping[Place, str], leads_to: Callable[[Place], Iterable[Place]]) -> dict[Place, str]:
    """For each place a digest of its `own` text and of those of all places that can be reached from it, with the ways
    between them. Grows with the number of ways, not with what each place reaches: the places of a cycle, which reach
    the same, are taken together."""
    found: dict[Place, str] = {}
    for cycle in components(own, leads_to):
        if len(cycle) == 1:
            (place,) = cycle
            found[place] = digest_of(own[place], *sorted(found[each] for each in leads_to(place) if each != place))
            continue
        inside = frozenset(cycle)
        ways = [(place, each) for place in cycle for each in leads_to(place)]
        within = sorted(f"{own[place]}>{own[each]}" for place, each in ways if each in inside)
        beyond = sorted(f"{own[place]}:{found[each]}" for place, each in ways if each not in inside)
        shared = digest_of(*sorted(own[place] for place in cycle), "|", *within, "|", *beyond)
        found.update((place, digest_of(own[place], shared)) for place in cycle)
    return found


def components(places: Iterable[Place], leads_to: Callable[[Place], Iterable[Place]]) -> Iterator[list[Place]]:
    """Places that reach each other, a place alone where there is none, each after those that it leads to: Tarjan's
    strongly connected components, without recursion."""
    number: dict[Place, int] = {}
    lowest: dict[Place, int] = {}
    open_places: list[Place] = []
    is_open: set[Place] = set()
    for start in places:
        path = [(start, iter(leads_to(start)))] if start not in number else []
        while path:
            place, ways = path[-1]
            if place not in number:
                number[place] = lowest[place] = len(number)
                open_places.append(place)
                is_open.add(place)
            following = next((each for each in ways if each not in number or each in is_open), None)
            if following is not None and following not in number:
                path.append((following, iter(leads_to(following))))
            elif following is not None:
                lowest[place] = min(lowest[place], number[following])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[place])
                if lowest[place] == number[place]:
                    yield _closed(place, open_places, is_open)


def _closed(place: Place, open_places: list[Place], is_open: set[Place]) -> list[Place]:
    cycle: list[Place] = []
    while not cycle or cycle[-1] != place:
        cycle.append(open_places.pop())
        is_open.remove(cycle[-1])
    return cycle
