"""Which targets a change concerns: those that compare with something else than they would have at an earlier commit,
and what depends on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.reasons import Reason, ReasonKind, only_parts_changed, reason_to_run
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.plan.targets import Target

NEW = "new"
SAME = "same"


class Known(NamedTuple):
    """A target and what it compares, as far as git knows it: no outputs, no variables, nothing that git ignores."""

    target: Target
    facts: Facts


def find_affected(graph: Graph, now: Mapping[str, Facts], then: Mapping[str, Known]) -> dict[str, Reason]:
    """Id → why, in the order of a run. `now` has the facts of each target of the graph. As in a plan, a change of
    nothing but the lockfile of an installation concerns those whose part of it changed."""
    found: dict[str, Reason] = {}
    parted: set[str] = set()
    for target_id in graph.ordered(graph.targets):
        target = graph.targets[target_id]
        own = _own_reason(target, now[target_id], then.get(target_id))
        through = tuple(each for each in target.dependencies if each in found and each not in parted)
        if own.kind != ReasonKind.FRESH:
            found[target_id] = own
            if not through and target_id in then and _is_parted(target, now[target_id], then[target_id]):
                parted.add(target_id)
        elif through:
            found[target_id] = Reason(ReasonKind.DEPENDENCY, through)
    return found


def gone(graph: Graph, then: Mapping[str, Known]) -> tuple[str, ...]:
    """Targets that the earlier commit had."""
    return tuple(sorted(then.keys() - graph.targets.keys()))


def _own_reason(target: Target, now: Facts, then: Known | None) -> Reason:
    if then is None:
        return Reason(NEW)
    if target.problems == then.target.problems:
        target = replace(target, problems=())
    lost = tuple(each for each in then.target.dependencies if each not in target.dependencies)
    reason = reason_to_run(target, now, {target.id: _record(then), **_same(target)}, digest=lambda other: SAME)
    if reason.kind == ReasonKind.FRESH and lost:
        return Reason(ReasonKind.DEPENDENCY, lost)
    return reason


def _record(then: Known) -> Record:
    return Record(facts=then.facts, dependencies=dict.fromkeys(then.target.dependencies, SAME))


def _same(target: Target) -> dict[str, Record]:
    """That a dependency is there counts here; what became of it follows from its own comparison."""
    return dict.fromkeys(target.dependencies, Record(facts=Facts()))


def _is_parted(target: Target, now: Facts, then: Known) -> bool:
    return bool(target.parted) and only_parts_changed(target, now, _record(then))
