"""The current facts about targets: digests of what they read and of what they made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nox_rings.engine.paths import files_under, is_under
from nox_rings.engine.plan.records import Facts
from nox_rings.engine.plan.targets import Inputs, Target
from nox_rings.engine.store.digests import Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """`files` is the sorted listing of the workspace at `root`."""

    root: Path
    files: tuple[str, ...]
    digests: Digests

    def of(self, target: Target, output_exists: Callable[[Path], bool]) -> Facts:
        """Without what a capability compares beyond files. `output_exists` checks whether an output that is there
        stands for what it should."""
        found = (path for output in target.outputs for path in self.digests.walk(output))
        return Facts(
            inputs=self.digests.of(self._inputs(target.inputs)),
            outputs=self.digests.of(path for path in found if output_exists(self.root / path)),
            tools=target.tools,
            recipe=target.recipe,
        )

    def _inputs(self, inputs: Inputs) -> Iterator[str]:
        for folder in inputs.folders:
            for path in files_under(self.files, folder):
                if not any(is_under(path, excluded) for excluded in inputs.excludes):
                    yield path
        for path in inputs.files:
            yield from self.digests.followed(path)
        for pattern in inputs.globs:
            for path in self.digests.matching(pattern):
                yield from self.digests.walk(path, context=inputs.context, ignore=inputs.ignore)
        for path in inputs.whole:
            yield from self.digests.walk(path)
