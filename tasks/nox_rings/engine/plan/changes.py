"""Everything that differs between the last success of a target and now; a reason names the first of it alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from nox_rings.engine.plan.reasons import ReasonKind, differing
from nox_rings.engine.plan.records import VARIABLE, Facts, Record
from nox_rings.engine.plan.targets import Target

NOT_SHOWN = "not shown"


class Change(NamedTuple):
    """`kind` is one of ReasonKind or `NAME-changed` of a capability, `key` a path, tool, variable or target. `then` and
    `now` are content digests, versions or values; empty where there is nothing. Of a variable neither is shown."""

    kind: str
    key: str
    then: str
    now: str


def changes_of(target: Target, record: Record, now: Facts, digest: Callable[[str], str]) -> tuple[Change, ...]:
    """In the order of reasons. `digest` is that of the record of a dependency; empty where it has none."""
    return tuple(_changes(target, record, now, digest))


def _changes(target: Target, record: Record, now: Facts, digest: Callable[[str], str]) -> Iterator[Change]:
    then = record.facts
    yield from _differing(ReasonKind.TOOL_CHANGED, then.tools, now.tools)
    yield from _differing(ReasonKind.COMMAND_CHANGED, {target.id: then.recipe}, {target.id: now.recipe})
    for each in _differing("", then.extra, now.extra):
        if each.key.startswith(VARIABLE):
            yield Change(ReasonKind.ENVIRONMENT_CHANGED, each.key[1:], _hidden(each.then), _hidden(each.now))
        else:
            kind = ReasonKind.INPUT_CHANGED if "#" in each.key else f"{each.key}-changed"
            yield each._replace(kind=kind)
    for each in _differing(ReasonKind.INPUT_CHANGED, then.inputs, now.inputs):
        if each.key not in target.inputs.unreadable:
            yield each
    yield from _differing(
        ReasonKind.DEPENDENCY,
        {other: record.dependencies.get(other, "") for other in target.dependencies},
        {other: digest(other) for other in target.dependencies},
    )
    for each in _differing("", then.outputs, now.outputs):
        yield each._replace(kind=_of_output(each))
    seen = then.signs.keys() & {*target.signs}
    for each in _differing(
        "", {sign: then.signs[sign] for sign in seen}, {sign: now.signs.get(sign, "") for sign in seen}
    ):
        yield each._replace(kind=_of_output(each))


def _of_output(change: Change) -> str:
    if not change.now:
        return ReasonKind.OUTPUT_MISSING
    return ReasonKind.OUTPUT_EDITED if change.then else ReasonKind.OUTPUT_STRAY


def _hidden(digest: str) -> str:
    """It is of a value that may be short, or a secret."""
    return NOT_SHOWN if digest else ""


def _differing(kind: str, then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    return (Change(kind, key, then.get(key, ""), now.get(key, "")) for key in differing(then, now))
