"""Which image engine a run would use on this machine: a row of `doctor`."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.runner import Runner
from nox_rings.images.buildx import docker_problem
from nox_rings.images.embedded.buildkit import require_privileges
from nox_rings.toolchain.doctor import Condition, ToolStatus

NAME, WANTED = "image engine", "docker, or root and apt-get on Linux"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFacts:
    """`docker_problem` is why Docker cannot build our images, empty where it can; `docker` and `apt` are paths, empty
    where the program is missing; `privileged`: this process may mount file systems."""

    docker_problem: str
    docker: str
    linux: bool
    privileged: bool
    apt: str


def find_engine(runner: Runner) -> ToolStatus:
    linux = sys.platform == "linux"
    return engine_status(
        EngineFacts(
            docker_problem=docker_problem(runner) or "",
            docker=shutil.which("docker") or "",
            linux=linux,
            privileged=linux and _may_mount(),
            apt=shutil.which("apt-get") or "",
        )
    )


def engine_status(facts: EngineFacts) -> ToolStatus:
    """A Docker that builds what we build, or what the embedded BuildKit needs: Linux, root, and apt for the bases."""
    if not facts.docker_problem:
        return ToolStatus(name=NAME, wanted=WANTED, found="docker", where=facts.docker)
    conditions = {"Linux": facts.linux, "root (CAP_SYS_ADMIN)": facts.privileged, "apt-get": bool(facts.apt)}
    missing = [name for name, met in conditions.items() if not met]
    if not missing:
        return ToolStatus(name=NAME, wanted=WANTED, found="embedded BuildKit", where=facts.apt)
    how = f"start Docker ({facts.docker_problem}); the embedded engine lacks {' and '.join(missing)}"
    return ToolStatus(name=NAME, wanted=WANTED, how=how, condition=Condition.MISSING)


def _may_mount() -> bool:
    try:
        require_privileges()
    except ToolUnavailableError:
        return False
    return True
