"""The tools of the workstation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nox_rings.engine.capability import Capability, MenuEntry
from nox_rings.toolchain import session

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView

TOOLCHAIN: Capability[WorkspaceView, RecipeContext] = Capability(
    name="toolchain",
    # What pins the tools, whose versions targets carry.
    descriptors=("pyproject.toml", "uv.lock", "package.json", "package-lock.json", "go.mod", "go.sum"),
    sessions=(MenuEntry(function=session.doctor),),
)
