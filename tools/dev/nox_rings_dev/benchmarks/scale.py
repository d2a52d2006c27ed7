"""Large workspaces against small ones, as often as makes both the same work: nothing may grow faster than n log n."""

from __future__ import annotations

import sys
from pathlib import Path

import nox_rings
from nox_rings.engine.process.command import Command
from nox_rings.sessions.run import Run
from nox_rings_dev.benchmarks.pairs import Pair, Side

WORK = Path(__file__).with_name("scale_work.py")


def derivation(tree: Run, folder: Path) -> Pair:
    return _pair(tree, folder, "derive", large=1000, times=4)


def planning(tree: Run, folder: Path) -> Pair:
    """A package and its image are two targets."""
    return _pair(tree, folder, "plan", large=5000, times=10)


def _pair(tree: Run, folder: Path, what: str, *, large: int, times: int) -> Pair:
    ours = _work(folder / "large", what, large, 1)
    theirs = _work(folder / "small", what, large // times, times)
    for each in (ours, theirs):
        tree.runner.require(each)  # makes the workspace
    note = "; ".join(tree.runner.require(each).strip() for each in (ours, theirs))
    return Pair(ours=Side(command=ours, prints=what), theirs=Side(command=theirs, prints=what), note=note)


def _work(root: Path, what: str, members: int, times: int) -> Command:
    return Command(
        argv=(sys.executable, str(WORK), what, str(root), str(members), str(times)),
        cwd=root.parent,
        env={"PYTHONPATH": str(Path(nox_rings.__file__).parents[1])},
        description=f"{what} {members} members {times} times",
    )
