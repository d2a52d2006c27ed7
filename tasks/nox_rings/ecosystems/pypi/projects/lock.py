"""uv.lock: what each local package requires, and what is installed for it.

The lockfile knows what no manifest shows: dependencies that a build backend computes, and members that come in through
a package of an index. https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from nox_rings.engine.paths import joined
from nox_rings.engine.reach import reached
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.validation import convert

LOCKFILE = "uv.lock"
# Sources on this machine: a member or a path, built or only read; `path` is an archive.
LOCAL = ("editable", "directory", "virtual", "path")
# The archives of a package are most of a lockfile, and nothing here needs them.
ARCHIVE = re.compile(r"^    \{ url = .*\n", re.MULTILINE)


class Required(TypedDict, total=False):
    name: str
    version: str
    source: dict[str, Any]


LockedPackage = TypedDict(
    "LockedPackage",
    {
        "name": str,
        "version": str,
        "source": dict[str, Any],
        "dependencies": list[Required],
        "optional-dependencies": dict[str, list[Required]],
        "dev-dependencies": dict[str, list[Required]],
    },
    total=False,
)
# Groups of a workspace whose root is no package.
LockManifest = TypedDict("LockManifest", {"dependency-groups": dict[str, list[Required]]}, total=False)


class UvLock(TypedDict, total=False):
    package: list[LockedPackage]
    manifest: LockManifest


@dataclass(frozen=True, slots=True)
class LocalEdges:
    """Paths, relative to the workspace, of what a local package requires: always, and by an extra or a group."""

    required: frozenset[str] = frozenset()
    development: frozenset[str] = frozenset()


def parse_lock(text: str) -> UvLock:
    """Raises ValueError."""
    import tomllib

    return convert(tomllib.loads(ARCHIVE.sub("", text)), UvLock, LOCKFILE)


def load_lock(sources: Sources, path: str) -> UvLock:
    """An empty one, with a problem, where it is not readable."""
    try:
        return parse_lock(sources.text(path))
    except (OSError, ValueError) as error:
        found = " ".join(str(error).split())
        sources.add_problem(
            path, f"{path}: found no lockfile that can be read ({found}), expected what `uv lock` writes"
        )
        return {}


class LockGraph:
    """The packages of a lockfile that lies in `folder`, by their index, and what each requires."""

    def __init__(self, lock: UvLock, folder: str) -> None:
        self._packages = [each for each in lock.get("package", ()) if "name" in each]
        self._by_name: dict[str, list[int]] = {}
        for index, package in enumerate(self._packages):
            self._by_name.setdefault(package["name"], []).append(index)
        self._path = [_local_path(package, folder) for package in self._packages]
        self._at = {path: index for index, path in enumerate(self._path) if path is not None}
        self._always = [self._found(each.get("dependencies", ())) for each in self._packages]
        self._sometimes = [self._found(_optional(each)) - self._always[at] for at, each in enumerate(self._packages)]
        groups = lock.get("manifest", {}).get("dependency-groups", {})
        self._shared = self._found(each for group in groups.values() for each in group)
        self._leads_to_local = self._leading_to_local()

    @property
    def folders(self) -> tuple[str, ...]:
        """Paths of local packages, an archive too."""
        return tuple(self._at)

    def copied(self) -> dict[str, str]:
        """Path → name of local packages that are installed as a copy: an edit is not seen until they are installed
        again."""
        kinds = ("directory", "path")
        return {
            path: self._packages[index]["name"]
            for path, index in self._at.items()
            if any(kind in self._packages[index].get("source", {}) for kind in kinds)
        }

    def name_at(self, path: str) -> str:
        return self._packages[self._at[path]]["name"] if path in self._at else ""

    def edges(self, path: str) -> LocalEdges:
        """Of the local package at `path`; what a package of an index requires in turn counts for it."""
        index = self._at.get(path)
        if index is None:
            return LocalEdges()
        required = frozenset(self._local(self._always[index])) - {path}
        development = frozenset(self._local(self._sometimes[index] | self._shared)) - required
        return LocalEdges(required, development - {path})

    def installed_for(self, paths: Iterable[str], groups: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """For each of `paths` a line for each package that is installed for it, with those of `groups`, which tests of
        the whole workspace use: name, version and source. With every extra and group of its own: more than is
        installed, and never less."""
        chosen = tuple(groups)
        tables = (package.get("dev-dependencies", {}) for package in self._packages)
        common = self._reached(
            self._shared | self._found(each for table in tables for group in chosen for each in table.get(group, ()))
        )
        lines = [self._line(index) for index in range(len(self._packages))]
        for path in paths:
            own = self._reached({self._at[path]} if path in self._at else ())
            yield path, tuple(sorted({lines[index] for index in own | common}))

    def _line(self, index: int) -> str:
        package = self._packages[index]
        version = "" if self._path[index] is not None else package.get("version", "")
        return f"{package['name']}=={version} {json.dumps(package.get('source', {}), sort_keys=True)}"

    def _found(self, required: Iterable[Required]) -> set[int]:
        """A requirement has a version and a source where its name is locked more than once."""
        found: set[int] = set()
        for each in required:
            for index in self._by_name.get(each.get("name", ""), ()):
                package = self._packages[index]
                if all(each.get(key, package.get(key)) == package.get(key) for key in ("version", "source")):
                    found.add(index)
        return found

    def _leading_to_local(self) -> frozenset[int]:
        """Packages of an index that require a local one, through others too."""
        needed_by: dict[int, list[int]] = {}
        for index, path in enumerate(self._path):
            if path is None:
                for each in self._always[index] | self._sometimes[index]:
                    needed_by.setdefault(each, []).append(index)
        local = {index for index, path in enumerate(self._path) if path is not None}
        return frozenset(reached(local, lambda index: needed_by.get(index, ())) - local)

    def _local(self, starts: Iterable[int]) -> Iterator[str]:
        """The nearest local packages: not what lies behind them."""
        found = reached(starts, lambda index: self._needs(index) if index in self._leads_to_local else ())
        return (path for index in found if (path := self._path[index]) is not None)

    def _reached(self, starts: Iterable[int]) -> set[int]:
        return reached(starts, self._needs)

    def _needs(self, index: int) -> set[int]:
        return self._always[index] | self._sometimes[index]


def _optional(package: LockedPackage) -> Iterator[Required]:
    tables: tuple[Mapping[str, list[Required]], ...] = (
        package.get("optional-dependencies", {}),
        package.get("dev-dependencies", {}),
    )
    for table in tables:
        for group in table.values():
            yield from group


def _local_path(package: LockedPackage, folder: str) -> str | None:
    source = package.get("source", {})
    return next((joined(folder, str(source[kind])) for kind in LOCAL if kind in source), None)
