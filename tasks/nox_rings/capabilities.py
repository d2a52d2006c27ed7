"""Every capability, in the order of the menu. The engine and the sessions' frame know them by this tuple alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nox_rings.adopt.capability import ADOPT
from nox_rings.artifacts.capability import ARTIFACTS
from nox_rings.engine.capability import Capability
from nox_rings.graph.capability import GRAPH
from nox_rings.images.capability import IMAGES
from nox_rings.members.capability import MEMBERS
from nox_rings.schema.capability import SCHEMA
from nox_rings.toolchain.capability import TOOLCHAIN

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView

CAPABILITIES: tuple[Capability[WorkspaceView, RecipeContext], ...] = (
    GRAPH,
    SCHEMA,
    MEMBERS,
    IMAGES,
    ARTIFACTS,
    ADOPT,
    TOOLCHAIN,
)
