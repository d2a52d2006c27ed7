"""uv.lock: what each local package requires, and the part of it that reaches a member.

The lockfile knows what no manifest shows: dependencies that a build backend computes, and members that come in through
a package of an index. https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypedDict

from nox_rings.engine.paths import joined
from nox_rings.engine.plan.records import digest_of
from nox_rings.engine.reach import digests_of_reached, reached
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.validation import convert

LOCKFILE = "uv.lock"
# Sources on this machine: a member or a path, built or only read; `path` is an archive.
LOCAL = ("editable", "directory", "virtual", "path")
# The archives of a package are most of a lockfile, and nothing here needs them.
ARCHIVE = re.compile(r"^    \{ url = .*\n", re.MULTILINE)

# A package, by its index, and one of its extras: empty for the package itself.
Node = tuple[int, str]


class Required(TypedDict, total=False):
    name: str
    extra: list[str]
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

    def parts(self, root: str, groups: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """For each local package its path, a digest of the packages that it gets, through others too, and one of what
        its tests alone need: with every extra and group of its own, and what tests of all members use. That are the
        groups of the workspace, those of `groups` that its `root` has, and pytest with packages that require it, which
        it loads as plugins whoever has them installed."""
        chosen = frozenset(groups)
        table = self._packages[self._at[root]].get("dev-dependencies", {}) if root in self._at else {}
        shared = self._shared | self._found(each for name in chosen & table.keys() for each in table[name])
        digests = digests_of_reached(self._own(), self._gets.__getitem__)
        common = sorted(digests[index, ""] for index in shared | self._pytest())
        for path, index in self._at.items():
            nodes = self._nodes(_optional(self._packages[index]))
            yield path, digests[index, ""], digest_of(*sorted(digests[node] for node in nodes), "|", *common)

    def _own(self) -> dict[Node, str]:
        """What each package is, and each of its extras."""
        return {node: f"{self._line(node[0])} {node[1]}" for node in self._gets}

    def _pytest(self) -> set[int]:
        pytest = {*self._by_name.get("pytest", ())}
        return pytest | {at for at, each in enumerate(self._always) if each & pytest and self._path[at] is None}

    @cached_property
    def _gets(self) -> dict[Node, set[Node]]:
        """What a package gets, and what an extra of it brings beside that."""
        found: dict[Node, set[Node]] = {}
        for index, package in enumerate(self._packages):
            found[index, ""] = self._nodes(package.get("dependencies", ()))
            for extra, listed in package.get("optional-dependencies", {}).items():
                found[index, extra] = self._nodes(listed)
        return found

    def _nodes(self, required: Iterable[Required]) -> set[Node]:
        found: set[Node] = set()
        for each in required:
            for index in self._found((each,)):
                extras = self._packages[index].get("optional-dependencies", {}).keys() & {*each.get("extra", ())}
                found |= {(index, ""), *((index, extra) for extra in extras)}
        return found

    def _line(self, index: int) -> str:
        """That of a folder has no version: what is in it is an input of those that use it."""
        package = self._packages[index]
        source = package.get("source", {})
        version = package.get("version", "") if self._path[index] is None or "path" in source else ""
        return f"{package['name']}=={version} {json.dumps(source, sort_keys=True)}"

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
