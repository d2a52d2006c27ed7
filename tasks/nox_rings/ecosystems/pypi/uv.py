"""uv ≥ 0.13: workspaces and projects (https://docs.astral.sh/uv/concepts/projects/workspaces/), and their commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from nox_rings.ecosystems.pypi.globs import glob_problems, takes_member
from nox_rings.engine.paths import is_under, joined
from nox_rings.engine.process.command import Command
from nox_rings.workspace.model import InstallRoot, Member
from nox_rings.workspace.sources import Sources, folder_of

if TYPE_CHECKING:
    from packaging.utils import NormalizedName

ECOSYSTEM = "pypi"
TEST_GROUP = "dev"


class UvWorkspace(TypedDict, total=False):
    members: list[str]
    exclude: list[str]


class UvTable(TypedDict, total=False):
    sources: dict[str, Any]
    workspace: UvWorkspace


class Tool(TypedDict, total=False):
    uv: UvTable


Project = TypedDict(
    "Project",
    {"name": str, "dependencies": list[str], "optional-dependencies": dict[str, list[str]]},
    total=False,
)
Pyproject = TypedDict(
    "Pyproject", {"project": Project, "dependency-groups": dict[str, list[Any]], "tool": Tool}, total=False
)


def find_install_roots(sources: Sources) -> tuple[InstallRoot, ...]:
    """uv workspaces, and projects outside any of them that uv manages (a uv.lock, or a [tool.uv] table)."""
    parsed = {folder_of(path): sources.toml(path, Pyproject) for path in sources.named("pyproject.toml")}
    roots = {folder: table for folder, table in parsed.items() if _workspace(table) is not None}
    for root, table in roots.items():
        workspace = _workspace(table) or {}
        globs = (*workspace.get("members", ()), *workspace.get("exclude", ()))
        where = f"{joined(root, 'pyproject.toml')}: tool.uv.workspace"
        for problem in glob_problems(globs):
            sources.add_problem(joined(root, "uv.lock"), f"{where}: {problem}")
    claimed = {member for root, table in roots.items() for member in _members(root, table, parsed)}
    alone = {
        folder: table
        for folder, table in parsed.items()
        if folder not in claimed and folder not in roots and "project" in table and _is_managed(sources, folder, table)
    }
    return tuple(_install_root(sources, folder, parsed) for folder in sorted({**roots, **alone}))


def _workspace(table: Pyproject) -> UvWorkspace | None:
    return table.get("tool", {}).get("uv", {}).get("workspace")


def _is_managed(sources: Sources, folder: str, table: Pyproject) -> bool:
    return joined(folder, "uv.lock") in sources.known or "uv" in table.get("tool", {})


def _members(root: str, table: Pyproject, parsed: dict[str, Pyproject]) -> tuple[str, ...]:
    """Member folders of the install root at `root`. The root of a workspace with members is its container, not a
    member."""
    workspace = _workspace(table)
    if workspace is None:
        return (root,)
    members, exclude = workspace.get("members", ()), workspace.get("exclude", ())
    found = tuple(
        folder
        for folder in parsed
        if folder != root
        and is_under(folder, root)
        and takes_member(folder if root == "." else folder[len(root) + 1 :], members, exclude)
    )
    return found or (root,)


def _install_root(sources: Sources, folder: str, parsed: dict[str, Pyproject]) -> InstallRoot:
    lockfile = joined(folder, "uv.lock")
    if lockfile not in sources.known:
        sources.add_problem(
            lockfile,
            f"{joined(folder, 'pyproject.toml')}: found no uv.lock beside it, "
            f"expected a committed lockfile (run `uv lock` in {folder})",
        )
    members = _members(folder, parsed[folder], parsed)
    manifests = {joined(each, "pyproject.toml") for each in (folder, *members)}
    groups = {TEST_GROUP for each in (folder, *members) if TEST_GROUP in parsed[each].get("dependency-groups", {})}
    files = sorted(path for path in (*manifests, lockfile) if path in sources.known)
    return InstallRoot(folder=folder, ecosystem=ECOSYSTEM, lockfile=lockfile, files=tuple(files), groups=tuple(groups))


def find_members(sources: Sources, roots: tuple[InstallRoot, ...]) -> Iterator[Member]:
    from packaging.utils import canonicalize_name

    parsed = {folder_of(path): sources.toml(path, Pyproject) for path in sources.named("pyproject.toml")}
    for root in roots:
        members = _members(root.folder, parsed[root.folder], parsed)
        names = {canonicalize_name(parsed[each].get("project", {}).get("name", "")): each for each in members}
        for folder in members:
            tests = any(path.rpartition("/")[2].startswith("test_") for path in sources.under(joined(folder, "tests")))
            local = _local_dependencies(folder, root.folder, parsed, names)
            yield Member(
                folder=folder,
                ecosystem=ECOSYSTEM,
                name=str(parsed[folder].get("project", {}).get("name", "")),
                install_root=root.folder,
                depends_on=tuple(sorted(local - {folder})),
                checks=("test",) if tests else (),
            )


def _local_dependencies(
    folder: str, install_root: str, parsed: dict[str, Pyproject], names: Mapping[NormalizedName, str]
) -> set[str]:
    """Requirements with a source in the workspace or at a path; without one uv asks the index. Sources of the
    workspace's root hold for its members, and their paths are relative to the root."""
    from packaging.utils import canonicalize_name

    table = parsed[folder]
    sources = {
        name: (at, source)
        for at in (install_root, folder)
        for name, source in parsed[at].get("tool", {}).get("uv", {}).get("sources", {}).items()
    }
    project = table.get("project", {})
    wanted = [*project.get("dependencies", ())]
    wanted += [each for extra in project.get("optional-dependencies", {}).values() for each in extra]
    wanted += [each for group in table.get("dependency-groups", {}).values() for each in group if isinstance(each, str)]
    required = {canonicalize_name(re.split(r"[^\w.-]", requirement, maxsplit=1)[0]) for requirement in wanted}
    found: set[str] = set()
    for name, (at, source) in sources.items():
        if canonicalize_name(name) not in required or not isinstance(source, dict):
            continue
        if source.get("workspace") and canonicalize_name(name) in names:
            found.add(names[canonicalize_name(name)])
        elif "path" in source and (path := joined(at, str(source["path"]))) in names.values():
            found.add(path)
    return found


