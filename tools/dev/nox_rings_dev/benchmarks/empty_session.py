"""An answer that finds nothing to do, against a noxfile that has nothing to do: what our part of it is."""

from __future__ import annotations

import re
from pathlib import Path

from nox_rings.sessions.run import Run
from nox_rings_dev.benchmarks.copies import Copy, make_copy
from nox_rings_dev.benchmarks.pairs import Pair, Side

NOXFILE = '''\
import nox


def nothing(session: nox.Session) -> None:
    """Do nothing at all."""


for number in range({sessions}):
    nox.session(name=f"nothing-{{number}}", venv_backend="none")(nothing)
'''


def fresh_check(tree: Run, folder: Path) -> Pair:
    return _fresh(tree, folder, "--check")


def fresh_proto(tree: Run, folder: Path) -> Pair:
    return _fresh(tree, folder)


def listing(tree: Run, folder: Path) -> Pair:
    copy = make_copy(tree, folder / "tree")
    menu = copy.carry_out(copy.nox("-l"))  # with --json it would list the default sessions only
    sessions = len(re.findall(r"^[*-] \S+ ->", menu, re.MULTILINE))
    ours = Side(command=copy.nox("-l"), prints="proto")
    return Pair(ours=ours, theirs=_empty(copy, folder, "-l", sessions=sessions), note=f"{sessions} sessions")


def _fresh(tree: Run, folder: Path, *posargs: str) -> Pair:
    copy = make_copy(tree, folder / "tree")
    copy.carry_out(copy.nox("-s", "proto"))
    ours = Side(command=copy.nox("-s", "proto", "--", *posargs), prints=f"{len(copy.ring_0)} fresh in")
    return Pair(ours=ours, theirs=_empty(copy, folder, "-s", "nothing-0", sessions=1))


def _empty(copy: Copy, folder: Path, *arguments: str, sessions: int) -> Side:
    noxfile = folder / "empty" / "noxfile.py"
    noxfile.parent.mkdir()
    noxfile.write_text(NOXFILE.format(sessions=sessions), encoding="utf-8")
    return Side(command=copy.nox("-f", str(noxfile), *arguments), prints="nothing-0")
