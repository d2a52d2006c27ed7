"""Settings that decide what is installed beside the lockfile, and the files of which only those count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nox_rings.ecosystems.npm.locks.files import Lockfile
from nox_rings.ecosystems.npm.workspaces.manifest import MANIFEST, Packages
from nox_rings.ecosystems.npm.workspaces.roots import PNPM_WORKSPACE, Root
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.records import digest_of
from nox_rings.workspace.sources import Sources

YARN_SETTINGS = ".yarnrc.yml"
# What they decide is in the lockfile, and a frozen installation refuses a lockfile that another value made.
LOCKED = frozenset({"packages", "catalog", "catalogs", "overrides", "packageExtensions", "patchedDependencies"})
# Of the root's manifest.
TABLES = ("pnpm", "trustedDependencies", "dependenciesMeta", "installConfig")


def is_parted(path: str, locks: Mapping[str, Lockfile]) -> bool:
    """Whether a file counts for a member by its part of it: lockfiles, manifests (which the lockfile repeats), and
    settings, which `settings_digest` has."""
    name = path.rpartition("/")[2]
    return name in (MANIFEST, PNPM_WORKSPACE, YARN_SETTINGS) or any(path == lock.path for lock in locks.values())


def settings_digest(sources: Sources, packages: Packages, root: Root) -> str:
    """Of those that are no part of a lockfile; empty where there are none."""
    paths = (joined(root.folder, name) for name in (PNPM_WORKSPACE, YARN_SETTINGS))
    tables: dict[str, Any] = {path: sources.yaml(path, dict[str, Any]) for path in paths if path in sources.known}
    document: Mapping[str, Any] = packages.at(root.folder).document
    tables |= {table: document.get(table) for table in TABLES}
    rest = {name: _rest(table) if isinstance(table, dict) else table for name, table in tables.items()}
    found = {name: value for name, value in rest.items() if value}
    return digest_of(json.dumps(found, sort_keys=True, default=str)) if found else ""


def _rest(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in LOCKED}
