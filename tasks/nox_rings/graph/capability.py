"""The graph itself: run whole, and asked what it would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nox_rings.engine.capability import Capability, MenuEntry
from nox_rings.graph import session

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView
    from nox_rings.engine.plan.graph import Graph


def _problems(view: WorkspaceView, graph: Graph) -> Iterator[str]:
    """Settings of the whole workspace that change nothing: whoever writes a line believes that it works."""
    from nox_rings.engine.patterns import is_ignored
    from nox_rings.workspace.config import TABLE

    for pattern in view.config.ignore:
        if not pattern.startswith("!") and not any(is_ignored(path, (pattern,)) for path in view.files):
            yield f"{TABLE}.ignore: found {pattern}, expected a pattern that a file of the workspace matches"


GRAPH: Capability[WorkspaceView, RecipeContext] = Capability(
    name="graph",
    problems=_problems,
    sessions=(
        MenuEntry(function=session.rings),
        MenuEntry(function=session.check, default=True),
        MenuEntry(function=session.plan),
        MenuEntry(function=session.affected),
        MenuEntry(function=session.why),
    ),
)
