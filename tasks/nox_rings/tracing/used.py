"""From what programs read and wrote to files of the workspace, with the links they went through."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field

from nox_rings.engine.paths import at_or_above
from nox_rings.tracing.accesses import Access, Use

MOST_LINKS = 40  # the kernel's own limit, path_resolution(7)


@dataclass(slots=True)
class UsedFiles:
    """Files below `root` → the program that used each first; paths are relative to it. What was written first and read
    afterwards was not read. `root` is a path without links."""

    root: str
    read: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    _links: dict[str, str | None] = field(default_factory=dict)

    def add(self, accesses: Iterable[Access]) -> None:
        """In the order in which they happened."""
        for access in dict.fromkeys(accesses):
            if access.use is Use.READ:
                found = [access.path] if access.resolved else self._followed(access.path)
                for each in found:
                    path = self._inside(each)
                    if path and not any(above in self.written for above in at_or_above(path)):
                        self.read.setdefault(path, access.program)
                continue
            folder, name = posixpath.split(access.path)
            real = access.path if access.resolved else posixpath.join(self._followed(folder)[-1], name)
            if path := self._inside(real):
                (self.written if access.use is Use.WRITTEN else self.removed).setdefault(path, access.program)

    def _inside(self, path: str) -> str | None:
        if not path.startswith(f"{self.root}/"):
            return None
        return path[len(self.root) + 1 :]

    def _followed(self, path: str) -> list[str]:
        """The links on the way, and where the path leads at the end."""
        found: list[str] = []
        waiting, here = path.split("/")[::-1], "/"
        while waiting:
            part = waiting.pop()
            if part == "..":
                here = posixpath.dirname(here)
            elif part not in ("", "."):
                inner = posixpath.join(here, part)
                target = self._link(inner) if len(found) < MOST_LINKS else None
                if target is None:
                    here = inner
                    continue
                found.append(inner)
                here = "/" if target.startswith("/") else here
                waiting.extend(target.split("/")[::-1])
        return [*found, here]

    def _link(self, path: str) -> str | None:
        if path not in self._links:
            try:
                self._links[path] = os.readlink(path)  # noqa: PTH115 - text, and once for each folder on the way
            except OSError:
                self._links[path] = None
        return self._links[path]
