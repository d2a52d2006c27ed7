"""Large workspaces against small ones, with as much to do in both: no cost grows faster than n log n."""

from __future__ import annotations

import sys
from pathlib import Path

import nox_rings
from nox_rings.engine.process.command import Command
from nox_rings.sessions.run import Run
from nox_rings_dev.benchmarks.pairs import Pair, Side

RUNS = 500


def derivation(tree: Run, folder: Path) -> Pair:
    return _pair(
        tree, _members(folder / "large", "derive", 1000, 1), _members(folder / "small", "derive", 250, 4), "derive"
    )


def planning(tree: Run, folder: Path) -> Pair:
    """A package and its image are two targets."""
    return _pair(tree, _members(folder / "large", "plan", 5000, 1), _members(folder / "small", "plan", 500, 10), "plan")


def state_cost(tree: Run, folder: Path) -> Pair:
    """The state's part of as many executed targets."""
    large, small = (_work("state_work.py", folder / str(targets), targets, RUNS, cwd=folder) for targets in (500, 10))
    return _pair(tree, large, small, "a run")


def _pair(tree: Run, large: Command, small: Command, prints: str) -> Pair:
    for each in (large, small):
        tree.runner.require(each)  # makes the workspace
    note = "; ".join(tree.runner.require(each).strip() for each in (large, small))
    return Pair(ours=Side(command=large, prints=prints), theirs=Side(command=small, prints=prints), note=note)


def _members(root: Path, what: str, members: int, times: int) -> Command:
    return _work("scale_work.py", what, root, members, times, cwd=root.parent)


def _work(script: str, *arguments: object, cwd: Path) -> Command:
    return Command(
        argv=(sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)),
        cwd=cwd,
        env={"PYTHONPATH": str(Path(nox_rings.__file__).parents[1])},
        description=f"{script} {' '.join(map(str, arguments))}",
    )
