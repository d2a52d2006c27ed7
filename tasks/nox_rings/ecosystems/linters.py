"""What the linters of packed artifacts have in common."""

from __future__ import annotations

from pathlib import Path

from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed

SHOWN_CHARACTERS = 600


def linter_command(argv: tuple[str, ...], packed: Path) -> Command:
    return Command(argv=argv, cwd=packed, env={"NO_COLOR": "1"}, description=f"run {argv[0]}")


def shown_report(answer: Completed) -> str:
    """The end of what a linter printed."""
    printed = " ".join(f"{answer.stdout} {answer.stderr}".split())
    return printed[-SHOWN_CHARACTERS:] or f"exit code {answer.exit_code}"
