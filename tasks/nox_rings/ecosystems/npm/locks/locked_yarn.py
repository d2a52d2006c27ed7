"""What lockfiles of yarn resolve: entries by the descriptors (`NAME@RANGE`) that lead to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from nox_rings.ecosystems.npm.locks.locked import UNKNOWN
from nox_rings.ecosystems.npm.locks.texts import YarnEntry
from nox_rings.ecosystems.npm.workspaces.manifest import Need, Package
from nox_rings.engine.paths import below
from nox_rings.engine.plan.records import digest_of

LOCAL = ("file:", "link:", "portal:", "workspace:")
WORKSPACE = "@workspace:"
TOLD = ("version", "resolution", "resolved", "integrity", "checksum", "conditions")


@dataclass(frozen=True, slots=True)
class YarnLocked:
    """Of any version. `names` are those of the packages of the workspace, which yarn 1 leaves out; later versions have
    an entry for each, here by its folder."""

    root: str
    entries: Mapping[str, YarnEntry]
    workspaces: Mapping[str, YarnEntry]
    names: Collection[str]
    own: Mapping[str, str]

    @classmethod
    def of(cls, root: str, entries: Sequence[YarnEntry], names: Collection[str], text: str) -> YarnLocked:
        workspaces = {folder: entry for entry in entries if (folder := _folder(entry))}
        return cls(
            root=root,
            entries={key: entry for entry in entries for key in entry.keys},
            workspaces=workspaces,
            names=names,
            own={**{entry.keys[0]: _text(entry) for entry in entries}, UNKNOWN: digest_of(text)},
        )

    def needs(self, key: str) -> Sequence[str]:
        if key not in self.entries:
            return ()
        entry = self.entries[key]
        found = (self._key(name, spec, optional=name in entry.optional) for name, spec in entry.needs.items())
        return [each for each in found if each is not None]

    def find(self, package: Package, need: Need) -> str | None:
        """Which package meets a peer is up to those that need it: one of them has it among its own."""
        if need.table == "peerDependencies":
            return None
        workspace = self.workspaces.get(below(self.root, package.folder))
        spec = workspace.needs.get(need.name, need.spec) if workspace else need.spec
        key = self._key(need.name, spec, optional=need.table == "optionalDependencies")
        if key == UNKNOWN:
            return None if spec.startswith(LOCAL) or need.name in self.names else UNKNOWN
        return None if key is None or _folder(self.entries[key]) else key

    def _key(self, name: str, spec: str, *, optional: bool) -> str | None:
        for descriptor in (f"{name}@{spec}", f"{name}@npm:{spec}"):
            if entry := self.entries.get(descriptor):
                return entry.keys[0]
        return None if optional else UNKNOWN


def _folder(entry: YarnEntry) -> str:
    """Of a package of the workspace, relative to the lockfile; empty for any other."""
    return entry.fields.get("resolution", "").partition(WORKSPACE)[2]


def _text(entry: YarnEntry) -> str:
    """Packages of the workspace are what they need."""
    if _folder(entry):
        return ""
    name = entry.keys[0][: entry.keys[0].find("@", 1)]
    return " ".join([name, *(f"{key}={entry.fields[key]}" for key in TOLD if key in entry.fields)])
