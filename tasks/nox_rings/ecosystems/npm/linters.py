"""Linters of packed npm packages: publint ≥ 0.3, attw ≥ 0.18.

Each ends with 0 where it finds nothing. What it prints otherwise is shown, never parsed, except attw's JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from nox_rings.ecosystems.linters import linter_command, shown_report
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed

# The profile leaves these out of the exit code, but not out of the JSON.
IGNORED = ("node10", "node16-cjs")


def commands(packed: Path, name: str, version: str) -> Mapping[str, Command]:
    """By the program's name; the tarball is the last argument."""
    tarball = str(packed / f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz")
    # CommonJS programs can load an ES module by `import()` only, and node10 ignores `exports`: modern packages accept
    # both (https://github.com/arethetypeswrong/arethetypeswrong.github.io, cli, --profile).
    attw = ("attw", "--profile", "esm-only", "--format", "json", tarball)
    publint = ("publint", "run", "--strict", "--level", "warning", tarball)
    return {argv[0]: linter_command(argv, packed) for argv in (publint, attw)}


def report(command: Command, answer: Completed) -> str:
    """The kinds of problem that attw found; publint's own sentences."""
    if command.argv[0] == "attw":
        try:
            problems = json.loads(answer.stdout)["problems"]
            return ", ".join(kind for kind, found in problems.items() if not all(map(_is_ignored, found)))
        except (ValueError, KeyError, TypeError):
            pass  # its output is not a JSON document, and is shown as it is
    return shown_report(answer)


def _is_ignored(problem: Mapping[str, str]) -> bool:
    return problem.get("resolutionKind") in IGNORED
