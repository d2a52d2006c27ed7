"""The current facts about targets: digests of what they read and of what they made."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from nox_rings.engine.paths import files_under
from nox_rings.engine.plan.records import UNREADABLE, Facts
from nox_rings.engine.plan.targets import Inputs, Target
from nox_rings.engine.store.digests import Digests
from nox_rings.engine.store.search import Search


def resolved_link(root: Path, path: str) -> str:
    """Where a link leads, relative to `root`; empty where that is outside of it, the whole of it, or nowhere."""
    try:
        target = (root / path).resolve(strict=True).relative_to(root.resolve()).as_posix()
    except (OSError, RuntimeError, ValueError):
        return ""
    return "" if target == "." else target


def _within(excludes: tuple[str, ...], folder: str) -> frozenset[str]:
    """Those below `folder`: what names a folder inside of an excluded one names it after all."""
    return frozenset(excludes if folder == "." else (each for each in excludes if each.startswith(f"{folder}/")))


class FileFacts:
    """`files` is the sorted listing of the workspace at `root`."""

    def __init__(self, *, root: Path, files: tuple[str, ...], digests: Digests) -> None:
        self.root, self.files, self.digests = root, files, digests

    def of(self, target: Target, output_exists: Callable[[Path], bool] | None = None) -> Facts:
        """Without what a capability compares beyond files. `output_exists` checks whether an output that is there
        stands for what it should; None: it does."""
        outputs = (*target.outputs, *target.possible_outputs)
        found: Iterator[str] = (path for output in outputs for path in self.digests.walk(output))
        if target.listing:
            found = self._own(found, target.listing)
        if output_exists:
            found = (path for path in found if output_exists(self.root / path))
        return Facts(
            inputs={**self.read(target.inputs), **target.inputs.parts},
            outputs=self.digests.of(found),
            signs={sign: digest for sign in target.signs if (digest := self.digests.sign(sign))},
            tools=target.tools,
            recipe=target.recipe,
        )

    def read(self, inputs: Inputs) -> dict[str, str]:
        """Path → digest of all that is there of what a target reads."""
        found = self._with_linked(self._listed(inputs))
        if inputs.modes:
            marks = ((path, self.digests.mode(path)) for path, digest in found.items() if digest[0] != UNREADABLE)
            found |= {path: f"{found[path]} {mode}" for path, mode in [*marks] if mode}
        return found

    def _inputs(self, inputs: Inputs) -> Iterator[str]:
        for folder in inputs.folders:
            excluded, listed = _within(inputs.excludes, folder), files_under(self.files, folder)
            inside = tuple(f"{each}/" for each in excluded)
            for path in listed:
                if inputs.suffixes and not path.endswith(inputs.suffixes):
                    continue
                if path not in excluded and not path.startswith(inside):
                    yield path
            if inputs.unlisted and listed != (folder,):
                search = Search(inputs.unlisted, excluded, inputs.compiled, inputs.made, inputs.data)
                yield from self.digests.sources(folder, search)
        for path in inputs.files:
            yield from self.digests.followed(path)
        for pattern in inputs.globs:
            for path in self.digests.matching(pattern):
                yield from self.digests.walk(path, context=inputs.context, ignore=inputs.ignore)
        for path in inputs.whole:
            yield from self.digests.walk(path)

    def _listed(self, inputs: Inputs) -> dict[str, str]:
        """What git lists as one path may be a folder: a submodule, all of which counts."""
        paths = tuple(self._inputs(inputs))
        found = self.digests.of(paths)
        folders = (path for path in paths if path not in found and os.path.isdir(f"{self.root}/{path}"))  # noqa: PTH112 - never refuses
        return found | self.digests.of(inner for path in folders for inner in self.digests.walk(path))

    def _with_linked(self, inputs: dict[str, str]) -> dict[str, str]:
        """And what lies behind links: whoever reads a link reads that. Outside of the workspace its text is all that is
        compared. A link to a folder reads what is listed there, or all of it where nothing is."""
        waiting = [path for path in inputs if path in self.digests.links]
        while waiting:
            target = resolved_link(self.root, waiting.pop())
            behind = files_under(self.files, target) or tuple(self.digests.walk(target)) if target else ()
            found = self.digests.of(path for path in behind if path not in inputs)
            inputs |= found
            waiting.extend(path for path in found if path in self.digests.links)
        return inputs

    def _own(self, paths: Iterator[str], listing: str) -> Iterator[str]:
        """Those that the listing of a target has; none where there is no listing yet."""
        try:
            lines = (self.root / listing).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except OSError:
            return
        files = frozenset(lines)
        folders = tuple(line for line in lines if line.endswith("/"))
        yield from (path for path in paths if path in files or path.startswith(folders))
