"""What of the machine itself the sessions need: Python, a way to build images, room on the disk."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from pathlib import Path

from nox_rings.domain.doctor import Condition, ToolStatus
from nox_rings.process import Command, Runner

# Tools, bases and caches of a whole run of `rings` on an empty machine, rounded up.
NEEDED_GIGABYTES = 8


def machine_status(root: Path, runner: Runner) -> tuple[ToolStatus, ...]:
    return (_python(), _engine(runner), _disk(root))


def _python() -> ToolStatus:
    # scripts/nox and requires-python have seen to the version already.
    return ToolStatus(name="python", wanted=">= 3.11", found=platform.python_version(), where=sys.executable)


def _engine(runner: Runner) -> ToolStatus:
    """A Docker that answers, or what the embedded BuildKit needs: Linux, root, and Debian's packages for the bases."""
    wanted = "docker, or root and apt-get on Linux"
    if version := docker_server_version(runner):
        return ToolStatus(
            name="image engine", wanted=wanted, found=f"docker {version}", where=shutil.which("docker") or ""
        )
    lacking = [
        word
        for word, there in (
            ("Linux", sys.platform == "linux"),
            ("root", os.geteuid() == 0),
            ("apt-get", shutil.which("apt-get") is not None),
        )
        if not there
    ]
    if not lacking:
        return ToolStatus(
            name="image engine", wanted=wanted, found="embedded BuildKit", where=shutil.which("apt-get") or ""
        )
    how = f"start Docker; the embedded engine lacks {' and '.join(lacking)}"
    return ToolStatus(name="image engine", wanted=wanted, how=how, condition=Condition.MISSING)


def docker_server_version(runner: Runner) -> str:
    """Empty where there is no docker, or only its command line without a daemon behind it."""
    if shutil.which("docker") is None:
        return ""
    answer = runner.ask(Command(argv=("docker", "version", "--format", "{{json .Server}}"), cwd=Path("/")))
    try:
        server = json.loads(answer.stdout)
    except ValueError:
        return ""
    return str(server.get("Version", "")) if answer.exit_code == 0 and isinstance(server, dict) else ""


def _disk(root: Path) -> ToolStatus:
    free = shutil.disk_usage(root).free // 10**9
    status = ToolStatus(name="disk space", wanted=f">= {NEEDED_GIGABYTES} GB", found=f"{free} GB", where=str(root))
    if free >= NEEDED_GIGABYTES:
        return status
    # A full set of tools may be there already, so this alone stops nothing.
    return ToolStatus(
        name=status.name,
        wanted=status.wanted,
        found=status.found,
        where=status.where,
        how="free some, or point NOX_RINGS_TOOLS_DIR elsewhere",
        condition=Condition.OPTIONAL,
    )
