"""Why a target would run: what differs, the chain that leads to it, what it is made of, what would make it fresh."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from nox_rings.engine.plan.changes import Change, changes_of
from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.plan import Plan, PlannedTarget
from nox_rings.engine.plan.reasons import Reason, ReasonKind
from nox_rings.engine.plan.records import VARIABLE, Facts, Record
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.reach import shortest_path


class Link(NamedTuple):
    """One step of the chain: a target, and why it would run."""

    id: str
    reason: Reason


class Inputs(NamedTuple):
    """What a target is made of: the number of files, parts of files by `FILE#PART`, versions by tool, names of the
    variables that are set, dependencies."""

    files: int
    parts: tuple[str, ...]
    tools: Mapping[str, str]
    variables: tuple[str, ...]
    dependencies: tuple[str, ...]


class Answer(NamedTuple):
    """`chain` starts with the target and ends with the one whose reason is no dependency; `changes` are those of the
    target, `cause` those of the last of the chain. `built` is False where nothing is known of an earlier success."""

    planned: PlannedTarget
    chain: tuple[Link, ...]
    changes: tuple[Change, ...]
    cause: tuple[Change, ...]
    inputs: Inputs
    built: bool
    remedy: str


def explain(plan: Plan, target_id: str, facts: Callable[[Target], Facts], records: Mapping[str, Record]) -> Answer:
    """`plan` has the target and all that it depends on; `facts` are asked for the ends of the chain alone."""
    by_id: dict[str, PlannedTarget] = {each.target.id: each for each in plan.targets}
    planned = by_id[target_id]
    chain = tuple(_chain(by_id, target_id))
    now, last = facts(planned.target), by_id[chain[-1].id]
    changes = _changes(planned.target, now, records)
    cause = changes if last is planned else _changes(last.target, facts(last.target), records)
    return Answer(
        planned=planned,
        chain=chain,
        changes=changes,
        cause=cause,
        inputs=_inputs(planned.target, now),
        built=target_id in records,
        remedy=_remedy(last, cause, target_id),
    )


def path_between(graph: Graph, one: str, other: str) -> tuple[str, ...]:
    """The shortest way by which the one depends on the other, or the other on the one; empty where neither does."""

    def needs(target_id: str) -> tuple[str, ...]:
        return graph.targets[target_id].dependencies

    return shortest_path(one, other, needs) or shortest_path(other, one, needs)


def _chain(by_id: Mapping[str, PlannedTarget], target_id: str) -> Iterator[Link]:
    seen = set[str]()
    while target_id not in seen:
        seen.add(target_id)
        reason = by_id[target_id].reason
        yield Link(target_id, reason)
        if reason.kind != ReasonKind.DEPENDENCY or not by_id[reason.detail[0]].runs:
            return
        target_id = reason.detail[0]


def _changes(target: Target, now: Facts, records: Mapping[str, Record]) -> tuple[Change, ...]:
    record = records.get(target.id)
    if record is None:
        return ()
    return changes_of(target, record, now, lambda other: records[other].digest if other in records else "")


def _inputs(target: Target, now: Facts) -> Inputs:
    parts = sorted(key for key in {*now.inputs, *now.extra} if "#" in key)
    return Inputs(
        files=sum("#" not in key for key in now.inputs),
        parts=tuple(parts),
        tools=dict(sorted(now.tools.items())),
        variables=tuple(sorted(key[1:] for key in now.extra if key.startswith(VARIABLE))),
        dependencies=target.dependencies,
    )


def _remedy(cause: PlannedTarget, changes: tuple[Change, ...], target_id: str) -> str:
    """What would make the target fresh, as one sentence."""
    run = f"nox -s rings -- {target_id}"
    match cause.reason.kind:
        case ReasonKind.FRESH:
            return ""
        case ReasonKind.INVALID:
            return f"mend what is wrong with {cause.target.id}, then {run}"
        case ReasonKind.INPUT_CHANGED | ReasonKind.TOOL_CHANGED | ReasonKind.ENVIRONMENT_CHANGED if changes:
            also = "" if len(changes) == 1 else " and the other changes"
            return f"{run}; or take back that of {changes[0].key}{also}"
    return run
