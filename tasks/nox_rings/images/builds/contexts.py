"""The build context of a Dockerfile that no other file says: the nearest folder that holds what it copies."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence
from functools import cache

from nox_rings.ecosystems.model import BUILD_FOLDERS
from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.paths import at_or_above, joined
from nox_rings.engine.store.wildcards import expand, has_wildcard, names
from nox_rings.images.builds.files import FILE
from nox_rings.images.builds.model import remedy
from nox_rings.workspace.sources import Sources, folder_of

Copies = Sequence[tuple[int, str]]


def in_context(context: str, source: str) -> str:
    """A source of COPY relative to the workspace: as in a build, nothing climbs out of the context."""
    return joined(context, posixpath.normpath(f"/{source}").strip("/") or ".")


class ContextFinder:
    """Remembers what it looked at: many Dockerfiles copy the same."""

    def __init__(self, sources: Sources) -> None:
        self._sources, self._root = sources, str(sources.root)
        self._names = cache(names)
        self._exists = cache(self._look)
        self._has_content = cache(self._look_for_content)

    def find(self, dockerfile: str, copies: Copies) -> str:
        """What is found nowhere is told as passed over: a build may make it first."""
        folder = folder_of(dockerfile)
        missing: dict[str, list[tuple[int, str]]] = {}
        for context in at_or_above(folder):
            missing[context] = list(self._missing(context, copies))
            if not missing[context]:
                return context
        best = min(missing, key=lambda context: len(missing[context]))
        is_tie = sum(len(each) == len(missing[best]) for each in missing.values()) > 1
        why = (
            "no folder above it holds more of what is copied" if is_tie else "no other holds as much of what is copied"
        )
        where = "the root" if best == "." else best
        for line, source in missing[best]:
            if source != ".":
                reason = f"{dockerfile}:{line}: found `{source}` copied, which is not in {where} now; {why}"
                self._sources.pass_over(dockerfile, reason, remedy("NAME", "context"))
        return best

    def _missing(self, context: str, copies: Copies) -> Iterator[tuple[int, str]]:
        """An instruction whose sources are all wildcards wants one of them; beside others, a wildcard says `if it is
        there`."""
        by_line: dict[int, list[str]] = {}
        for line, source in copies:
            by_line.setdefault(line, []).append(source)
        for line, sources in by_line.items():
            plain = [source for source in sources if not has_wildcard(source)]
            wanted = plain or sources
            absent = [source for source in wanted if not self._exists(in_context(context, source))]
            if plain or len(absent) == len(wanted):
                yield from ((line, source) for source in absent)

    def _look(self, path: str) -> bool:
        """Whether it is there, or will be once the member it belongs to is built."""
        parts = path.split("/")
        built = next((index for index, part in enumerate(parts) if part in BUILD_FOLDERS), None)
        if built is not None:
            return self._sources.has_folder("/".join(parts[:built]) or ".")
        if has_wildcard(path):
            return any(expand(self._root, path, self._names))
        if not self._sources.exists(path):
            return False
        return self._has_content(path)

    def _look_for_content(self, folder: str) -> bool:
        """Whether a folder holds more than Dockerfiles, which nobody copies alone; .dockerignore says that it does."""
        if not os.path.isdir(f"{self._root}/{folder}"):  # noqa: PTH112 - the hot path: no Path objects
            return True
        return any(
            not FILE.fullmatch(name) and name not in (".git", OWN_FOLDER)
            for name in self._names(f"{self._root}/{folder}")
        )
