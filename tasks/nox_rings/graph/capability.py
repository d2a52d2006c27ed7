"""The graph itself: run whole, and asked what it would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nox_rings.engine.capability import Capability, MenuEntry
from nox_rings.graph import session

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView

GRAPH: Capability[WorkspaceView, RecipeContext] = Capability(
    name="graph",
    sessions=(
        MenuEntry(function=session.rings),
        MenuEntry(function=session.check, default=True),
        MenuEntry(function=session.plan),
    ),
)
