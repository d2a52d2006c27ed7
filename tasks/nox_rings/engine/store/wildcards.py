"""Paths of a COPY against the disk, as a build resolves them: tracked or not."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator

from nox_rings.engine.paths import joined
from nox_rings.engine.patterns import glob_regex

MARKS = frozenset("*?[\\")


def has_wildcard(path: str) -> bool:
    return not MARKS.isdisjoint(path)


def expand(root: str, path: str, names_in: Callable[[str], list[str]] | None = None) -> Iterator[str]:
    """What `path` (relative to `root`) matches, in order; a path without wildcards is itself, there or not. `**` spans
    any number of folders (COPY --parents)."""
    if not has_wildcard(path):
        yield path
        return
    parts = path.split("/")
    first = next(index for index, part in enumerate(parts) if has_wildcard(part))
    yield from _expand(root, "/".join(parts[:first]) or ".", parts[first:], names_in or names)


def names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - the hot path: no Path objects
    except OSError:
        return []


def _expand(root: str, folder: str, parts: list[str], names_in: Callable[[str], list[str]]) -> Iterator[str]:
    part, rest = parts[0], parts[1:]
    if part.startswith("**"):  # whatever lies below
        if os.path.lexists(f"{root}/{folder}"):
            yield folder
        return
    regex = glob_regex(part)
    for name in names_in(f"{root}/{folder}") if has_wildcard(part) else [part]:
        if has_wildcard(part) and not regex.fullmatch(name):
            continue
        found = name if folder == "." else f"{folder}/{name}"
        if rest:
            yield from _expand(root, found, rest, names_in)
        elif os.path.lexists(f"{root}/{found}"):
            yield found


def link_target(root: str, path: str) -> str | None:
    """Where a link leads, relative to `root`: a build follows the ones that a COPY names. None where it is no link,
    and where it leaves the workspace."""
    full = f"{root}/{path}"
    if not os.path.islink(full):  # noqa: PTH114
        return None
    target = posixpath.relpath(os.path.realpath(full), os.path.realpath(root))
    return None if target.startswith("..") else joined(".", target)
