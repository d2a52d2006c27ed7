"""After random edits and a run, a workspace is what a build of the same files from nothing makes, and little ran that
did not have to."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from property.freshness import judge
from property.trial import EDITS_A_STEP, SHAPES, Applied, Trial

EDITS, EDITS_IN_CI = 300, 10
SINGLE_EDITS, SINGLE_EDITS_IN_CI = 500, 25
STEPS_BEFORE_RESTART = 4
MOST_NEEDLESS = 0.05


@pytest.fixture(params=SHAPES)
def trial(request: pytest.FixtureRequest, tmp_path: Path) -> Trial:
    """A workspace in which everything is built."""
    made = Trial(tmp_path, SHAPES[request.param])
    made.prepare()
    return made


def test_no_plan_takes_for_fresh_what_would_read_something_else(
    trial: Trial, seed: int, everything: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    found = judge(trial, random.Random(seed), SINGLE_EDITS if everything else SINGLE_EDITS_IN_CI)
    with capsys.disabled():
        print(f"\n{found}")
    assert found.wrong == [], f"seed {seed}"
    if everything:  # of few edits one alone is more than the share
        assert len(found.needless) <= MOST_NEEDLESS * found.stale, (seed, found.needless)


def test_after_random_edits_a_run_leaves_what_a_build_from_nothing_makes(
    trial: Trial, seed: int, everything: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(seed)
    since_restart: list[Applied] = []
    for step in range((EDITS if everything else EDITS_IN_CI) // EDITS_A_STEP // (len(SHAPES) if everything else 1)):
        if step and step % STEPS_BEFORE_RESTART == 0:
            trial.restart()
            since_restart.clear()
        edits = trial.random_edits(rng, EDITS_A_STEP)
        since_restart += edits
        told = trial.apply(edits)
        trial.figures.edits += len(edits)
        trial.figures.kinds |= {each.kind for each in edits}
        if failure := trial.failure():
            smallest = trial.shrunk(since_restart)
            pytest.fail(f"seed {seed}, after {told}\n{failure}\nthe smallest sequence: {smallest}")
    with capsys.disabled():
        print(f"\n{trial.figures}")
    needless = "\n  ".join(trial.figures.needless) if everything else ""
    assert not everything or trial.figures.needless_share <= MOST_NEEDLESS, f"seed {seed}\n  {needless}"
