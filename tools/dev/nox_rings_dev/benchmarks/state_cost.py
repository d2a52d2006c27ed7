"""The state's part of a target that runs: in a large workspace against a small one, with as many runs."""

from __future__ import annotations

import sys
from pathlib import Path

import nox_rings
from nox_rings.engine.process.command import Command
from nox_rings.sessions.run import Run
from nox_rings_dev.benchmarks.pairs import Pair, Side

WORK = Path(__file__).with_name("state_work.py")
LARGE, SMALL = 500, 10
RUNS = 500


def state_cost(tree: Run, folder: Path) -> Pair:
    large, small = (_work(folder / f"{targets}", targets) for targets in (LARGE, SMALL))
    for each in (large, small):
        tree.runner.require(each)  # makes the workspace
    note = "; ".join(tree.runner.require(each).strip() for each in (large, small))
    return Pair(ours=Side(command=large, prints="a run"), theirs=Side(command=small, prints="a run"), note=note)


def _work(folder: Path, targets: int) -> Command:
    return Command(
        argv=(sys.executable, str(WORK), str(folder), str(targets), str(RUNS)),
        cwd=folder.parent,
        env={"PYTHONPATH": str(Path(nox_rings.__file__).parents[1])},
        description=f"{RUNS} runs with {targets} targets",
    )
