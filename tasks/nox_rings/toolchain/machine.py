"""What of the machine itself every session needs: Python, and room on the disk."""

from __future__ import annotations

import platform
import shutil
import sys
from pathlib import Path

from nox_rings.toolchain.doctor import Condition, ToolStatus

# Tools, bases and caches of a whole run of `rings` on an empty machine, rounded up.
NEEDED_GIGABYTES = 8


def python_status() -> ToolStatus:
    # scripts/nox and requires-python have seen to the version already.
    return ToolStatus(name="python", wanted=">= 3.11", found=platform.python_version(), where=sys.executable)


def disk_status(root: Path) -> ToolStatus:
    """Room on the disk that holds `root`."""
    free = shutil.disk_usage(root).free // 10**9
    little = free < NEEDED_GIGABYTES
    return ToolStatus(
        name="disk space",
        wanted=f">= {NEEDED_GIGABYTES} GB",
        found=f"{free} GB",
        where=str(root),
        how="free some, or let NOX_RINGS_TOOLS_DIR name a folder elsewhere" if little else "",
        # A full set of tools may be there already, so this alone stops nothing.
        condition=Condition.OPTIONAL if little else Condition.OK,
    )
