"""The workspace as its own files describe it, and the graph that follows. Every problem in one error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.patterns import is_ignored
from nox_rings.engine.plan.graph import Graph, graph_of
from nox_rings.images import discovery as image_files
from nox_rings.schema import buf_files
from nox_rings.workspace.index import WorkspaceIndex
from nox_rings.workspace.model import Workspace
from nox_rings.workspace.sources import Sources

if TYPE_CHECKING:
    from nox_rings.ecosystems.base import Ecosystem
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.engine.capability import Capability
    from nox_rings.workspace.config import Config
    from nox_rings.workspace.tools import Tools


def discover_workspace(
    root: Path, files: tuple[str, ...], config: Config, ecosystems: Mapping[str, Ecosystem]
) -> Workspace:
    """Read the descriptors among `files` (sorted, relative to `root`). Raises WorkspaceInvalidError."""
    visible = tuple(
        path
        for path in files
        if not _in_hidden_folder(path) and not is_ignored(path, config.ignore) and (root / path).exists()
    )
    sources = Sources(root=root, files=visible)
    found = [ecosystem.discover(sources) for ecosystem in ecosystems.values()]
    images = tuple(image_files.find_images(sources, config))
    schemas, foreign = buf_files.find_schemas(sources, {image.folder for image in images})
    workspace = Workspace(
        schemas=schemas,
        foreign_templates=foreign,
        install_roots=tuple(each for one in found for each in one.install_roots),
        members=tuple(each for one in found for each in one.members),
        images=images,
    )
    if sources.problems:
        raise WorkspaceInvalidError(tuple(dict.fromkeys(sources.problems)))
    return workspace


def _in_hidden_folder(path: str) -> bool:
    """`.github`, `.devcontainer` and their like hold no members and no images of the workspace."""
    return any(part.startswith(".") for part in path.split("/")[:-1])


def load_view(
    root: Path, files: tuple[str, ...], config: Config, ecosystems: Mapping[str, Ecosystem], tools: Tools
) -> WorkspaceView:
    """Raises ConfigInvalidError, WorkspaceInvalidError."""
    workspace = discover_workspace(root, files, config, ecosystems)
    return WorkspaceView(
        index=WorkspaceIndex(workspace), config=config, files=files, ecosystems=ecosystems, tools=tools
    )


def derive_graph(view: WorkspaceView, capabilities: Sequence[Capability[WorkspaceView, RecipeContext]]) -> Graph:
    """Raises WorkspaceInvalidError, naming all that is wrong with the graph and with the settings."""
    graph, problems = graph_of(target for each in capabilities for target in each.derive(view))
    problems = (*problems, *(problem for each in capabilities for problem in each.problems(view, graph)))
    if problems:
        raise WorkspaceInvalidError(problems)
    return graph
