from __future__ import annotations

from nox_rings.engine.plan.reasons import Reason, ReasonKind
from nox_rings.engine.run.report import Outcome, RunReport, TargetResult
from unit.targets import a_target

SDK = a_target("sdk:ts", path="packages/ts")
BUILT = TargetResult(
    target=SDK,
    outcome=Outcome.DONE,
    reason=Reason(ReasonKind.INPUT_CHANGED, ("a.ts", "b.ts")),
    seconds=1.23456,
    detail={"version": "1.0.0"},
)
FRESH = TargetResult(target=SDK, outcome=Outcome.FRESH, reason=Reason(ReasonKind.FRESH))
FAILED = TargetResult(
    target=SDK,
    outcome=Outcome.FAILED,
    reason=Reason(ReasonKind.NEVER_BUILT),
    error="tsc ended with exit code 2",
    family="command",
    repeat="cd packages/ts && tsc",
    output="a.ts:1: no",
)
NOT_RUN = TargetResult(target=SDK, outcome=Outcome.NOT_RUN, reason=Reason(ReasonKind.NEVER_BUILT))


def test_a_run_is_good_when_everything_is_fresh_or_done() -> None:
    assert RunReport((BUILT, FRESH), 1.0).ok
    assert RunReport((), 0.0).ok
    assert not RunReport((BUILT, FAILED), 1.0).ok
    assert not RunReport((FRESH, NOT_RUN), 1.0).ok


def test_failures_are_the_failed_ones_and_not_those_that_never_began() -> None:
    assert RunReport((BUILT, FAILED, NOT_RUN), 1.0).failures == (FAILED,)


def test_the_document_of_a_run_names_each_target_with_its_outcome_and_why() -> None:
    assert RunReport((BUILT, FRESH), 2.00049).as_json() == {
        "ok": True,
        "seconds": 2.0,
        "findings": [],
        "targets": [
            {
                "id": "sdk:ts",
                "ring": 1,
                "outcome": "done",
                "reason": "input-changed",
                "reason_detail": ["a.ts", "b.ts"],
                "seconds": 1.235,
                "detail": {"version": "1.0.0"},
            },
            {
                "id": "sdk:ts",
                "ring": 1,
                "outcome": "fresh",
                "reason": "fresh",
                "reason_detail": [],
                "seconds": 0.0,
                "detail": {},
            },
        ],
    }


def test_the_document_of_a_failure_has_its_family_its_sentence_and_the_command_again() -> None:
    shown = FAILED.as_json()
    assert shown["outcome"] == "failed"
    assert shown["error"] == {
        "family": "command",
        "message": "tsc ended with exit code 2",
        "repeat": "cd packages/ts && tsc",
    }
    assert "error" not in BUILT.as_json()
