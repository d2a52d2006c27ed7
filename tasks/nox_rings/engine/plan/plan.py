"""Which targets must run, in which order, and why. Freshness is by content, never by time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from nox_rings.engine.plan.targets import Graph, Target


class Purpose(StrEnum):
    """What a run is for: to make what is stale; to check that nothing would change, writing nothing; or to make it
    after putting right what a tool can put right."""

    MAKE = "make"
    CHECK = "check"
    FIX = "fix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a run is wanted for; `against` is a commit to compare the schema with, instead of those that history
    suggests."""

    purpose: Purpose = Purpose.MAKE
    against: str = ""


class ReasonKind(StrEnum):
    FRESH = "fresh"
    FORCED = "forced"
    NEVER_BUILT = "never-built"
    UNFINISHED = "unfinished"
    DEPENDENCY = "dependency"
    TOOL_CHANGED = "tool-changed"
    COMMAND_CHANGED = "command-changed"
    VERSION_CHANGED = "version-changed"
    BASELINE_CHANGED = "baseline-changed"
    INPUT_CHANGED = "input-changed"
    OUTPUT_MISSING = "output-missing"
    OUTPUT_EDITED = "output-edited"
    OUTPUT_STRAY = "output-stray"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a target runs, or that it is fresh. `detail` names the files, target, tool or versions."""

    kind: ReasonKind
    detail: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.detail:
            return str(self.kind)
        more = f" (+{len(self.detail) - 1} more)" if len(self.detail) > 1 else ""
        return f"{self.kind}: {self.detail[0]}{more}"


FRESH = Reason(ReasonKind.FRESH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is there now, for one target. Digests are content digests by path; `tools` are versions by name; `baseline`
    is the earlier state that a schema is compared with."""

    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    commands: str = ""
    version: str = ""
    baseline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was there when the target last succeeded. `detail` is what it made: digests, versions, printed words."""

    facts: Facts
    dependencies: Mapping[str, str] = field(default_factory=dict)
    finished: bool = True
    seconds: float = 0.0
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What dependents are compared by: the content of the outputs, or of everything read where nothing is kept."""
        content = self.facts.outputs or {**self.facts.inputs, **self.dependencies}
        return digest_of(*(f"{path}={digest}" for path, digest in sorted(content.items())), self.facts.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTarget:
    target: Target
    reason: Reason

    @property
    def runs(self) -> bool:
        return self.reason.kind is not ReasonKind.FRESH


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
) -> Plan:
    """The plan for `selected` and everything they depend on; a target whose dependency runs is planned to run too
    (when its turn comes it is compared again, and passed over where the dependency came out as it was)."""
    reasons: dict[str, Reason] = {}
    for target_id in graph.ordered(graph.closure(selected)):
        target = graph.targets[target_id]
        if target_id in forced:
            reasons[target_id] = Reason(ReasonKind.FORCED)
            continue
        waits_for = tuple(other for other in target.dependencies if reasons[other].kind is not ReasonKind.FRESH)
        reasons[target_id] = reason_to_run(target, facts[target_id], records, waits_for=waits_for)
    return Plan(tuple(PlannedTarget(target=graph.targets[each], reason=reason) for each, reason in reasons.items()))


def reason_to_run(
    target: Target, now: Facts, records: Mapping[str, Record], *, waits_for: tuple[str, ...] = ()
) -> Reason:
    """Compare `now` with the last success. Unknown means: run."""
    record = records.get(target.id)
    if record is None:
        return Reason(ReasonKind.NEVER_BUILT)
    if not record.finished:
        return Reason(ReasonKind.UNFINISHED)
    if waits_for:
        return Reason(ReasonKind.DEPENDENCY, waits_for)
    then = record.facts
    checks = (
        (ReasonKind.TOOL_CHANGED, _changed_values(then.tools, now.tools)),
        (ReasonKind.COMMAND_CHANGED, (target.id,) if then.commands != now.commands else ()),
        (ReasonKind.VERSION_CHANGED, (f"{then.version}→{now.version}",) if then.version != now.version else ()),
        (ReasonKind.BASELINE_CHANGED, (f"{then.baseline}→{now.baseline}",) if then.baseline != now.baseline else ()),
        (ReasonKind.INPUT_CHANGED, _differing(then.inputs, now.inputs)),
        (ReasonKind.DEPENDENCY, _changed_dependencies(target, record, records)),
        (ReasonKind.OUTPUT_MISSING, tuple(sorted(then.outputs.keys() - now.outputs.keys()))),
        (
            ReasonKind.OUTPUT_EDITED,
            tuple(
                path for path in sorted(now.outputs) if then.outputs.get(path, now.outputs[path]) != now.outputs[path]
            ),
        ),
        (ReasonKind.OUTPUT_STRAY, tuple(sorted(now.outputs.keys() - then.outputs.keys()))),
    )
    return next((Reason(kind, detail) for kind, detail in checks if detail), FRESH)


def digest_of(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(errors="surrogateescape"), digest_size=16).hexdigest()


def _changed_values(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name} {then.get(name, 'none')}→{now.get(name, 'none')}" for name in _differing(then, now))


def _differing(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    if then == now:
        return ()
    return tuple(sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key)))


def _changed_dependencies(target: Target, record: Record, records: Mapping[str, Record]) -> tuple[str, ...]:
    return tuple(
        other
        for other in target.dependencies
        if other not in records or record.dependencies.get(other) != records[other].digest
    )


def affected_by(graph: Graph, ids: Iterable[str]) -> frozenset[str]:
    """The given targets and everything that depends on them."""
    found = set(ids)
    grown = True
    while grown:
        more = {target.id for target in graph.targets.values() if found & set(target.dependencies)} - found
        grown = bool(more)
        found |= more
    return frozenset(found)
