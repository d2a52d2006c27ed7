"""Watching what the commands of a target do with files. Who watches, and by which program, the engine does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from nox_rings.engine.run.steps import FindingsError

if TYPE_CHECKING:
    from nox_rings.engine.findings import Finding
    from nox_rings.engine.plan.records import Facts
    from nox_rings.engine.plan.targets import Target
    from nox_rings.engine.process.runner import Runner


class Observation(Protocol):
    """Of one target that is carried out. Its steps use `runner`; `findings` are asked for when all of them, and the
    servers beside them, have ended."""

    @property
    def runner(self) -> Runner: ...

    def findings(self) -> tuple[Finding, ...]: ...


# From a target and the facts before its first step.
Observe = Callable[["Target", "Facts"], Observation]


class ObservedError(FindingsError):
    """What was seen of a target that was made: those that depend on it can be made, and watched, too."""
