"""The part of a lockfile that reaches a member: a digest of every package that it gets, through others and through the
packages of the workspace that it depends on. Nothing else in the lockfile makes the member stale.

What the root of a workspace requires is in the node_modules above all members, and its programs on their PATH: it is a
part of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from nox_rings.ecosystems.npm.locks.files import Lockfile
from nox_rings.ecosystems.npm.workspaces.manifest import Need, Packages
from nox_rings.engine.plan.records import digest_of
from nox_rings.engine.reach import digests_of_reached


class Edges(Protocol):
    """Folders of packages that a package depends on; `development` are those of its tests alone."""

    @property
    def all(self) -> frozenset[str]: ...

    @property
    def development(self) -> frozenset[str]: ...


class Parts:
    """`locks` and `edges` are by the folders of packages, of all roots."""

    def __init__(self, packages: Packages, locks: Mapping[str, Lockfile], edges: Mapping[str, Edges]) -> None:
        self._packages, self._locks, self._edges = packages, locks, edges
        told = {lock.path: lock.locked for lock in locks.values() if lock.locked}
        self._digests = {path: digests_of_reached(locked.own, locked.needs) for path, locked in told.items()}
        used = {folder: digest_of(*self._direct(folder, runtime=True)) for folder in locks}
        self._used = digests_of_reached(used, self._used_by)

    def of(self, root: str, folder: str) -> Mapping[str, str] | None:
        """The part of a member of the workspace in `root`, by the name that plans show; None where no lockfile says."""
        lock = self._locks[folder]
        if lock.locked is None:
            return None
        found = [*self._direct(folder, runtime=False)]
        found += self._direct(root, runtime=False) if root != folder and root in self._locks else ()
        siblings = sorted(self._used[each] for each in self._edges[folder].all if each in self._used)
        return {f"{lock.path}#{folder}": digest_of(*found, "|", *siblings)}

    def _used_by(self, folder: str) -> Iterable[str]:
        edges = self._edges.get(folder)
        return [each for each in edges.all - edges.development if each in self._locks] if edges else ()

    def _direct(self, folder: str, *, runtime: bool) -> Iterator[str]:
        lock, package = self._locks[folder], self._packages.at(folder)
        for need in sorted(lock.needs(package), key=_by_name):
            if lock.locked is None or (runtime and need.table == "devDependencies"):
                continue
            if (key := lock.locked.find(package, need)) is not None:
                yield f"{need.name}={self._digests[lock.path].get(key, key)}"


def _by_name(need: Need) -> tuple[str, str]:
    return need.name, need.table
