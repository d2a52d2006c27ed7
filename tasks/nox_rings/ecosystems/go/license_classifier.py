"""identify_license ≥ 2.0 (https://github.com/google/licenseclassifier) identifies license texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nox_rings.engine.process.command import Command

TOOL = "identify_license"


def identify_command(files: Sequence[Path], answer: Path, cwd: Path) -> Command:
    """Writes a JSON list to `answer`: `Filepath`, and `Classifications` with `Name` (SPDX) and `Confidence`."""
    argv = (TOOL, "-json", str(answer), *map(str, files))
    return Command(argv=argv, cwd=cwd, description="identify licenses")
