"""What each schema is compared with, kept in the store: history is asked again only when a ref moved or the workspace
changed, because this is on the way to every answer of ring 0."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from nox_rings.engine.errors import HistoryMissingError
from nox_rings.engine.paths import below
from nox_rings.engine.plan.records import digest_of
from nox_rings.engine.plan.targets import Encoded, Target, subject_of
from nox_rings.engine.store.state import State

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.schema.breaking.baseline import Baselines
    from nox_rings.schema.breaking.model import Baseline
    from nox_rings.schema.model import SchemaSubject


class Comparisons:
    """`key` stands for everything that `finder` depends on; what it raises is not kept. `files` is the listing of the
    workspace. Safe to use from several threads."""

    def __init__(
        self, *, state: State, key: str, files: tuple[str, ...], finder: Callable[[SchemaSubject], Baselines]
    ) -> None:
        self.state, self.key, self.files, self.finder = state, key, files, finder
        self._lock = threading.Lock()

    def text(self, target: Target) -> str:
        """As far as it decides whether to compare again: the earlier states of the schema, and how many exceptions
        have ended."""
        folder, days = _outline(target)
        ended = sum(day < date.today().isoformat() for day in days)
        try:
            fields = self._fields(folder, lambda: _subject(target))
            trees = [(each.get("content") or each["tree"])[:12] for each in fields]
        except HistoryMissingError:
            return "unknown"  # the target itself raises it, where it is reported
        return f"{' '.join(trees) or 'none'}{f', {ended} exceptions ended' if ended else ''}"

    def of(self, subject: SchemaSubject) -> tuple[Baseline, ...]:
        """What a schema is compared with. Raises HistoryMissingError."""
        from nox_rings.schema.breaking.model import Baseline

        return tuple(Baseline(**each) for each in self._fields(subject.schema.folder, lambda: subject))

    def _fields(self, folder: str, subject: Callable[[], SchemaSubject]) -> list[dict[str, str]]:
        with self._lock:
            if self.state.baselines.get("key") != self.key:
                self.state.baselines = {"key": self.key, "of": {}}
            known: dict[str, list[dict[str, str]]] = self.state.baselines["of"]
            if folder not in known:
                known[folder] = self._found(subject())
                self.state.save_baselines()
            return known[folder]

    def _found(self, subject: SchemaSubject) -> list[dict[str, str]]:
        from nox_rings.schema.breaking.baseline import described_folders
        from nox_rings.workspace.schemas import protos_under

        folder = subject.schema.folder
        protos = [below(folder, path) for path in protos_under(self.files, folder)]
        return [asdict(each) for each in self.finder(subject).of(folder, protos, described_folders(self.files))]


def _outline(target: Target) -> tuple[str, list[str]]:
    """The folder of a schema, and the last days of its exceptions as ISO 8601 dates. What the state gave back is read
    as it is: to decode it takes longer than the whole answer may."""
    if isinstance(target.subject, Encoded):
        document = json.loads(target.subject.text)
        return document["schema"]["folder"], [each["until"] for each in document["exceptions"]]
    subject = _subject(target)
    return subject.schema.folder, [each.until.isoformat() for each in subject.exceptions]


def _subject(target: Target) -> SchemaSubject:
    from nox_rings.schema.model import SchemaSubject

    return subject_of(target, SchemaSubject)


def comparisons_of(context: RecipeContext) -> Comparisons:
    """Those of the run."""
    return context.resources.get(_comparisons, context)


def _comparisons(context: RecipeContext) -> Comparisons:
    def finder(subject: SchemaSubject) -> Baselines:
        from nox_rings.schema.breaking.baseline import Baselines
        from nox_rings.workspace.git.history import History

        return Baselines(
            History(context.runner, context.layout.root),
            default_branch=subject.default_branch,
            against=context.intent.against,
            with_release=bool(subject.exceptions),
            scheme=context.tag_scheme(),
        )

    key = digest_of(context.history_key, context.intent.against)
    return Comparisons(state=context.state, key=key, files=context.files, finder=finder)
