"""The result of a run."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from nox_rings.engine.findings import Finding
    from nox_rings.engine.plan.reasons import Reason
    from nox_rings.engine.plan.targets import Target


class Outcome(StrEnum):
    FRESH = "fresh"
    DONE = "done"
    FAILED = "failed"
    NOT_RUN = "not-run"


class TargetResult(NamedTuple):
    """`error`, `repeat` and `output` are filled for a failure: the sentence, the command again, all it printed; or
    `findings`, where a check came to its end. `blocking`: what depends on the target was not checked. `observed`: it
    was made, and the findings are about what its commands did."""

    target: Target
    outcome: Outcome
    reason: Reason
    seconds: float = 0.0
    detail: Mapping[str, str] = MappingProxyType({})
    error: str = ""
    family: str = ""
    repeat: str = ""
    output: str = ""
    findings: tuple[Finding, ...] = ()
    blocking: bool = False
    observed: bool = False

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": self.target.id,
            "ring": self.target.ring,
            "outcome": str(self.outcome),
            "reason": str(self.reason.kind),
            "reason_detail": list(self.reason.detail),
            "seconds": round(self.seconds, 3),
            "detail": dict(self.detail),
        }
        if self.outcome is Outcome.FAILED:
            shown["error"] = {"family": self.family, "message": self.error, "repeat": self.repeat}
        return shown


class RunReport(NamedTuple):
    """`notes` are sentences about the run as a whole."""

    results: tuple[TargetResult, ...]
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[TargetResult, ...]:
        return tuple(result for result in self.results if result.outcome is Outcome.FAILED)

    @property
    def ok(self) -> bool:
        return all(result.outcome in (Outcome.FRESH, Outcome.DONE) for result in self.results)

    @property
    def findings(self) -> tuple[Finding, ...]:
        from nox_rings.engine.findings import ordered

        return ordered(finding for result in self.results for finding in result.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "seconds": round(self.seconds, 3),
            **({"notes": list(self.notes)} if self.notes else {}),
            "findings": [finding.as_json() for finding in self.findings],
            "targets": [result.as_json() for result in self.results],
        }