def sync_command(install_root: Path, environment: Path, groups: tuple[str, ...]) -> Command:
    """Install every member of `install_root`, editable, into a virtual environment of our own; the lock is not
    touched."""
    chosen = tuple(word for group in groups for word in ("--group", group))
    return Command(
        argv=("uv", "sync", "--frozen", "--all-packages", *chosen),
        cwd=install_root,
        env={"UV_PROJECT_ENVIRONMENT": str(environment), "NO_COLOR": "1"},
        description="uv sync",
    )


def pytest_command(package: Path, environment: Path) -> Command:
    return Command(
        argv=(str(environment / "bin" / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        cwd=package,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        description=f"pytest in {package.name}",
    )


def compile_command(package: Path, environment: Path, files: tuple[str, ...], member: Member) -> Command:
    """Compile every module of the package, which stands for a build in Python."""
    sources = (
        [joined(member.folder, "src")] if any(is_under(path, joined(member.folder, "src")) for path in files) else []
    )
    where = "src" if sources else "."
    return Command(
        argv=(str(environment / "bin" / "python"), "-m", "compileall", "-q", where),
        cwd=package,
        env={"PYTHONPYCACHEPREFIX": str(environment / "pycache")},
        description=f"compile {package.name}",
    )


def build_command(package: Path, destination: Path) -> Command:
    """Wheel and sdist without workspace sources, as an external user would build them."""
    return Command(
        argv=("uv", "build", "--no-sources", "--out-dir", str(destination), "."),
        cwd=package,
        env={"NO_COLOR": "1"},
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
