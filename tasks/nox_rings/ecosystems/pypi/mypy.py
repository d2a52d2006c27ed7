"""mypy ≥ 1.11 as a checker of installed packages: its commands, and its output in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from nox_rings.ecosystems.consumer import Diagnostic
from nox_rings.engine.process.command import Command


def check_command(python: Path, cwd: Path, *arguments: str, settings: str = "") -> Command:
    """With the packages of `python`, no other settings and no cache, which another wheel of this version would make
    stale."""
    fixed = ("--config-file", settings, "--cache-dir=/dev/null", "--output", "json", "--python-executable", str(python))
    env = {"NO_COLOR": "1", "MYPYPATH": None}
    return Command(argv=("mypy", *fixed, *arguments), cwd=cwd, env=env, description="mypy")


def parse_diagnostics(stdout: str) -> Iterator[Diagnostic]:
    """Errors only; notes belong to one of them. Lines that are not JSON come from failures of mypy itself."""
    for line in stdout.splitlines():
        if line.startswith("{"):
            record = json.loads(line)
            if record["severity"] == "error":
                yield Diagnostic(
                    file=record["file"], line=record["line"], code=record["code"] or "", message=record["message"]
                )
