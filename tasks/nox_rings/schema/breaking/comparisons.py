"""What each schema is compared with, kept in the state: history is asked again only when a ref moved or the
workspace changed, because this is on the way to every answer of ring 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from nox_rings.engine.errors import HistoryMissingError
from nox_rings.engine.paths import below
from nox_rings.engine.store.state import State

if TYPE_CHECKING:
    from nox_rings.schema.breaking.baseline import Baselines
    from nox_rings.schema.breaking.model import Baseline


@dataclass(frozen=True, kw_only=True)
class Comparisons:
    """`key` stands for everything that `finder` depends on; what it raises is not kept. `files` is the listing of the
    workspace."""

    state: State
    key: str
    files: tuple[str, ...]
    finder: Callable[[], Baselines]

    def text(self, folder: str) -> str:
        """As far as it decides whether to compare again: the earlier states of the schema in `folder`, and how many
        exceptions have ended."""
        ended = sum(until < date.today().isoformat() for until in self.state.snapshot.get("exceptions", ()))
        try:
            trees = [each["tree"][:12] for each in self._fields(folder)]
        except HistoryMissingError:
            return "unknown"  # the target itself raises it, where it is told
        return f"{' '.join(trees) or 'none'}{f', {ended} exceptions ended' if ended else ''}"

    def of(self, folder: str) -> tuple[Baseline, ...]:
        """What the schema in `folder` is compared with. Raises HistoryMissingError."""
        from nox_rings.schema.breaking.model import Baseline

        return tuple(Baseline(**each) for each in self._fields(folder))

    def _fields(self, folder: str) -> list[dict[str, str]]:
        if self.state.baselines.get("key") != self.key:
            self.state.baselines = {"key": self.key, "of": {}}
        known: dict[str, list[dict[str, str]]] = self.state.baselines["of"]
        if folder not in known:
            from nox_rings.schema.breaking.baseline import described_folders
            from nox_rings.workspace.schemas import protos_under

            protos = [below(folder, path) for path in protos_under(self.files, folder)]
            found = self.finder().of(folder, protos, described_folders(self.files))
            known[folder] = [asdict(each) for each in found]
            self.state.save_baselines()
        return known[folder]
