"""Which targets must run, in which order, and why. Freshness is by content, never by time."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from nox_rings.engine.errors import NoxRingsError
from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.reasons import Reason, ReasonKind, only_parts_changed, reason_to_run
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.plan.targets import Target

NO_REFUSALS: Mapping[str, NoxRingsError] = {}


class Purpose(StrEnum):
    """What a run is for: to make what is stale; to check that nothing would change, writing nothing; or to make it
    after fixing what a tool can fix."""

    MAKE = "make"
    CHECK = "check"
    FIX = "fix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a run is wanted for. `against` is a commit to compare with, instead of those that history suggests;
    `allow_shallow`: versions may count from what this clone has of history, though it is not all."""

    purpose: Purpose = Purpose.MAKE
    against: str = ""
    allow_shallow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTarget:
    """`again`: fresh as far as can be said before a dependency has run, and compared again then. `refusal`: why it
    cannot be made now, though nothing is wrong with what it is made of."""

    target: Target
    reason: Reason
    again: bool = False
    refusal: NoxRingsError | None = None

    @property
    def runs(self) -> bool:
        return self.reason.kind != ReasonKind.FRESH


@dataclass(frozen=True, slots=True)
class Plan:
    """The chosen targets in order."""

    targets: tuple[PlannedTarget, ...]

    @property
    def stale(self) -> tuple[PlannedTarget, ...]:
        return tuple(planned for planned in self.targets if planned.runs)

    @property
    def fresh(self) -> tuple[PlannedTarget, ...]:
        return tuple(planned for planned in self.targets if not planned.runs)


def plan_targets(
    graph: Graph,
    selected: Collection[str],
    *,
    facts: Mapping[str, Facts],
    records: Mapping[str, Record],
    forced: Collection[str] = (),
    refusals: Mapping[str, NoxRingsError] = NO_REFUSALS,
) -> Plan:
    """The plan for `selected` and everything they depend on. A target whose dependency runs is planned to run too,
    unless only what is `parted` changed there; when its turn comes it is compared again, and is fresh after all where
    the dependency came out as it was. `refusals` are errors by the ids of targets that cannot be made now."""
    digests: dict[str, str] = {}  # many targets depend on one, and the digest covers all of its files

    def digest(target_id: str) -> str:
        if target_id not in digests:
            digests[target_id] = records[target_id].digest
        return digests[target_id]

    reasons: dict[str, Reason] = {}
    parted: set[str] = set()  # those that run and make no dependent wait
    again: set[str] = set()
    for target_id in graph.ordered(graph.closure(selected)):
        target = graph.targets[target_id]
        if target_id in refusals and not target.problems:
            reasons[target_id] = Reason(ReasonKind.INVALID, (refusals[target_id].message,))
            continue
        if target_id in forced and not target.problems:
            reasons[target_id] = Reason(ReasonKind.FORCED)
            continue
        running = [other for other in target.dependencies if reasons[other].kind != ReasonKind.FRESH]
        waits_for = tuple(other for other in running if other not in parted)
        reason = reason_to_run(target, facts[target_id], records, waits_for=waits_for, digest=digest)
        reasons[target_id] = reason
        if reason.kind == ReasonKind.FRESH:
            again |= {target_id} if running or not again.isdisjoint(target.dependencies) else set()
        elif target.parted and not running and only_parts_changed(target, facts[target_id], records.get(target_id)):
            parted.add(target_id)
    return Plan(
        tuple(
            PlannedTarget(target=graph.targets[each], reason=reason, again=each in again, refusal=refusals.get(each))
            for each, reason in reasons.items()
        )
    )


def affected_by(graph: Graph, ids: Iterable[str]) -> frozenset[str]:
    """The given targets and everything that depends on them."""
    dependents: dict[str, list[str]] = {}
    for target in graph.targets.values():
        for needed in target.dependencies:
            dependents.setdefault(needed, []).append(target.id)
    found = set(ids)
    waiting = deque(found)
    while waiting:
        more = [each for each in dependents.get(waiting.popleft(), ()) if each not in found]
        found.update(more)
        waiting.extend(more)
    return frozenset(found)
