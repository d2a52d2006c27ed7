"""Plans and reports as a person or a machine reads them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from nox_rings.engine.run.report import Outcome, RunReport, TargetResult
from nox_rings.engine.tables import table

if TYPE_CHECKING:
    from nox_rings.engine.findings import Finding
    from nox_rings.engine.plan.plan import Plan, PlannedTarget

MADE = ("ref", "digest", "version", "uncommitted", "proof")


def print_plan(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"targets": [shown_target(each) for each in plan.targets]}, indent=2))
        return
    rows = [(str(each.target.ring), each.target.id, _will(each), str(each.reason)) for each in plan.targets]
    print(table(rows, ("ring", "target", "will", "why")))
    stale = [each for each in plan.stale if not each.target.optional]
    print(f"{len(stale)} of {len(plan.targets)} targets would run")


def _will(each: PlannedTarget) -> str:
    if not each.runs:
        return "-"
    return "if named" if each.target.optional else "run"


def shown_target(each: PlannedTarget) -> Mapping[str, object]:
    return {
        "id": each.target.id,
        "kind": each.target.kind.name,
        "ring": each.target.ring,
        "place": each.target.path,
        "runs": each.runs,
        "optional": each.target.optional,
        "reason": str(each.reason.kind),
        "reason_detail": list(each.reason.detail),
        "dependencies": list(each.target.dependencies),
    }


def print_report(report: RunReport, *, as_json: bool, asked: Collection[str]) -> None:
    """The result: the requested targets and all others that changed. Failures come last, each with its
    whole output after the sentence and the command to repeat."""
    if as_json:
        print(json.dumps(report.as_json(), indent=2))
        return
    shown = tuple(
        result for result in report.results if result.target.id in asked or result.outcome is not Outcome.FRESH
    )
    if len(shown) != len(report.results):
        print(f"{len(report.results) - len(shown)} targets were fresh")
    rows = [
        (result.target.id, str(result.outcome), _seconds(result), str(result.reason), _made(result)) for result in shown
    ]
    print(table(rows, ("target", "result", "time", "why", "made")))
    done = sum(result.outcome is Outcome.DONE for result in report.results)
    fresh = sum(result.outcome is Outcome.FRESH for result in report.results)
    failed, left = len(report.failures), len(report.results) - done - fresh - len(report.failures)
    counts = ", ".join(
        f"{count} {name}"
        for count, name in ((done, "done"), (fresh, "fresh"), (failed, "failed"), (left, "not run"))
        if count
    )
    print(f"{counts} in {report.seconds:.1f} s")
    for note in report.notes:
        print(f"note: {note}")
    for result in report.failures:
        _print_failure(result)


def _seconds(result: TargetResult) -> str:
    return f"{result.seconds:.1f} s" if result.outcome in (Outcome.DONE, Outcome.FAILED) else ""


def _made(result: TargetResult) -> str:
    if result.outcome in (Outcome.FAILED, Outcome.NOT_RUN):
        return ""
    return "  ".join(result.detail[name] for name in MADE if name in result.detail)


def _print_failure(result: TargetResult) -> None:
    print(f"\n✗ {result.target.id} ({result.target.path}): {result.error}")
    if result.findings:
        _print_findings(result.findings)
        return
    for problem in result.target.problems:
        print(f"  or leave it out: list {problem.partition(':')[0]} in [tool.nox-rings] ignore")
    if result.repeat:
        print(f"  repeat: {result.repeat}")
    if result.output.strip():
        print("  its whole output:\n")
        print(result.output.rstrip())


def _print_findings(findings: Sequence[Finding]) -> None:
    """A line each, and the command that helps after the last finding it helps with."""
    for index, finding in enumerate(findings):
        print(f"  {finding}")
        if finding.fix not in [later.fix for later in findings[index + 1 :]]:
            print(f"    fix: {finding.fix}")
