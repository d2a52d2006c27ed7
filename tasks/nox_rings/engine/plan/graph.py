"""The graph of targets, validated as a whole. Nothing here grows faster than n log n."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from nox_rings.engine.paths import at_or_above
from nox_rings.engine.plan.targets import Kind, Target, TargetId
from nox_rings.engine.reach import reached


@dataclass(frozen=True, slots=True)
class Graph:
    targets: Mapping[str, Target]

    def closure(self, selected: Iterable[str]) -> frozenset[str]:
        """The selected ids and everything they depend on."""
        return frozenset(reached(selected, lambda target_id: self.targets[target_id].dependencies))

    def ordered(self, ids: Collection[str]) -> tuple[str, ...]:
        """`ids` so that each comes after what it needs; otherwise by ring, kind and name, the same on every machine."""
        sorter: TopologicalSorter[str] = TopologicalSorter(self.predecessors(ids))
        sorter.prepare()
        order: list[str] = []
        ready: list[tuple[int, int, str]] = []
        while sorter.is_active():
            for target_id in sorter.get_ready():
                heapq.heappush(ready, self.targets[target_id].rank)
            order.append(heapq.heappop(ready)[-1])
            sorter.done(order[-1])
        return tuple(order)

    def predecessors(self, ids: Collection[str]) -> dict[str, list[str]]:
        chosen = frozenset(ids)
        return {
            target_id: [
                other
                for other in (*self.targets[target_id].dependencies, *self.targets[target_id].after)
                if other in chosen
            ]
            for target_id in chosen
        }

    def of_kind(self, *kinds: Kind) -> tuple[TargetId, ...]:
        names = {kind.name for kind in kinds}
        found = [target for target in self.targets.values() if target.kind.name in names]
        return tuple(target.id for target in sorted(found, key=lambda each: each.rank))


def graph_of(targets: Iterable[Target]) -> tuple[Graph, tuple[str, ...]]:
    """The graph, and what makes it meaningless: an id twice, an unknown dependency, a cycle. Of two writers of one
    path the later cannot be made."""
    listed = tuple(targets)
    by_id: dict[str, Target] = {}
    problems: list[str] = []
    for target in listed:
        if target.id in by_id:
            problems.append(f"{target.path}: target {target.id} is also made from {by_id[target.id].path}")
        by_id.setdefault(target.id, target)
    for target in listed:
        problems.extend(
            f"{target.path}: {target.id} depends on {other}, which no file of this workspace describes"
            for other in target.dependencies
            if other not in by_id
        )
    for target_id, problem in _shared_outputs(listed):
        target = by_id[target_id]
        by_id[target_id] = replace(target, problems=(*target.problems, problem))
    problems.extend(_cycles(by_id))
    return Graph(by_id), tuple(problems)


def _shared_outputs(targets: tuple[Target, ...]) -> Iterator[tuple[TargetId, str]]:
    """Of each pair the id of the later one and the problem, in the order of the targets. Two that list what is their
    own may share a folder."""
    claims = [(output, target) for target in targets for output in target.outputs]
    at: dict[str, list[int]] = {}
    for index, (output, _) in enumerate(claims):
        at.setdefault(output, []).append(index)
    pairs = {
        (min(index, other), max(index, other))
        for index, (output, target) in enumerate(claims)
        for above in at_or_above(output)
        for other in at.get(above, ())
        if claims[other][1].id != target.id and not (target.listing and claims[other][1].listing)
    }
    for earlier, later in sorted(pairs):
        (_, first), (output, second) = claims[earlier], claims[later]
        yield second.id, f"{second.path}: {second.id} writes {output}, which {first.id} ({first.path}) writes too"


def _cycles(targets: Mapping[str, Target]) -> Iterator[str]:
    try:
        TopologicalSorter({target.id: target.dependencies for target in targets.values()}).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        paths = ", ".join(sorted({targets[target_id].path for target_id in ring}))
        yield f"{paths}: dependency cycle {' → '.join(reversed(ring))}; expected none"
