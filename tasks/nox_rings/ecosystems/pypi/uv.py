"""uv ≥ 0.13: its commands for workspaces and projects (https://docs.astral.sh/uv/concepts/projects/)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from nox_rings.engine.process.command import Command


def sync_command(
    install_root: Path,
    environment: Path,
    groups: Iterable[str],
    extras: Iterable[str] = (),
    reinstalled: Iterable[str] = (),
) -> Command:
    """Install every member of `install_root`, editable, into a virtual environment of our own; the lock is not
    touched. `reinstalled` are distributions that are installed as a copy of a folder: uv does not notice its edits."""
    chosen = [word for group in groups for word in ("--group", group)]
    chosen += [word for extra in extras for word in ("--extra", extra)]
    chosen += [word for name in reinstalled for word in ("--reinstall-package", name)]
    return Command(
        argv=("uv", "sync", "--frozen", "--all-packages", *chosen),
        cwd=install_root,
        env={"UV_PROJECT_ENVIRONMENT": str(environment), **outside_of_the_tree(environment)},
        description="uv sync",
    )


def outside_of_the_tree(environment: Path) -> dict[str, str]:
    """Variables with which setuptools leaves nothing in the folders that it builds: settings that distutils reads
    (https://setuptools.pypa.io/en/latest/deprecated/distutils/configfile.html)."""
    return {"NO_COLOR": "1", "DIST_EXTRA_CONFIG": str(setuptools_settings(environment))}


def setuptools_settings(environment: Path) -> Path:
    """Beside the environment, which uv may make anew."""
    return environment.parent / f"{environment.name}.setuptools.cfg"


def build_command(package: Path, destination: Path, variables: Mapping[str, str]) -> Command:
    """Wheel and sdist without workspace sources, as an external user would build them."""
    return Command(
        argv=("uv", "build", "--no-sources", "--out-dir", str(destination), "."),
        cwd=package,
        env={"NO_COLOR": "1", **variables},
        description=f"uv build {package.name}",
    )


def wheel_command(package: Path, destination: Path, environment: Path) -> Command:
    """A wheel of the package as it is, to see that its backend builds it."""
    return Command(
        argv=("uv", "build", "--wheel", "--out-dir", str(destination), "."),
        cwd=package,
        env=outside_of_the_tree(environment),
        description=f"uv build {package.name}",
    )


def sbom_command(install_root: Path, distribution: str) -> Command:
    """Prints a CycloneDX document of what the lockfile in `install_root` records for a member, for all platforms. It
    has no licenses, as the lockfile has none."""
    arguments = ("export", "--frozen", "--format", "cyclonedx1.5", "--no-default-groups", "--package", distribution)
    return Command(argv=("uv", *arguments), cwd=install_root, env={"NO_COLOR": "1"}, description="uv export")


def publish_command(artifact: Path, index: str, cwd: Path) -> Command:
    """To an index with anonymous uploads; uv requires credentials all the same."""
    credentials = ("--username", "any", "--password", "any", "--trusted-publishing", "never")
    argv = ("uv", "publish", "--publish-url", f"{index}/", *credentials, str(artifact))
    return Command(argv=argv, cwd=cwd, env={"NO_COLOR": "1"}, description="uv publish")
