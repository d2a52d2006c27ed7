"""The lockfiles of install roots, read."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
from nox_rings.ecosystems.npm.locks.texts import parse_pnpm_lock, parse_yarn_lock, parse_yarn_patterns
from nox_rings.ecosystems.npm.workspaces.jsonc import parse_jsonc
from nox_rings.ecosystems.npm.workspaces.managers import Manager
from nox_rings.ecosystems.npm.workspaces.manifest import Packages
from nox_rings.ecosystems.npm.workspaces.roots import PNPM_LOCK, Root
from nox_rings.engine.paths import below, joined
from nox_rings.workspace.sources import Sources


def links_of(sources: Sources, packages: Packages, root: Root) -> dict[str, Links]:
    """By the folders of its packages: of the lockfile that all share, or of their own
    (https://pnpm.io/settings#sharedworkspacelockfile)."""
    shared = _read(sources, packages, root, root.folder, root.lockfile)
    found: dict[str, Links] = dict.fromkeys((root.folder, *root.members), shared)
    if root.manager is Manager.PNPM:
        importers = shared.importers if isinstance(shared, PnpmLinks) else {}
        for folder in root.members:
            own = joined(folder, PNPM_LOCK)
            if own in sources.known and below(root.folder, folder) not in importers:
                found[folder] = _read(sources, packages, root, folder, own)
    return found


def _read(sources: Sources, packages: Packages, root: Root, folder: str, lockfile: str) -> Links:
    if lockfile not in sources.known or lockfile.endswith(".lockb"):
        return NoLinks()
    try:
        return _parsed(packages, root, folder, sources.text(lockfile))
    except ValueError as error:  # of JSON or of UTF-8
        sources.add_problem(lockfile, f"{lockfile}: found text that is no lockfile ({' '.join(str(error).split())})")
        return NoLinks()


def _parsed(packages: Packages, root: Root, folder: str, text: str) -> Links:
    if root.manager is Manager.NPM:
        found = _mapping(json.loads(text)).get("packages")
        return NpmLinks(folder, found) if isinstance(found, dict) else NoLinks()
    if root.manager is Manager.PNPM:
        return PnpmLinks(folder, parse_pnpm_lock(text))
    if root.manager is Manager.YARN:
        return YarnLinks(parse_yarn_patterns(text))
    return _berry(folder, text) if root.manager is Manager.BERRY else _bun(folder, text)


def _berry(folder: str, text: str) -> Links:
    resolutions: dict[str, str] = {}
    needs: dict[str, Mapping[str, str]] = {}
    for keys, fields, dependencies in parse_yarn_lock(text):
        resolution = fields.get("resolution", "")
        resolutions |= dict.fromkeys(keys, resolution)
        _, workspace, path = resolution.partition("@workspace:")
        if workspace:
            needs[path] = dependencies
    return BerryLinks(folder, resolutions, needs)


def _bun(folder: str, text: str) -> Links:
    document = _mapping(parse_jsonc(text))
    workspaces = _mapping(document.get("workspaces"))
    isolated = document.get("configVersion") == 1 and len(workspaces) > 1
    return BunLinks(folder, workspaces, _mapping(document.get("packages")), isolated)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
