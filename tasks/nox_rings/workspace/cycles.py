"""Members that need each other: an order without cycles, in which what is read stays watched.

An edge that its package manager calls development or optional orders nothing where it would close a cycle. Members of a
cycle that is left are built one after the other in the order of their folders, and each reads all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from nox_rings.engine.reach import components, reached
from nox_rings.workspace.model import Member
from nox_rings.workspace.visible import PassedOver

Edges = dict[str, set[str]]


def without_cycles(members: tuple[Member, ...]) -> tuple[tuple[Member, ...], tuple[PassedOver, ...]]:
    """The members with edges that form no cycle, and what there is to tell about the cycles. Edges of one ecosystem
    never lead to a member of another."""
    members = tuple(_without_itself(each) for each in members)
    changed: dict[tuple[str, str], Member] = {}
    remarks: list[PassedOver] = []
    for ecosystem in dict.fromkeys(each.ecosystem for each in members):
        own = {each.folder: each for each in members if each.ecosystem == ecosystem}
        edges = {folder: {*member.depends_on} & own.keys() for folder, member in own.items()}
        if _is_ordered(edges):
            continue
        for group in _components(edges):
            if len(group) > 1:
                changed |= {(each.folder, ecosystem): each for each in _ordered(own, edges, group)}
                remarks += _remarks(own, group)
    return tuple(changed.get((each.folder, each.ecosystem), each) for each in members), tuple(remarks)


def _without_itself(member: Member) -> Member:
    if member.folder not in member.depends_on:
        return member
    return replace(member, depends_on=tuple(each for each in member.depends_on if each != member.folder))


def _is_ordered(edges: Edges) -> bool:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError:
        return False
    return True


def _ordered(own: Mapping[str, Member], edges: Edges, group: Sequence[str]) -> Iterator[Member]:
    """The members of a cycle with the edges among them that order, and all that an edge without order leads to."""
    kept = _kept(own, group)
    for unit in _components(kept):
        if len(unit) > 1:  # a chain instead; what others of the unit need comes before its first
            needed = {other for each in unit for other in kept[each] | ({*own[each].depends_on} - {*group})}
            for before, each in zip([None, *unit], unit, strict=False):
                kept[each] = {before} if before else needed - {*unit}
    for folder in group:
        member = own[folder]
        lost = {*member.depends_on} & {*group} - kept[folder]
        reads = _reached(edges, lost) - {folder} if lost else set()
        order = ({*member.depends_on} - {*group}) | kept[folder]
        yield replace(member, depends_on=tuple(sorted(order)), reads=tuple(sorted({*member.reads, *reads})))


def _kept(own: Mapping[str, Member], group: Sequence[str]) -> Edges:
    """Without development edges that close a cycle: each is tried in turn."""
    inside = {*group}
    kept = {each: {*own[each].depends_on} & inside - {*own[each].development} for each in group}
    for each in group:
        for needed in sorted({*own[each].depends_on} & inside - kept[each]):
            if each not in _reached(kept, [needed]):
                kept[each].add(needed)
    return kept


def _remarks(own: Mapping[str, Member], group: Sequence[str]) -> Iterator[PassedOver]:
    hard = {each: {*own[each].depends_on} & {*group} - {*own[each].development} for each in group}
    for unit in _components(hard):
        if len(unit) > 1:
            reason = (
                f"{', '.join(unit)} need each other; they are built in this order, and an edit of one is one of all"
            )
            yield PassedOver(unit[0], reason, "break the cycle in their manifests")


def _reached(edges: Edges, starts: Iterable[str]) -> set[str]:
    return reached(starts, lambda each: edges.get(each, ()))


def _components(edges: Edges) -> list[list[str]]:
    """The strongly connected components, each sorted."""
    found = components(sorted(edges), lambda each: (other for other in sorted(edges[each]) if other in edges))
    return [sorted(component) for component in found]
