"""What lockfiles resolve: the packages they record, and those that each of them gets.

A `Locked` is one lockfile. Its packages have keys of its own: `own` is what a package is (name, version, checksum),
`needs` the keys of those that it gets, `find` that of what a package of the workspace gets for one of its needs: None
where that is a package of the workspace, or nothing. UNKNOWN is the key of what cannot be told: it changes with every
byte of the lockfile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nox_rings.ecosystems.npm.locks.links import PEERS
from nox_rings.ecosystems.npm.locks.texts import Block
from nox_rings.ecosystems.npm.workspaces.manifest import Need, Package
from nox_rings.engine.paths import at_or_above, below, joined
from nox_rings.engine.plan.records import digest_of

UNKNOWN = "?"
RUNTIME_TABLES = ("dependencies", "optionalDependencies", "peerDependencies")


class Locked(Protocol):
    @property
    def own(self) -> Mapping[str, str]: ...

    def needs(self, key: str) -> Sequence[str]: ...

    def find(self, package: Package, need: Need) -> str | None: ...


@dataclass(frozen=True, slots=True)
class PnpmLocked:
    """`importers` as `PnpmLinks` has them, `blocks` are the entries of `packages` and of `snapshots` by their keys,
    which hold the peers that a package got (https://github.com/pnpm/spec/tree/master/lockfile)."""

    root: str
    importers: Mapping[str, Mapping[str, str]]
    blocks: Mapping[str, Block]
    own: Mapping[str, str]

    @classmethod
    def of(
        cls, root: str, importers: Mapping[str, Mapping[str, str]], blocks: Mapping[str, Block], text: str
    ) -> PnpmLocked:
        own = {key: f"{key} {block.text} {_text_of(blocks.get(PEERS.sub('', key)))}" for key, block in blocks.items()}
        return cls(root, importers, blocks, {**own, UNKNOWN: digest_of(text)})

    def needs(self, key: str) -> Sequence[str]:
        if key not in self.blocks:
            return ()
        found = (self._key(name, version) for name, version in self.blocks[key].needs.items())
        return [each for each in found if each is not None]

    def find(self, package: Package, need: Need) -> str | None:
        version = self.importers.get(below(self.root, package.folder), {}).get(need.name)
        return None if version is None else self._key(need.name, version)

    def _key(self, name: str, version: str) -> str | None:
        """Since lockfile 9 `NAME@VERSION`, or the whole key where it is not that name's; `/NAME@VERSION` and
        `/NAME/VERSION` before."""
        if version.startswith("link:"):
            return None
        candidates = (f"{name}@{version}", version, f"/{name}@{version}", f"/{name}/{version}")
        return next((each for each in candidates if each in self.blocks), UNKNOWN)


def _text_of(block: Block | None) -> str:
    return block.text if block else ""


@dataclass(frozen=True, slots=True)
class NpmLocked:
    """`packages` of a package-lock.json, by location: what it gets lies in the node_modules of its location, or of one
    above it. A link leads to the location of a package of the workspace."""

    root: str
    packages: Mapping[str, Any]
    own: Mapping[str, str]

    @classmethod
    def of(cls, root: str, packages: Mapping[str, Any]) -> NpmLocked:
        found = {key: each for key, each in packages.items() if isinstance(each, dict)}
        texts = {key: _npm_text(key, each) for key, each in found.items()}
        return cls(root, found, _with_copies(texts))

    def needs(self, key: str) -> Sequence[str]:
        names = (name for table in RUNTIME_TABLES for name in _table(self.packages[key], table))
        found = dict.fromkeys(self._location(key, name) for name in names)
        return [each for each in found if each is not None]

    def find(self, package: Package, need: Need) -> str | None:
        return self._location(below(self.root, package.folder), need.name)

    def _location(self, here: str, name: str) -> str | None:
        for folder in at_or_above(here):
            location = joined(folder, f"node_modules/{name}")
            if (found := self.packages.get(location)) is not None:
                target = str(found.get("resolved", "")) if found.get("link") else location
                return target if target in self.packages else None
        return None


def _npm_text(key: str, package: Mapping[str, Any]) -> str:
    """Packages of the workspace are what they need, whatever their version."""
    if "node_modules/" not in f"{key}/":
        return ""
    name = package.get("name") or key.rpartition("node_modules/")[2]
    return f"{name}@{package.get('version')} {package.get('integrity') or package.get('resolved')}"


def _with_copies(texts: Mapping[str, str]) -> dict[str, str]:
    """With their keys where a package is there more than once: it matters whether two others get the same copy."""
    count = Counter(texts.values())
    return {key: f"{text} {key}" if text and count[text] > 1 else text for key, text in texts.items()}


@dataclass(frozen=True, slots=True)
class BunLocked:
    """`packages` of a bun.lock: `NAME`, or `PACKAGE/NAME` for what one package gets alone; an entry is a list of
    `NAME@VERSION`, tables and a checksum."""

    root: str
    workspaces: Mapping[str, Any]
    packages: Mapping[str, Any]
    own: Mapping[str, str]

    @classmethod
    def of(cls, root: str, workspaces: Mapping[str, Any], packages: Mapping[str, Any], text: str) -> BunLocked:
        found = {key: each for key, each in packages.items() if isinstance(each, list) and each}
        texts = {key: " ".join(str(part) for part in each if isinstance(part, str)) for key, each in found.items()}
        return cls(root, workspaces, found, {**_with_copies(texts), UNKNOWN: digest_of(text)})

    def needs(self, key: str) -> Sequence[str]:
        tables = next((part for part in self.packages.get(key, ()) if isinstance(part, dict)), {})
        found = [
            self._key(key, name, required=table == "dependencies")
            for table in RUNTIME_TABLES
            for name in _table(tables, table)
        ]
        return [each for each in found if each is not None]

    def find(self, package: Package, need: Need) -> str | None:
        here = below(self.root, package.folder)
        workspace = self.workspaces.get("" if here == "." else here)
        if not isinstance(workspace, dict):
            return UNKNOWN
        required = need.table in ("dependencies", "devDependencies")
        return self._key(str(workspace.get("name", "")), need.name, required=required)

    def _key(self, holder: str, name: str, *, required: bool) -> str | None:
        for prefix in _holders(holder):
            key = f"{prefix}/{name}" if prefix else name
            if (found := self.packages.get(key)) is not None:
                return None if "@workspace:" in str(found[0]) else key
        return UNKNOWN if required else None


def _holders(key: str) -> Iterator[str]:
    """`a/@b/c`, `a/@b`, `a` and "": what is no name of a package is no key."""
    while key:
        yield key
        key = key.rpartition("/")[0]
    yield ""


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
