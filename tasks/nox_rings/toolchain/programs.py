"""Which programs are on the machine, without asking them: every fresh answer needs it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def programs_are_those(identities: object) -> bool:
    """Whether the programs are what they were when these identities, by name, were stored."""
    return isinstance(identities, dict) and all(program_identity(name) == known for name, known in identities.items())


def program_identity(name: str) -> str:
    """Of what a run finds under this name: another text where it is another program. Empty where there is none."""
    # Where find_uv looks first, without the 5 ms that it takes: every fresh answer asks.
    beside = Path(sys.prefix) / "bin" / name
    found = beside if name == "uv" and beside.exists() else shutil.which(name)
    try:
        return identity_of(Path(found)) if found else ""
    except OSError:
        return ""


def identity_of(path: Path) -> str:
    """Of a program, through links. Raises OSError."""
    real = path.resolve()
    status = real.stat()
    return f"{real} {status.st_mtime_ns} {status.st_size}"
