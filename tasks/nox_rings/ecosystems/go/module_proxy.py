"""`gomodule`, the Go program beside this file: it writes a Go module as a module proxy tree and checks a module zip, by
the rules of golang.org/x/mod, which the go command shares."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from nox_rings.ecosystems.artifact import Violation
from nox_rings.engine.errors import CommandFailedError, StepFailedError
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Explained

TOOL = "gomodule"
EXPECTED = "what golang.org/x/mod/zip takes"


def pack_step(module: Path, proxy: Path, name: str, version: str, time_seconds: int) -> Explained:
    """Writes the tree (https://go.dev/ref/mod#goproxy-protocol). `time_seconds` is the commit's, since the epoch.

    Fails with StepFailedError for a module that the go command refuses, and for a `replace` directive: it has no effect
    for programs that require the module."""
    time = datetime.fromtimestamp(time_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    command = Command(
        argv=(TOOL, "pack", name, version, time, ".", str(proxy)),
        cwd=module,
        description=f"write the module proxy tree of {name}@{version}",
    )

    def explain(_: CommandFailedError, printed: str) -> StepFailedError:
        problems = [line for line in printed.splitlines() if line and not line.startswith("$ ")]
        hint = "go mod edit -dropreplace" if "found replace" in printed else ""
        return StepFailedError("\n".join(f"{name}: {problem}" for problem in problems), hint=hint)

    return Explained(command=command, explain=explain)


def check_command(archive: Path, name: str, version: str) -> Command:
    """Prints the problems of a module zip."""
    argv = (TOOL, "check", name, version, str(archive))
    return Command(argv=argv, cwd=archive.parent, description=f"check the module zip of {name}")


def parse_problems(text: str) -> tuple[Violation, ...]:
    """From the output of `check_command`."""
    return tuple(Violation(each["path"], each["message"], EXPECTED) for each in json.loads(text))
