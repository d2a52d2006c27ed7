from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from nox_rings.engine.plan.plan import Plan, PlannedTarget
from nox_rings.engine.plan.reasons import Reason, ReasonKind
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.dry_run import print_dry_run
from nox_rings.engine.run.progress import PlainReporter, SilentReporter
from nox_rings.engine.run.report import Outcome, RunReport, TargetResult
from nox_rings.engine.run.show import print_plan, print_report
from nox_rings.engine.run.steps import Action, Step
from nox_rings.engine.tables import table
from unit.targets import a_target

Captured = pytest.CaptureFixture[str]
PROTO = a_target("proto", path="proto/buf.yaml")
SDK = a_target("sdk:ts", path="packages/ts", dependencies=("proto",))
ARTIFACT = a_target("artifact:ts", path="packages/ts", dependencies=("sdk:ts",))
FRESH = Reason(ReasonKind.FRESH)
CHANGED = Reason(ReasonKind.INPUT_CHANGED, ("a.ts", "b.ts"))
PLAN = Plan((PlannedTarget(target=PROTO, reason=FRESH), PlannedTarget(target=SDK, reason=CHANGED)))

DONE = TargetResult(
    target=PROTO, outcome=Outcome.DONE, reason=CHANGED, seconds=1.26, detail={"digest": "sha256:00", "ref": "graph:1"}
)
KEPT = TargetResult(target=PROTO, outcome=Outcome.FRESH, reason=FRESH)
FAILED = TargetResult(
    target=SDK,
    outcome=Outcome.FAILED,
    reason=CHANGED,
    seconds=0.5,
    detail={"version": "half made"},
    error="tsc ended with exit code 2",
    family="command",
    repeat="cd packages/ts && tsc",
    output="$ tsc\nsrc/a.ts(1,1): error TS2339\n\n",
)
NOT_RUN = TargetResult(target=ARTIFACT, outcome=Outcome.NOT_RUN, reason=Reason(ReasonKind.NEVER_BUILT))


def test_columns_are_as_wide_as_their_widest_cell_and_nothing_trails() -> None:
    assert table([("a", "long cell", "x"), ("bb", "", "")], ("id", "what", "why")) == (
        "id  what       why\na   long cell  x\nbb"
    )


def test_a_plan_is_a_table_with_a_reason_for_each_target(capsys: Captured) -> None:
    print_plan(PLAN, as_json=False)
    assert capsys.readouterr().out == (
        "ring  target  will  why\n"
        "0     proto   -     fresh\n"
        "1     sdk:ts  run   input-changed: a.ts (+1 more)\n"
        "1 of 2 targets would run\n"
    )


def test_a_plan_as_json_has_every_file_of_a_reason(capsys: Captured) -> None:
    print_plan(PLAN, as_json=True)
    assert json.loads(capsys.readouterr().out)["targets"][1] == {
        "id": "sdk:ts",
        "kind": "sdk",
        "ring": 1,
        "place": "packages/ts",
        "runs": True,
        "optional": False,
        "reason": "input-changed",
        "reason_detail": ["a.ts", "b.ts"],
        "dependencies": ["proto"],
    }


ROOT = Path("/w")


class Build:
    """A run in which every target is built by a command and an action of ours."""

    def steps(self, target: Target) -> tuple[Step, ...]:
        return (
            Command(argv=("pnpm", "run", "build"), cwd=ROOT / target.path, env={"CI": "1"}),
            Action(description="sync the stage", act=lambda _: None),
        )

    def tool_environment(self, target: Target) -> Mapping[str, str]:
        return {"PATH": "/w/my tools:/usr/bin"}


