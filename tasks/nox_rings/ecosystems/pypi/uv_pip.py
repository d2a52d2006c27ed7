"""uv ≥ 0.13 outside of projects: environments, and what is installed into them (https://docs.astral.sh/uv/pip/)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from nox_rings.engine.process.command import Command


def unpack_command(requirement: str, folder: Path, environment: Path) -> Command:
    """One distribution into a folder of its own, for its metadata. Its environment markers do not apply."""
    arguments = (
        "pip",
        "install",
        "--no-deps",
        "--target",
        str(folder),
        "--python",
        str(environment / "bin" / "python"),
    )
    return Command(
        argv=("uv", *arguments, requirement), cwd=environment, env={"NO_COLOR": "1"}, description="uv pip install"
    )


def venv_command(environment: Path) -> Command:
    argv = ("uv", "venv", "--no-project", str(environment))
    return Command(argv=argv, cwd=environment.parent, env={"NO_COLOR": "1"}, description="uv venv")


def install_command(name: str, version: str, index: str, environment: Path) -> Command:
    """Exactly this version from `index`, which comes first: uv uses the first index that has a name
    (index-strategy first-index). Its dependencies come from the default index."""
    argv = ("uv", "pip", "install", "--refresh-package", name, "--index", f"{index}/simple/", f"{name}=={version}")
    env = {"VIRTUAL_ENV": str(environment), "NO_COLOR": "1"}
    return Command(argv=argv, cwd=environment.parent, env=env, description="uv pip install")


def install_requirements_command(requirements: str, constraints: str, cwd: Path, environment: Path) -> Command:
    argv = ("uv", "pip", "install", "--no-progress", "--requirements", requirements, "--constraints", constraints)
    env = {"VIRTUAL_ENV": str(environment), "NO_COLOR": "1"}
    return Command(argv=argv, cwd=cwd, env=env, description="uv pip install of the wheels")


def project_venv_command(project: Path, environment: Path) -> Command:
    """With a Python that the project's requires-python and .python-version allow; an older environment is removed."""
    argv = ("uv", "venv", "--clear", str(environment))
    return Command(argv=argv, cwd=project, env={"NO_COLOR": "1"}, description="uv venv")


def install_project_command(
    project: Path, environment: Path, arguments: Iterable[str], env: Mapping[str, str]
) -> Command:
    argv = ("uv", "pip", "install", "--no-progress", *arguments)
    variables = {"VIRTUAL_ENV": str(environment), **env}
    return Command(argv=argv, cwd=project, env=variables, description=f"uv pip install {project.name}")


def cause_of(log: str) -> str:
    """Why an installation failed: what follows `error:`."""
    return " ".join(log.rpartition("error:")[2].split())
