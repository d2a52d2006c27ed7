"""The three SDKs in a fresh clone: `nox -s sdk -- ts go py`, against the same commands from a shell script that starts
all languages together.

Warm on both sides is what a machine downloads once: tools, and the stores of pnpm, uv and Go modules. Cold is what a
clone does not have: installed packages, environments, builds, Go's build cache, and any state of ours."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from nox_rings.engine.process.command import Command
from nox_rings.members.kinds import SDK
from nox_rings.sessions.run import Run
from nox_rings_dev.benchmarks.copies import Copy, make_copy
from nox_rings_dev.benchmarks.pairs import Pair, Side
from nox_rings_dev.benchmarks.raw_commands import RawCommands

SAID_LAST = "all SDKs are built and tested"


def cold_sdks(tree: Run, folder: Path) -> Pair:
    copy = make_copy(tree, folder / "tree")
    go_builds = folder / "go-build"
    script = f"{RawCommands(copy, copy.run.graph.of_kind(SDK)).script()}\necho {SAID_LAST}"
    typed = Command(argv=("sh", "-e", "-c", script), cwd=copy.root, description="the same commands from a shell")
    both = (copy.nox("-s", "sdk", "--", "ts", "go", "py"), typed)
    ours, theirs = (replace(each, env={"GOCACHE": str(go_builds)}) for each in both)
    return Pair(
        ours=Side(command=ours, before=lambda: _as_cloned(copy, go_builds), prints="Session sdk was successful"),
        theirs=Side(command=theirs, before=lambda: _as_cloned(copy, go_builds), prints=SAID_LAST),
    )


def _as_cloned(copy: Copy, go_builds: Path) -> None:
    """But for the .venv of nox itself, which is a tool."""
    copy.carry_out(Command(argv=("git", "clean", "-ffdxq", "--exclude=/.venv"), cwd=copy.root))
    shutil.rmtree(go_builds, ignore_errors=True)
