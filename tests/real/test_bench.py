"""`nox -s bench`: that it measures what it says, not how fast anything is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checkout import Checkout, environment
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.sessions.run import Run
from nox_rings_dev.benchmarks.copies import Copy
from nox_rings_dev.benchmarks.pairs import Pair, Side, measure
from nox_rings_dev.benchmarks.raw_commands import RawCommands, together

FAST, UNTIL_FAST = "touch fast", "until [ -e fast ]; do sleep 0.01; done"


def shell(script: str, folder: Path) -> Command:
    return Command(argv=("sh", "-c", script), cwd=folder, description="a script")


def test_the_list_names_each_benchmark_and_starts_none(checkout: Checkout) -> None:
    answer = checkout.nox("-s", "bench", "--", "--list", "--json")
    assert answer.exit_code == 0, answer.err
    names = [each["name"] for each in answer.json()["benchmarks"]]
    assert names == [
        *("list", "noop-proto", "proto-check-fresh", "proto-check-stale", "proto-generate-300", "sdks-cold"),
        *("state-cost", "derive-1000", "plan-10000"),
    ]
    shown = checkout.nox("-s", "bench", "--", "--list").out
    assert all(name in shown for name in names)


def test_a_round_gives_a_ratio_and_a_verdict_and_leaves_nothing_behind(checkout: Checkout, tmp_path: Path) -> None:
    answer = checkout.nox("-s", "bench", "--", "list", "--rounds", "1", "--json", TMPDIR=str(tmp_path))
    (found,) = answer.json()["benchmarks"]
    assert (found["name"], len(found["ratios"])) == ("list", 1)
    assert found["ratios"][0] == pytest.approx(found["ours_seconds"][0] / found["theirs_seconds"][0], abs=0.01)
    assert answer.json()["ok"] is found["ok"] is (answer.exit_code == 0)
    assert "ratio (min … max)" in answer.err
    assert list(tmp_path.glob("nox-rings-bench-*")) == []


def test_a_benchmark_that_is_not_there_is_a_usage_error(checkout: Checkout) -> None:
    answer = checkout.nox("-s", "bench", "--", "lst", "--json")
    assert answer.exit_code == 2
    assert answer.json()["error"]["family"] == "usage"
    assert "bench: found no benchmark lst; did you mean list?" in answer.err


def test_the_two_sides_take_turns_after_a_round_that_does_not_count(tmp_path: Path) -> None:
    pair = Pair(
        ours=Side(command=shell("echo ours >>turns", tmp_path), before=lambda: turn(tmp_path, "before")),
        theirs=Side(command=shell("echo theirs >>turns", tmp_path)),
    )
    ours, theirs = measure(pair, 2, ProcessRunner(), tmp_path)
    assert (len(ours), len(theirs)) == (2, 2)
    assert (tmp_path / "turns").read_text().split() == ["before", "ours", "theirs"] * 3


def turn(folder: Path, name: str) -> None:
    with (folder / "turns").open("a") as turns:
        print(name, file=turns)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo the reason; exit 3", "a script ended with exit code 3; it printed:\nthe reason"),
        ("echo nothing to do", "a script: expected it to print 'all done'; it printed:\nnothing to do"),
    ],
)
def test_what_fails_or_does_something_else_is_not_measured(script: str, message: str, tmp_path: Path) -> None:
    side = Side(command=shell(script, tmp_path), prints="all done")
    with pytest.raises(StepFailedError) as raised:
        measure(Pair(ours=side, theirs=side), 1, ProcessRunner(), tmp_path)
    assert raised.value.message == message


SDKS = ("sdk:go", "sdk:py", "sdk:ts")


def test_the_raw_commands_of_targets_are_those_of_the_plan(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the comparison of the schema, which takes git instead of our image of it."""
    monkeypatch.setenv("NOX_RINGS_TOOLS_DIR", environment()["NOX_RINGS_TOOLS_DIR"])
    shutil.rmtree(checkout.root / ".nox-rings/state", ignore_errors=True)  # a plan shows no commands of what is fresh
    planned = checkout.nox("-s", "plan", "--", *SDKS, "--dry-run", "--force", "--json").json()["targets"]
    listed = [line for each in planned for step in each["commands"] for line in step.splitlines()]
    commands = [line.rpartition("&& ")[2] for line in listed if not line.startswith("#")]
    assert len(commands) > 10
    runner = ProcessRunner()
    try:
        script = RawCommands(Copy(Run(checkout.root, runner)), SDKS).script()
    finally:
        runner.close()
    lines = [line.strip() for line in script.splitlines()]
    for command in commands:
        if command.startswith("buf breaking "):
            assert any("buf breaking --against" in line and ".git#ref=HEAD" in line for line in lines)
        else:
            assert sum(line.endswith(f"{command})") for line in lines) == 1, command
    assert sum(line.startswith("(cd ") or line.startswith("(PATH=") for line in lines) == len(commands)


@pytest.mark.parametrize(
    ("scripts", "exit_code", "out"),
    [
        ([[f"{UNTIL_FAST}; echo slow"], ["echo fast", FAST]], 0, "fast slow behind"),
        ([["echo one", "echo two"]], 0, "one two behind"),
        ([[f"{UNTIL_FAST}; echo slow"], [FAST, "false", "echo unseen"]], 1, "slow"),
        ([], 0, "behind"),
    ],
)
def test_scripts_run_together_and_the_first_that_fails_ends_what_is_around_them(
    scripts: list[list[str]], exit_code: int, out: str, tmp_path: Path
) -> None:
    done = Checkout(tmp_path).command("sh", "-e", "-c", "\n".join([*together(scripts), "echo behind"]))
    assert (done.exit_code, done.out.split()) == (exit_code, out.split())
