"""The package managers, and which of them a folder belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from nox_rings.ecosystems.npm.workspaces.manifest import Package
from nox_rings.engine.paths import joined
from nox_rings.workspace.sources import Sources


class Manager(StrEnum):
    NPM = "npm"
    PNPM = "pnpm"
    YARN = "yarn"
    BERRY = "yarn-berry"  # yarn 2 and later
    BUN = "bun"

    @property
    def program(self) -> str:
        return "yarn" if self is Manager.BERRY else str(self)


LOCKFILES: Mapping[Manager, tuple[str, ...]] = {
    Manager.PNPM: ("pnpm-lock.yaml",),
    Manager.YARN: ("yarn.lock",),
    Manager.BERRY: ("yarn.lock",),
    Manager.BUN: ("bun.lock", "bun.lockb"),
    Manager.NPM: ("npm-shrinkwrap.json", "package-lock.json"),
}
ALL_LOCKFILES = tuple(dict.fromkeys(name for names in LOCKFILES.values() for name in names))
# Beside the root; `*` ends a name that begins so. An installation reads all of them.
SETTINGS: Mapping[Manager, tuple[str, ...]] = {
    Manager.PNPM: ("pnpm-workspace.yaml", ".npmrc", ".pnpmfile.cjs", ".pnpmfile.mjs"),
    Manager.YARN: (".yarnrc", ".npmrc"),
    Manager.BERRY: (".yarnrc.yml",),
    Manager.BUN: ("bunfig.toml", ".npmrc"),
    Manager.NPM: (".npmrc",),
}
ALL_SETTINGS = tuple(dict.fromkeys(name for names in SETTINGS.values() for name in names))
PATCHES = ("patches", ".yarn/patches", ".yarn/plugins")


def manager_of(sources: Sources, package: Package) -> Manager:
    """By the lockfile beside it; where there are several, or none, by what the manifest asks for."""
    folder = package.folder
    present = [each for each in LOCKFILES if _has(sources, folder, LOCKFILES[each]) and each is not Manager.BERRY]
    wanted = _wanted(package)
    if wanted and (wanted in present or not present):
        return _version_of_yarn(sources, package, wanted)
    if len(present) > 1 and _has(sources, folder, ("pnpm-workspace.yaml",)) and Manager.PNPM in present:
        return Manager.PNPM
    if present:
        return _version_of_yarn(sources, package, present[0])
    if _has(sources, folder, ("pnpm-workspace.yaml",)):
        return Manager.PNPM
    if _has(sources, folder, (".yarnrc.yml",)):
        return Manager.BERRY
    if _has(sources, folder, ("bunfig.toml",)):
        return Manager.BUN
    engines = (each for each in (Manager.PNPM, Manager.YARN, Manager.BUN) if each in package.engines)
    return next(engines, Manager.NPM)


def lockfile_of(sources: Sources, folder: str, manager: Manager) -> str:
    """The one that is there, or the one that should be."""
    paths = [joined(folder, name) for name in LOCKFILES[manager]]
    return next((path for path in paths if path in sources.known), paths[-1 if manager is Manager.NPM else 0])


def _wanted(package: Package) -> Manager | None:
    name, _ = package.manager
    return Manager(name) if name in (Manager.NPM, Manager.PNPM, Manager.YARN, Manager.BUN) else None


def _version_of_yarn(sources: Sources, package: Package, manager: Manager) -> Manager:
    """Lockfiles of yarn 1 say so in their first lines; those of later versions begin with `__metadata`."""
    if manager is not Manager.YARN:
        return manager
    lockfile = joined(package.folder, "yarn.lock")
    if lockfile in sources.known and (text := _head(sources, lockfile)):
        return Manager.YARN if "yarn lockfile v1" in text else Manager.BERRY
    name, version = package.manager
    is_one = name == "yarn" and version.split(".")[0] in ("0", "1")
    later = _has(sources, package.folder, (".yarnrc.yml",)) or (name == "yarn" and version and not is_one)
    return Manager.BERRY if later else Manager.YARN


def _head(sources: Sources, path: str) -> str:
    return sources.loose_text(path)[:500]


def _has(sources: Sources, folder: str, names: tuple[str, ...]) -> bool:
    return any(joined(folder, name) in sources.known for name in names)
