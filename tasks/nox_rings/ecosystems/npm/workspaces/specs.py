"""Which package of the workspace a dependency means, by the documented rules of its manager: for what no lockfile says.

workspace:*  workspace:^1.0  workspace:../a  workspace:NAME@*     pnpm, yarn 2, bun
link:../a    file:../a       portal:../a                          all; a folder, wherever it lies
catalog:     catalog:NAME                                         pnpm, bun; stands for another
^1.0  *                                                           npm, yarn, bun: where the version satisfies it;
                                                                  pnpm with linkWorkspacePackages"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nox_rings.ecosystems.npm.workspaces.managers import Manager
from nox_rings.ecosystems.npm.workspaces.manifest import Need, Package, Packages
from nox_rings.ecosystems.npm.workspaces.ranges import is_range, satisfies
from nox_rings.ecosystems.npm.workspaces.roots import Root
from nox_rings.engine.paths import joined
from nox_rings.workspace.sources import Sources

FOLDERS = ("link:", "file:", "portal:")
ALIAS = re.compile(r"(@[^/@]+/[^@]+|[^@./][^@]*)@(.*)")
_NAME = r"(?:@[^/@>]+/)?[^/@>]+"
OVERRIDE = re.compile(rf"(?:(?P<parent>\*\*|{_NAME})(?:@[^/>]+)?[/>])?(?P<name>{_NAME})(?:@(?:npm:)?(?P<range>.+))?")
LINKS = re.compile(r"^\s*link-workspace-packages\s*=\s*(true|deep)\s*$", re.MULTILINE)
# https://pnpm.io/settings#linkworkspacepackages: on by default until 8.
LAST_TO_LINK = 8


class UnansweredError(LookupError):
    """A `workspace:` specifier that no package of the workspace answers."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of one root. `named` are folders of its packages by name, `folders` all of them; `links_ranges`: a plain
    range may mean one of them."""

    root: str
    named: Mapping[str, tuple[str, ...]]
    folders: frozenset[str]
    packages: Packages
    links_ranges: bool
    overrides: Mapping[str, Any]
    catalogs: Mapping[str, Mapping[str, Any]]

    def targets(self, package: Package, need: Need) -> tuple[str, ...]:
        """Folders. Raises UnansweredError."""
        overridden = self._overridden(package, need)
        if overridden is not None:  # of the root, and relative to it
            return self._targets(self.packages.at(self.root), need.name, overridden)
        return self._targets(package, need.name, need.spec)

    def _overridden(self, package: Package, need: Need) -> str | None:
        """Of a name, with its range or below its parent: `lodash`, `lodash@^4`, `a/lodash`, `**/lodash`, `a>lodash`."""
        for key, spec in self.overrides.items():
            match = OVERRIDE.fullmatch(key)
            if match is None or match["name"] != need.name or not isinstance(spec, str):
                continue
            if match["parent"] in (None, "**", package.name) and match["range"] in (None, need.spec):
                return spec
        return None

    def _targets(self, package: Package, name: str, spec: str) -> tuple[str, ...]:
        if spec.startswith("catalog:"):
            meant = self.catalogs.get(spec.removeprefix("catalog:") or "default", {}).get(name, "")
            return () if str(meant).startswith("catalog:") else self._targets(package, name, str(meant))
        if spec.startswith("workspace:"):
            return self._workspace(package, name, spec.removeprefix("workspace:"))
        if spec.startswith(FOLDERS):
            return (joined(package.folder, spec.partition(":")[2].removeprefix("//")),)
        if spec.startswith(("./", "../")):
            return (joined(package.folder, spec),)
        if not self.links_ranges:
            return ()
        return tuple(each for each in self.named.get(name, ()) if self._is_satisfied(each, spec))

    def _workspace(self, package: Package, name: str, rest: str) -> tuple[str, ...]:
        path = joined(package.folder, rest)
        if rest.startswith((".", "/")) or path in self.folders:  # yarn's may begin with a name
            found: tuple[str, ...] = (path,) if path in self.folders else ()
        else:
            alias = ALIAS.fullmatch(rest)
            found = self.named.get(alias[1] if alias else name, ())
        if not found:
            raise UnansweredError(name)
        return found

    def _is_satisfied(self, folder: str, spec: str) -> bool:
        version, wanted = self.packages.at(folder).version, spec.removeprefix("npm:") or "*"
        return wanted == "*" or (is_range(wanted) and satisfies(version, wanted))


def rule_of(sources: Sources, packages: Packages, root: Root) -> Rule:
    named: dict[str, tuple[str, ...]] = {}
    for folder in root.packages:
        name = packages.at(folder).name
        named[name] = (*named.get(name, ()), folder)
    return Rule(
        root=root.folder,
        named=named,
        folders=frozenset(root.packages),
        packages=packages,
        links_ranges=root.manager is not Manager.PNPM or _links_ranges(sources, packages, root),
        overrides=_overrides(packages.at(root.folder), root),
        catalogs=_catalogs(packages.at(root.folder), root),
    )


def _links_ranges(sources: Sources, packages: Packages, root: Root) -> bool:
    if "linkWorkspacePackages" in root.settings:
        return bool(root.settings["linkWorkspacePackages"])
    settings = joined(root.folder, ".npmrc")
    if settings in sources.known and LINKS.search(sources.loose_text(settings)):
        return True
    name, version = packages.at(root.folder).manager
    major = version.split(".")[0]
    return name == Manager.PNPM and major.isdigit() and int(major) <= LAST_TO_LINK


def _overrides(package: Package, root: Root) -> Mapping[str, Any]:
    own = package.document.get("pnpm") if root.manager is Manager.PNPM else None
    found = (own.get("overrides") if isinstance(own, dict) else None, root.settings.get("overrides"))
    if root.manager is not Manager.PNPM:
        found = (package.document.get("resolutions"), package.document.get("overrides"))
    return {name: spec for each in found if isinstance(each, dict) for name, spec in each.items()}


def _catalogs(package: Package, root: Root) -> Mapping[str, Mapping[str, Any]]:
    """Of pnpm-workspace.yaml, or of package.json for bun, where they stand at the top or in `workspaces`."""
    workspaces = package.document.get("workspaces")
    holders: tuple[Any, ...] = (package.document, workspaces, root.settings)
    found: dict[str, Mapping[str, Any]] = {}
    for holder in holders:
        if isinstance(holder, dict):
            named, default = holder.get("catalogs"), holder.get("catalog")
            found |= {name: each for name, each in (named or {}).items() if isinstance(each, dict)}
            found |= {"default": default} if isinstance(default, dict) else {}
    return found
