"""What lockfiles record about packages of the workspace: the manager's own answer, whatever the specifier's spelling.

Each class answers for one lockfile: `target(package, need)` is the folder of the package that a dependency leads to,
relative to the repository, `""` where it comes from elsewhere, and None where the lockfile does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from nox_rings.ecosystems.npm.workspaces.manifest import Need, Package
from nox_rings.engine.paths import at_or_above, below, joined

ELSEWHERE = ""
ARCHIVES = (".tgz", ".tar.gz", ".tar")
PEERS = re.compile(r"\(.*$")


class Links(Protocol):
    def target(self, package: Package, need: Need) -> str | None: ...


class NoLinks:
    """Of a lockfile that is missing, binary or unreadable."""

    def target(self, package: Package, need: Need) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class PnpmLinks:
    """`importers` are the lockfile's, by folder: name → version. A version that is a link is relative to its importer,
    one that is a `file:` to the lockfile."""

    root: str
    importers: Mapping[str, Mapping[str, str]]

    def target(self, package: Package, need: Need) -> str | None:
        version = self.importers.get(below(self.root, package.folder), {}).get(need.name)
        if version is None:
            return None
        kind, _, path = version.partition(":")
        if kind == "link":
            return joined(package.folder, path)
        if kind == "file" and not path.endswith(ARCHIVES):
            return joined(self.root, PEERS.sub("", path))
        return ELSEWHERE

    def added(self, package: Package) -> Iterator[Need]:
        """What the package gets beside what its manifest says: by `packageExtensions` or a hook of the workspace
        (https://pnpm.io/settings#packageextensions, https://pnpm.io/pnpmfile)."""
        said = {need.name for need in package.needs}
        for name, version in self.importers.get(below(self.root, package.folder), {}).items():
            if name not in said:
                yield Need("dependencies", name, version, development=False)


@dataclass(frozen=True, slots=True)
class NpmLinks:
    """`packages` of a package-lock.json, by location (https://docs.npmjs.com/cli/configuring-npm/package-lock-json)."""

    root: str
    packages: Mapping[str, Any]

    def target(self, package: Package, need: Need) -> str | None:
        here = below(self.root, package.folder)
        if here != "." and here not in self.packages:
            return None
        for folder in at_or_above(here):
            found = self.packages.get(joined(folder, f"node_modules/{need.name}"))
            if isinstance(found, dict):
                return self._place(str(found.get("resolved", "")), is_link=bool(found.get("link")))
        return None

    def _place(self, resolved: str, *, is_link: bool) -> str:
        """A folder may be linked, or copied with `install-links` (https://docs.npmjs.com/cli/using-npm/config)."""
        if is_link:
            return joined(self.root, resolved)
        is_folder = resolved.startswith("file:") and not resolved.endswith(ARCHIVES)
        return joined(self.root, resolved.removeprefix("file:")) if is_folder else ELSEWHERE


@dataclass(frozen=True, slots=True)
class YarnLinks:
    """`patterns` are what yarn 1 resolved outside of the workspace; its lockfile leaves out what a package in it
    satisfies."""

    patterns: frozenset[str]

    def target(self, package: Package, need: Need) -> str | None:
        if need.spec.startswith(("file:", "link:")):
            return None
        return ELSEWHERE if f"{need.name}@{need.spec}" in self.patterns else None


@dataclass(frozen=True, slots=True)
class BerryLinks:
    """`resolutions` are by descriptor (`a@npm:^1.0.0`), `needs` the descriptors of each workspace, by folder and name
    (https://yarnpkg.com/advanced/lexicon#descriptor)."""

    root: str
    resolutions: Mapping[str, str]
    needs: Mapping[str, Mapping[str, str]]

    def target(self, package: Package, need: Need) -> str | None:
        spec = self.needs.get(below(self.root, package.folder), {}).get(need.name)
        if spec is None:
            return None
        for descriptor in (f"{need.name}@{spec}", f"{need.name}@npm:{spec}"):
            if resolution := self.resolutions.get(descriptor):
                _, workspace, path = resolution.partition("@workspace:")
                return joined(self.root, path) if workspace else _local(package, spec)
        return None  # `resolutions` of the root sends it elsewhere, and what that is the lockfile does not say


def _local(package: Package, spec: str) -> str | None:
    """`file:`, `link:` and `portal:` are left to the manifest."""
    return None if spec.startswith(("file:", "link:", "portal:", "workspace:")) else ELSEWHERE


@dataclass(frozen=True, slots=True)
class BunLinks:
    """`packages` of a bun.lock: by `NAME`, or by `WORKSPACE/NAME` where a workspace has its own. `isolated`: each
    workspace gets a node_modules of its own unless settings say otherwise (https://bun.com/docs/pm/isolated-installs).
    """

    root: str
    workspaces: Mapping[str, Any]
    packages: Mapping[str, Any]
    isolated: bool = False

    def target(self, package: Package, need: Need) -> str | None:
        here = below(self.root, package.folder)
        workspace = self.workspaces.get("" if here == "." else here)
        if not isinstance(workspace, dict):
            return None
        for key in (f"{workspace.get('name', '')}/{need.name}", need.name):
            found = self.packages.get(key)
            if isinstance(found, list) and found:
                _, local, path = str(found[0]).partition("@workspace:")
                return joined(self.root, path) if local else _local(package, need.spec)
        return None
