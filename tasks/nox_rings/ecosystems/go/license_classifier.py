"""identify_license ≥ 2.0 (https://github.com/google/licenseclassifier) identifies license texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner, failure_of

TOOL = "identify_license"
PANIC = "panic: send on closed channel"
TRIES = 10


def identify_command(files: Sequence[Path], answer: Path, cwd: Path) -> Command:
    """Writes a JSON list to `answer`: `Filepath`, and `Classifications` with `Name` (SPDX) and `Confidence`."""
    argv = (TOOL, "-json", str(answer), *map(str, files))
    return Command(argv=argv, cwd=cwd, description="identify licenses")


def identify(command: Command, runner: Runner) -> None:
    """Run it, again where it panics at its end: in about one of six runs it closes a channel before its last task has
    written to it (tools/identify_license/backend/backend.go, ClassifyLicenses). Raises CommandFailedError."""
    for attempt in range(1, TRIES + 1):
        answer = runner.ask(command)
        if answer.exit_code == 0:
            return
        if PANIC not in answer.stderr or attempt == TRIES:
            raise failure_of(command, answer.exit_code, answer.stderr)
