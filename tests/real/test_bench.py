"""`nox -s bench`: that it measures what it says, not how fast anything is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.pairs import Pair, Side, measure
from checkout import Checkout
from nox_rings.command import Command
from nox_rings.errors import StepFailedError
from nox_rings.process import Runner


def shell(script: str, folder: Path) -> Command:
    return Command(argv=("sh", "-c", script), cwd=folder, description="a script")


def test_the_list_names_each_benchmark_and_starts_none(checkout: Checkout) -> None:
    answer = checkout.nox("-s", "bench", "--", "--list", "--json")
    assert answer.exit_code == 0, answer.err
    names = [each["name"] for each in answer.json()["benchmarks"]]
    assert names == ["list", "noop-proto", "proto-check-fresh", "proto-check-stale", "proto-generate-300"]
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
    ours, theirs = measure(pair, 2, Runner(), tmp_path)
    assert (len(ours), len(theirs)) == (2, 2)
    assert (tmp_path / "turns").read_text().split() == ["before", "ours", "theirs"] * 3


def turn(folder: Path, name: str) -> None:
    with (folder / "turns").open("a") as turns:
        print(name, file=turns)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo the reason; exit 3", "a script ended with exit code 3; it said:\nthe reason"),
        ("echo nothing to do", "a script: expected it to say 'all done'; it said:\nnothing to do"),
    ],
)
def test_what_fails_or_does_something_else_is_not_measured(script: str, message: str, tmp_path: Path) -> None:
    side = Side(command=shell(script, tmp_path), says="all done")
    with pytest.raises(StepFailedError) as raised:
        measure(Pair(ours=side, theirs=side), 1, Runner(), tmp_path)
    assert raised.value.message == message