def test_a_dry_run_prints_the_commands_of_what_is_stale_as_a_script(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    print_dry_run(Build(), ROOT, PLAN, as_json=False)
    assert capsys.readouterr().out == (
        "\n"
        "# sdk:ts  (input-changed: a.ts (+1 more))\n"
        "export PATH='/w/my tools:'\"$PATH\"\n"
        "cd /w/packages/ts && CI=1 pnpm run build\n"
        "# sync the stage\n"
        "\n"
        "# 1 of 2 targets would run\n"
    )


def test_a_dry_run_as_json_has_the_commands_beside_the_reasons(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    print_dry_run(Build(), ROOT, PLAN, as_json=True)
    fresh, stale = json.loads(capsys.readouterr().out)["targets"]
    assert fresh["commands"] == []
    assert stale["commands"] == ["cd /w/packages/ts && CI=1 pnpm run build", "# sync the stage"]


def test_what_is_only_made_where_it_is_named_is_no_part_of_the_count(capsys: Captured) -> None:
    targets = (a_target("image-dev:a"), replace(a_target("image-dev:a-gpu"), optional=True))
    print_plan(
        Plan(tuple(PlannedTarget(target=each, reason=Reason(ReasonKind.NEVER_BUILT)) for each in targets)),
        as_json=False,
    )
    assert capsys.readouterr().out.splitlines()[1:] == [
        "1     image-dev:a      run       never-built",
        "1     image-dev:a-gpu  if named  never-built",
        "1 of 2 targets would run",
    ]


def test_a_report_ends_with_the_failure_its_command_and_last_of_all_its_whole_output(capsys: Captured) -> None:
    print_report(RunReport((DONE, FAILED, NOT_RUN), 2.0), as_json=False, asked=())
    assert capsys.readouterr().out == (
        "target       result   time   why                            made\n"
        "proto        done     1.3 s  input-changed: a.ts (+1 more)  graph:1  sha256:00\n"
        "sdk:ts       failed   0.5 s  input-changed: a.ts (+1 more)\n"
        "artifact:ts  not-run         never-built\n"
        "1 done, 1 failed, 1 not run in 2.0 s\n"
        "\n"
        "✗ sdk:ts (packages/ts): tsc ended with exit code 2\n"
        "  repeat: cd packages/ts && tsc\n"
        "  its whole output:\n"
        "\n"
        "$ tsc\n"
        "src/a.ts(1,1): error TS2339\n"
    )


def test_a_target_that_cannot_be_made_is_told_how_to_leave_it_out(capsys: Captured) -> None:
    broken = a_target("image-dev:web", path="web/Dockerfile.dev", problems=("web/Dockerfile.dev:3: found no stage",))
    result = TargetResult(
        target=broken,
        outcome=Outcome.FAILED,
        reason=Reason(ReasonKind.INVALID, broken.problems),
        error="web/Dockerfile.dev:3: found no stage",
    )
    print_report(RunReport((result,), 0.0), as_json=False, asked=())
    assert capsys.readouterr().out.endswith(
        "✗ image-dev:web (web/Dockerfile.dev): web/Dockerfile.dev:3: found no stage\n"
        "  or leave it out: list web/Dockerfile.dev in [tool.nox-rings] ignore\n"
    )


def test_fresh_targets_are_listed_where_they_were_asked_for_and_counted_elsewhere(capsys: Captured) -> None:
    report = RunReport((KEPT, DONE), 2.0)
    print_report(report, as_json=False, asked=())
    assert capsys.readouterr().out.startswith("1 targets were fresh\ntarget  result")
    print_report(report, as_json=False, asked=("proto",))
    shown = capsys.readouterr().out.splitlines()
    assert shown[1] == "proto   fresh          fresh"
    assert shown[-1] == "1 done, 1 fresh in 2.0 s"


def test_when_nothing_ran_what_was_asked_for_is_listed_as_fresh(capsys: Captured) -> None:
    print_report(RunReport((KEPT,), 0.0), as_json=False, asked=("proto",))
    assert capsys.readouterr().out.splitlines()[1:] == ["proto   fresh         fresh", "1 fresh in 0.0 s"]


def test_a_report_as_json_is_one_document(capsys: Captured) -> None:
    report = RunReport((DONE, FAILED, NOT_RUN), 2.0)
    print_report(report, as_json=True, asked=())
    assert json.loads(capsys.readouterr().out) == report.as_json()


def test_plain_progress_has_a_line_when_a_target_starts_and_one_when_it_ends(capsys: Captured) -> None:
    reporter = PlainReporter()
    reporter.started(PROTO, CHANGED)
    reporter.step(PROTO, "cd proto && buf lint")
    reporter.note(PROTO, "removed gen/old.ts, which nothing generates")
    reporter.note(None, "installing buf …")
    for result in (DONE, KEPT, FAILED, NOT_RUN):
        reporter.finished(result)
    assert capsys.readouterr().out.splitlines() == [
        "▶ proto  (input-changed: a.ts (+1 more))",
        "  proto: removed gen/old.ts, which nothing generates",
        "  installing buf …",
        "✓ proto  done in 1.3 s",
        "✗ sdk:ts  failed in 0.5 s",
    ]


def test_with_json_progress_leaves_standard_output_to_the_document(capsys: Captured) -> None:
    reporter = SilentReporter()
    reporter.started(PROTO, CHANGED)
    reporter.note(None, "installing buf …")
    reporter.finished(FAILED)
    assert tuple(capsys.readouterr()) == ("", "installing buf …\n")
