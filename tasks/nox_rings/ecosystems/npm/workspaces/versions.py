"""What manifests ask for and what is used instead: told where the two differ in their major version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypedDict

from nox_rings.ecosystems.npm.workspaces.managers import ALL_LOCKFILES, LOCKFILES, Manager
from nox_rings.ecosystems.npm.workspaces.manifest import Package, Packages
from nox_rings.ecosystems.npm.workspaces.roots import PINS, Root
from nox_rings.engine.paths import joined
from nox_rings.workspace.sources import Sources, folder_of


class PackageLock(TypedDict, total=False):
    packages: dict[str, Any]


def tell_versions(sources: Sources, packages: Packages, roots: Iterable[Root]) -> None:
    pinned = _pins(sources)
    for root in roots:
        package = packages.at(root.folder)
        _tell_manager(sources, package, root)
        name, wanted = package.manager
        lock, version = pinned.get(name, ("", ""))
        if name == root.manager.program and differs(wanted, version):
            sources.pass_over(
                package.path,
                f"packageManager: found {name}@{wanted}; {name} {version}, which {lock} pins, is used",
                f"pin {name} {major(wanted)} in {folder_of(lock)}, or raise packageManager",
            )


def _tell_manager(sources: Sources, package: Package, root: Root) -> None:
    """A manager that is not used although the manifest names it, and lockfiles of others."""
    name, _ = package.manager
    if name and name != root.manager.program:
        sources.pass_over(
            package.path,
            f"packageManager: found {name}, but {root.lockfile} belongs to {root.manager.program}, which is used",
            f"commit the lockfile of {name} and remove {root.lockfile}",
        )
    for other in ALL_LOCKFILES:
        path = joined(root.folder, other)
        if path in sources.known and path != root.lockfile and other not in LOCKFILES[root.manager]:
            sources.pass_over(path, f"{root.manager.program} installs {root.folder}, by {root.lockfile}", "remove it")


def differs(wanted: str, found: str) -> bool:
    return bool(major(wanted) and major(found) and major(wanted) != major(found))


def major(version: str) -> str:
    number = version.lstrip("^~>=v ").partition(".")[0]
    return number if number.isdigit() else ""


def _pins(sources: Sources) -> dict[str, tuple[str, str]]:
    """Manager → the lockfile that pins it, and its version."""
    found: dict[str, tuple[str, str]] = {}
    for path in sources.named("package-lock.json"):
        if PINS.fullmatch(folder_of(path)):
            packages = sources.json(path, PackageLock).get("packages") or {}
            for manager in Manager:
                entry = packages.get(f"node_modules/{manager.program}")
                if isinstance(entry, dict) and "version" in entry:
                    found.setdefault(manager.program, (path, str(entry["version"])))
    return found
