"""Sources that git does not list, looked for on disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

NEVER_CONTENT = frozenset({"__pycache__"})
ENVIRONMENT_MARK = "pyvenv.cfg"


class Search(NamedTuple):
    """What is looked for, as `Inputs` has it."""

    suffixes: tuple[str, ...]
    excluded: Collection[str] = ()
    compiled: tuple[str, ...] = ()
    made: Collection[str] = ()
    data: tuple[str, ...] = ()

    def found(self, root: str, folder: str, refused: Callable[[str, OSError], Iterator[str]]) -> Iterator[str]:
        """Paths below `folder` without hidden folders and environments, in no order, and what `refused` makes of a
        folder that cannot be listed."""
        waiting = [(folder, False)]  # and whether sources lie there or above
        while waiting:
            here, is_code = waiting.pop()
            try:
                entries = list(os.scandir(f"{root}/{here}"))
            except OSError as error:
                yield from refused(here, error)
                continue
            if any(entry.name == ENVIRONMENT_MARK for entry in entries):
                continue
            originals = {name for entry in entries if (name := entry.name).endswith(self.compiled)}
            if self.data and not is_code and here != folder:
                is_code = any(entry.name.endswith(self.suffixes) for entry in entries)
            wanted = (*self.suffixes, *self.data) if is_code else self.suffixes
            for entry in entries:
                inside = entry.name if here == "." else f"{here}/{entry.name}"
                if entry.name.startswith(".") or inside in self.excluded or self._is_made_of(entry.name, originals):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    is_made = entry.name in self.made or entry.name.endswith(".egg-info")
                    if not is_made and entry.name not in NEVER_CONTENT:
                        waiting.append((inside, is_code))
                elif entry.name.endswith(wanted):
                    yield inside

    def _is_made_of(self, name: str, originals: Collection[str]) -> bool:
        """`a.js` and `a.d.ts` beside `a.ts`."""
        if not originals:
            return False
        stem = name.rpartition(".")[0].removesuffix(".d")
        return any(f"{stem}{suffix}" in originals and f"{stem}{suffix}" != name for suffix in self.compiled)
