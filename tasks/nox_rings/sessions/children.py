"""The runner of a session: what its children do not inherit. The engine cannot decide that: it knows no tool."""

from __future__ import annotations

from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.workspace.git.commands import REPOSITORY_VARIABLES


def new_runner() -> ProcessRunner:
    """Every git below us, also that of buf, go and pnpm, finds its repository from the folder it runs in, whatever a
    hook exports (https://git-scm.com/docs/githooks)."""
    return ProcessRunner(not_inherited=REPOSITORY_VARIABLES)
