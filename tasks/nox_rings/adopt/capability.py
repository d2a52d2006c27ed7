"""A repository that nox-rings is new to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nox_rings.adopt import session
from nox_rings.engine.capability import Capability, MenuEntry

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView

ADOPT: Capability[WorkspaceView, RecipeContext] = Capability(
    name="adopt", sessions=(MenuEntry(function=session.adopt),)
)
