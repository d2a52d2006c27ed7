"""Targets for tests, from the text of their ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nox_rings.capabilities import CAPABILITIES
from nox_rings.engine.plan.targets import Inputs, Kind, Target, TargetId

KINDS = {kind.name: kind for capability in CAPABILITIES for kind in capability.kinds}
NO_INPUTS = Inputs()


def an_id(text: str) -> TargetId:
    kind, _, name = text.partition(":")
    return TargetId(kind, name)


def a_target(
    text: str,
    *,
    path: str = "",
    language: str = "",
    subject: object = None,
    inputs: Inputs = NO_INPUTS,
    outputs: tuple[str, ...] = (),
    dependencies: Sequence[str] = (),
    after: Sequence[str] = (),
    tools: Mapping[str, str] | None = None,
    recipe: str = "",
    repeat: str = "",
    environment: tuple[str, ...] = (),
    problems: tuple[str, ...] = (),
) -> Target:
    """Of a kind of nox-rings where the id names one, else of one in ring 1."""
    made = an_id(text)
    return Target(
        id=made,
        kind=KINDS.get(made.kind, Kind(name=made.kind, ring=1, rank=4)),
        path=path or text,
        language=language,
        subject=subject,
        inputs=inputs,
        outputs=outputs,
        dependencies=tuple(map(an_id, dependencies)),
        after=tuple(map(an_id, after)),
        tools=tools or {},
        recipe=recipe,
        repeat=repeat,
        environment=environment,
        problems=problems,
    )
