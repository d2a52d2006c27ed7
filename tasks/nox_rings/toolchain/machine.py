"""What of the machine itself the sessions need: Python, a way to build images, room on the disk."""

from __future__ import annotations

import platform
import shutil
import sys
from pathlib import Path

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.runner import Runner
from nox_rings.images.buildx import docker_problem
from nox_rings.images.embedded.buildkit import require_privileges
from nox_rings.toolchain.doctor import Condition, ToolStatus

# Tools, bases and caches of a whole run of `rings` on an empty machine, rounded up.
NEEDED_GIGABYTES = 8


def machine_status(root: Path, runner: Runner) -> tuple[ToolStatus, ...]:
    return (_python(), _engine(runner), _disk(root))


def _python() -> ToolStatus:
    # scripts/nox and requires-python have seen to the version already.
    return ToolStatus(name="python", wanted=">= 3.11", found=platform.python_version(), where=sys.executable)


def _engine(runner: Runner) -> ToolStatus:
    """A Docker that builds what we build, or what the embedded BuildKit needs: Linux, root, and apt for the bases."""
    wanted = "docker, or root and apt-get on Linux"
    problem = docker_problem(runner)
    if problem is None:
        return ToolStatus(name="image engine", wanted=wanted, found="docker", where=shutil.which("docker") or "")
    apt = shutil.which("apt-get")
    lacking = [
        word
        for word, there in (
            ("Linux", sys.platform == "linux"),
            ("root (CAP_SYS_ADMIN)", sys.platform == "linux" and _may_mount()),
            ("apt-get", apt is not None),
        )
        if not there
    ]
    if not lacking:
        return ToolStatus(name="image engine", wanted=wanted, found="embedded BuildKit", where=apt or "")
    how = f"start Docker ({problem}); the embedded engine lacks {' and '.join(lacking)}"
    return ToolStatus(name="image engine", wanted=wanted, how=how, condition=Condition.MISSING)


def _may_mount() -> bool:
    try:
        require_privileges()
    except ToolUnavailableError:
        return False
    return True


def _disk(root: Path) -> ToolStatus:
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
