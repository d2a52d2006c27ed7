"""The lockfiles of install roots, read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nox_rings.ecosystems.npm.locks.links import (
    BerryLinks,
    BunLinks,
    Links,
    NoLinks,
    NpmLinks,
    PnpmLinks,
    YarnLinks,
)
from nox_rings.ecosystems.npm.locks.locked import BunLocked, Locked, NpmLocked, PnpmLocked
from nox_rings.ecosystems.npm.locks.locked_yarn import YarnLocked
from nox_rings.ecosystems.npm.locks.texts import (
    YarnEntry,
    parse_pnpm_blocks,
    parse_pnpm_lock,
    parse_yarn_lock,
    parse_yarn_patterns,
)
from nox_rings.ecosystems.npm.workspaces.jsonc import parse_jsonc
from nox_rings.ecosystems.npm.workspaces.managers import Manager
from nox_rings.ecosystems.npm.workspaces.manifest import Need, Package, Packages
from nox_rings.ecosystems.npm.workspaces.roots import PNPM_LOCK, Root
from nox_rings.engine.paths import below, joined
from nox_rings.workspace.sources import Sources


@dataclass(frozen=True, slots=True)
class Lockfile:
    """`locked` is None where it does not say what is installed, or is not there."""

    path: str
    links: Links
    locked: Locked | None = None

    def needs(self, package: Package) -> Iterator[Need]:
        """Those of its manifest, and what the lockfile adds to them."""
        yield from package.needs
        if isinstance(self.links, PnpmLinks):
            yield from self.links.added(package)


def locks_of(sources: Sources, packages: Packages, root: Root) -> dict[str, Lockfile]:
    """By the folders of its packages: the lockfile that all share, or their own
    (https://pnpm.io/settings#sharedworkspacelockfile)."""
    shared = _read(sources, packages, root, root.folder, root.lockfile)
    found: dict[str, Lockfile] = dict.fromkeys((root.folder, *root.members), shared)
    if root.manager is Manager.PNPM:
        importers = shared.links.importers if isinstance(shared.links, PnpmLinks) else {}
        for folder in root.members:
            own = joined(folder, PNPM_LOCK)
            if own in sources.known and below(root.folder, folder) not in importers:
                found[folder] = _read(sources, packages, root, folder, own)
    return found


def _read(sources: Sources, packages: Packages, root: Root, folder: str, path: str) -> Lockfile:
    if path not in sources.known or path.endswith(".lockb"):
        return Lockfile(path, NoLinks())
    try:
        return Lockfile(path, *_parsed(packages, root, folder, sources.text(path)))
    except ValueError as error:  # of JSON or of UTF-8
        sources.add_problem(path, f"{path}: found text that is no lockfile ({' '.join(str(error).split())})")
        return Lockfile(path, NoLinks())


def _parsed(packages: Packages, root: Root, folder: str, text: str) -> tuple[Links, Locked | None]:
    names = frozenset(packages.at(each).name for each in root.packages)
    if root.manager is Manager.NPM:
        found = _mapping(json.loads(text)).get("packages")
        return (NpmLinks(folder, found), NpmLocked.of(folder, found)) if isinstance(found, dict) else (NoLinks(), None)
    if root.manager is Manager.PNPM:
        importers = parse_pnpm_lock(text)
        return PnpmLinks(folder, importers), PnpmLocked.of(folder, importers, parse_pnpm_blocks(text), text)
    if root.manager is Manager.BUN:
        return _bun(folder, text)
    entries = tuple(parse_yarn_lock(text))
    links = YarnLinks(parse_yarn_patterns(text)) if root.manager is Manager.YARN else _berry(folder, entries)
    return links, YarnLocked.of(folder, entries, names, text)


def _berry(folder: str, entries: Sequence[YarnEntry]) -> Links:
    resolutions: dict[str, str] = {}
    needs: dict[str, Mapping[str, str]] = {}
    for entry in entries:
        resolution = entry.fields.get("resolution", "")
        resolutions |= dict.fromkeys(entry.keys, resolution)
        _, workspace, path = resolution.partition("@workspace:")
        if workspace:
            needs[path] = entry.needs
    return BerryLinks(folder, resolutions, needs)


def _bun(folder: str, text: str) -> tuple[Links, Locked]:
    document = _mapping(parse_jsonc(text))
    workspaces, packages = _mapping(document.get("workspaces")), _mapping(document.get("packages"))
    isolated = document.get("configVersion") == 1 and len(workspaces) > 1
    return BunLinks(folder, workspaces, packages, isolated), BunLocked.of(folder, workspaces, packages, text)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
