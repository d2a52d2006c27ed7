"""Why a target runs: the first difference between its last success and now. Unknown means: run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from nox_rings.engine.plan.records import UNREADABLE, VARIABLE, Facts, Record
from nox_rings.engine.plan.targets import Target


class ReasonKind(StrEnum):
    """Those the engine knows. A changed fact of a capability is `NAME-changed`."""

    FRESH = "fresh"
    FORCED = "forced"
    INVALID = "invalid"
    NEVER_BUILT = "never-built"
    UNFINISHED = "unfinished"
    DEPENDENCY = "dependency"
    TOOL_CHANGED = "tool-changed"
    COMMAND_CHANGED = "command-changed"
    ENVIRONMENT_CHANGED = "environment-changed"
    INPUT_CHANGED = "input-changed"
    OUTPUT_MISSING = "output-missing"
    OUTPUT_EDITED = "output-edited"
    OUTPUT_STRAY = "output-stray"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a target runs, or that it is fresh. `detail` names the files, targets, tools or values."""

    kind: str
    detail: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.detail:
            return self.kind
        more = f" (+{len(self.detail) - 1} more)" if len(self.detail) > 1 else ""
        return f"{self.kind}: {self.detail[0]}{more}"


FRESH = Reason(ReasonKind.FRESH)


def reason_to_run(
    target: Target,
    now: Facts,
    records: Mapping[str, Record],
    *,
    waits_for: tuple[str, ...] = (),
    digest: Callable[[str], str] | None = None,
) -> Reason:
    """Compare `now` with the last success. `waits_for` are dependencies that will run; `digest` is that of a record, by
    id, where it is known already. An input that cannot be read is a problem of its target: it has no digest that was
    recorded, so what is fresh has none."""
    reason = _reason(target, now, records, waits_for, digest or (lambda other: records[other].digest))
    if reason.kind == ReasonKind.FRESH or target.problems:
        return reason
    unreadable = tuple(_unreadable(target, now))
    return Reason(ReasonKind.INVALID, unreadable) if unreadable else reason


def _unreadable(target: Target, now: Facts) -> Iterator[str]:
    for path, digest in now.inputs.items():
        if digest.startswith(UNREADABLE) and path not in target.inputs.unreadable:
            yield f"{path}: cannot be read ({digest.partition(':')[2]}), and {target.id} needs it"


def _reason(
    target: Target,
    now: Facts,
    records: Mapping[str, Record],
    waits_for: tuple[str, ...],
    digest: Callable[[str], str],
) -> Reason:
    if target.problems:
        return Reason(ReasonKind.INVALID, target.problems)
    record = records.get(target.id)
    if record is None:
        return Reason(ReasonKind.NEVER_BUILT)
    if not record.finished:
        return Reason(ReasonKind.UNFINISHED)
    if waits_for:
        return Reason(ReasonKind.DEPENDENCY, waits_for)
    changed = _changed_dependencies(target, record, records, digest)
    found = _differences(target, record.facts, now, changed)
    return next((Reason(kind, detail) for kind, detail in found if detail), FRESH)


def only_parts_changed(target: Target, now: Facts, record: Record | None) -> bool:
    """Whether what differs from the last success are `parted` files and nothing else."""
    if record is None or not record.finished or target.problems:
        return False
    found = [(kind, detail) for kind, detail in _differences(target, record.facts, now, ()) if detail]
    return all(kind == ReasonKind.INPUT_CHANGED and {*detail} <= {*target.parted} for kind, detail in found)


def _differences(
    target: Target, then: Facts, now: Facts, dependencies: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """In the order in which they explain each other: a changed tool before the files it will change."""
    yield ReasonKind.TOOL_CHANGED, _changed_values(then.tools, now.tools)
    yield ReasonKind.COMMAND_CHANGED, (target.id,) if then.recipe != now.recipe else ()
    extra = differing(then.extra, now.extra)
    yield ReasonKind.ENVIRONMENT_CHANGED, tuple(each[1:] for each in extra if each.startswith(VARIABLE))
    for name in (each for each in extra if not each.startswith(VARIABLE)):
        if "#" in name:
            yield ReasonKind.INPUT_CHANGED, (name,)
            continue
        yield f"{name}-changed", (f"{then.extra.get(name, '')}→{now.extra.get(name, '')}",)
    changed = differing(then.inputs, now.inputs)
    yield ReasonKind.INPUT_CHANGED, tuple(path for path in changed if path not in target.inputs.unreadable)
    yield ReasonKind.DEPENDENCY, dependencies
    signs = [sign for sign in target.signs if then.signs.get(sign) != now.signs.get(sign) and sign in then.signs]
    missing = (sign for sign in signs if sign not in now.signs)
    yield ReasonKind.OUTPUT_MISSING, (*sorted(then.outputs.keys() - now.outputs.keys()), *missing)
    edited = [path for path in now.outputs if then.outputs.get(path, now.outputs[path]) != now.outputs[path]]
    edited += [sign for sign in signs if sign in now.signs]
    yield ReasonKind.OUTPUT_EDITED, tuple(sorted(edited))
    yield ReasonKind.OUTPUT_STRAY, tuple(sorted(now.outputs.keys() - then.outputs.keys()))


def _changed_values(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name} {then.get(name, 'none')}→{now.get(name, 'none')}" for name in differing(then, now))


def differing(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Keys, sorted."""
    if then == now:
        return ()
    return tuple(sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key)))


def _changed_dependencies(
    target: Target, record: Record, records: Mapping[str, Record], digest: Callable[[str], str]
) -> tuple[str, ...]:
    return tuple(
        other
        for other in target.dependencies
        if other not in records or record.dependencies.get(other) != digest(other)
    )
