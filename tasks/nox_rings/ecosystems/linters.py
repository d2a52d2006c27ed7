"""Judges of packed artifacts: publint ≥ 0.3, attw ≥ 0.18, twine ≥ 6.1, check-wheel-contents ≥ 0.6.

Each ends with 0 where it minds nothing; what it says otherwise is shown, never parsed, but for attw's JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed

SHOWN_CHARACTERS = 600
# What the profile leaves out of the exit code stands in the JSON all the same.
IGNORED = ("node10", "node16-cjs")


def commands(packed: Path, tarball: Path) -> Mapping[str, Command]:
    """By the program's name; the artifact (or the folder of all) is the last word."""
    words = {
        "publint": ("run", "--strict", "--level", "warning", str(tarball)),
        # Of an ES module CommonJS programs get `import()` alone, and node10 knows no `exports`: both are what modern
        # packages choose (https://github.com/arethetypeswrong/arethetypeswrong.github.io, cli, --profile).
        "attw": ("--profile", "esm-only", "--format", "json", str(tarball)),
        # It expands the pattern itself, so that no shell is needed.
        "twine": ("check", "--strict", str(packed / "*")),
        # W002, files of equal content: generated `__init__.py` are alike.
        "check-wheel-contents": ("--no-config", "--ignore", "W002", str(packed)),
    }
    return {
        name: Command(argv=(name, *rest), cwd=packed, env={"NO_COLOR": "1"}, description=f"ask {name}")
        for name, rest in words.items()
    }


def _is_ignored(problem: Mapping[str, str]) -> bool:
    return problem.get("resolutionKind") in IGNORED


def told(command: Command, answer: Completed) -> str:
    """In few words what a judge found: the kinds of problem of attw, the others' own sentences."""
    if command.argv[0] == "attw":
        try:
            problems = json.loads(answer.stdout)["problems"]
            return ", ".join(kind for kind, places in problems.items() if not all(map(_is_ignored, places)))
        except (ValueError, KeyError, TypeError):
            pass
    said = " ".join(f"{answer.stdout} {answer.stderr}".split())
    return said[-SHOWN_CHARACTERS:] or f"exit code {answer.exit_code}"
