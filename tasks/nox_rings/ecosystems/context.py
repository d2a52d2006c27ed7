"""What a recipe receives: this run, as far as making targets needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nox_rings.engine.errors import HistoryMissingError
from nox_rings.engine.layout import Layout
from nox_rings.engine.once import Once, Resources
from nox_rings.engine.plan.plan import Intent, Purpose

if TYPE_CHECKING:
    from nox_rings.ecosystems.base import Ecosystem
    from nox_rings.engine.process.runner import Runner
    from nox_rings.engine.store.state import State
    from nox_rings.workspace.release_tags import TagScheme
    from nox_rings.workspace.tools import Tools
    from nox_rings.workspace.versions import CommitVersions, VersionTuple


def _nothing() -> None: ...


def _default_scheme() -> TagScheme:
    from nox_rings.workspace.release_tags import DEFAULT_SCHEME

    return DEFAULT_SCHEME


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeContext:
    """`files` is the sorted listing of the workspace. `tools` and `commit` are made on first use, by the first thread
    that needs them. `history_key` changes when a ref moves, comes or goes, and when the graph is derived anew.
    `resources` are shared by the targets of the run, and closed at its end. `say` prints a line of progress. `told`
    tells, before versions are used, what there is to tell about them. `tag_scheme` decides which tags are releases."""

    layout: Layout
    runner: Runner
    files: tuple[str, ...]
    intent: Intent
    ecosystems: Mapping[str, Ecosystem]
    tools: Once[Tools]
    commit: Once[CommitVersions]
    resources: Resources
    state: State
    history_key: str
    say: Callable[[str], None]
    tag_scheme: Callable[[], TagScheme] = _default_scheme
    told: Once[None] = field(default_factory=lambda: Once(_nothing))

    @property
    def purpose(self) -> Purpose:
        return self.intent.purpose

    @property
    def versions(self) -> VersionTuple:
        """Raises HistoryMissingError where they would be a guess that nobody allowed."""
        commit = self.commit()
        if commit.refusal and not self.intent.allow_shallow:
            raise HistoryMissingError(commit.refusal, hint=commit.hint)
        self.told()
        return commit.versions

    @property
    def time_seconds(self) -> int:
        """The commit's time, in seconds since the epoch."""
        return self.commit().time_seconds
