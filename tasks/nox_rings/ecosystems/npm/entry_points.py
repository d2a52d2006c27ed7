"""The entry points of an npm package that an import reaches, by the rules of nodejs.org/api/packages.html#exports and
the conditions that TypeScript sets (typescriptlang.org/docs/handbook/modules/reference.html#packagejson-exports)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """How a compiler resolves imports: as Node does, or as bundlers do."""

    NODENEXT = "nodenext"
    BUNDLER = "bundler"


CONDITIONS = {
    Mode.NODENEXT: frozenset({"types", "import", "node", "default"}),
    Mode.BUNDLER: frozenset({"types", "import", "default"}),
}
TYPED = re.compile(r"\.(?:[cm]?js|d\.[cm]?ts|json)$")  # a stylesheet, say, has no types
NO_MODULE = re.compile(r"\.(?:map|d\.[cm]?ts)$")


def entry_points(manifest: Mapping[str, Any], files: Sequence[str], mode: Mode) -> tuple[str, ...]:
    """Specifiers of what has types. `files` are those of the package, relative to it."""
    name = str(manifest["name"])
    if manifest.get("exports") is None:
        fields = any(manifest.get(field) for field in ("main", "types", "typings"))
        return (name,) if fields or "index.js" in files else ()
    exports = _exports(manifest)
    reached = {
        subpath
        for key, value in exports.items()
        if (goal := _goal(value, CONDITIONS[mode]))
        for subpath, target in _expanded(key, goal, files)
        if TYPED.search(target) and _governing(subpath, exports) == key
    }
    return tuple(f"{name}{subpath.removeprefix('.')}" for subpath in sorted(reached))


def unreached(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Subpaths of `exports` that lead somewhere, but under none of the conditions of a mode."""
    conditions = CONDITIONS.values()
    exports = _exports(manifest).items()
    return tuple(key for key, value in exports if value and not any(_goal(value, each) for each in conditions))


def _exports(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """By subpath, also where the manifest has its short form."""
    exports = manifest.get("exports")
    is_long = isinstance(exports, dict) and all(key.startswith(".") for key in exports)
    return dict(exports) if isinstance(exports, dict) and is_long else {".": exports}


def _goal(value: Any, conditions: frozenset[str]) -> str | None:
    """The first condition that holds decides, as deep as they nest; of a list the first that leads anywhere."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = [each for condition, each in value.items() if condition.partition("@")[0] in conditions]
    if isinstance(value, list):
        for each in value:
            if each is None or (goal := _goal(each, conditions)):
                return None if each is None else goal
    return None


def _expanded(key: str, goal: str, files: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(subpath, target): a pattern stands for each file it fits."""
    if "*" not in key:
        yield key, goal
        return
    head, _, tail = goal.removeprefix("./").partition("*")
    for file in files:
        if file.startswith(head) and file.endswith(tail) and len(file) > len(head) + len(tail):
            middle = file[len(head) : len(file) - len(tail)]
            if not NO_MODULE.search(middle):
                yield key.replace("*", middle), file


def _governing(subpath: str, keys: Iterable[str]) -> str | None:
    """The key that decides about a subpath: its own, else the pattern with the longest beginning."""
    fitting = [key for key in keys if key == subpath or ("*" in key and _fits(subpath, key))]
    return max(fitting, key=lambda key: (key == subpath, len(key.partition("*")[0])), default=None)


def _fits(subpath: str, pattern: str) -> bool:
    head, _, tail = pattern.partition("*")
    return subpath.startswith(head) and subpath.endswith(tail) and len(subpath) > len(head) + len(tail)
