"""The workspace as its own files describe it. Every problem in one error, each with its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from nox_rings.ecosystems.go import go
from nox_rings.ecosystems.npm import pnpm
from nox_rings.ecosystems.pypi import uv
from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.patterns import is_ignored
from nox_rings.engine.plan.targets import Graph
from nox_rings.images import discovery as image_discovery
from nox_rings.schema import buf_files
from nox_rings.workspace.config import TABLE, Config
from nox_rings.workspace.model import Workspace
from nox_rings.workspace.sources import Sources, folder_of


def discover_workspace(root: Path, files: tuple[str, ...], config: Config) -> Workspace:
    """Read the descriptors among `files` (sorted, relative to `root`). Raises WorkspaceInvalidError."""
    visible = tuple(
        path
        for path in files
        if not _in_hidden_folder(path) and not is_ignored(path, config.ignore) and (root / path).exists()
    )
    sources = Sources(root=root, files=visible)
    pnpm_homes, uv_homes = pnpm.find_homes(sources), uv.find_homes(sources)
    members = (
        *pnpm.find_members(sources, pnpm_homes),
        *go.find_members(sources),
        *uv.find_members(sources, uv_homes),
    )
    images = tuple(image_discovery.find_images(sources, config))
    schemas, foreign = buf_files.find_schemas(sources, {folder_of(image.dockerfile) for image in images})
    workspace = Workspace(
        buf=schemas,
        foreign_templates=foreign,
        homes=(*pnpm_homes, *uv_homes),
        members=tuple(members),
        images=images,
    )
    if sources.problems:
        raise WorkspaceInvalidError(tuple(dict.fromkeys(sources.problems)))
    return workspace


def _in_hidden_folder(path: str) -> bool:
    """`.github`, `.devcontainer` and their like hold no members and no images of the workspace."""
    return any(part.startswith(".") for part in path.split("/")[:-1])


def strangers(config: Config, workspace: Workspace, graph: Graph) -> Iterator[str]:
    """A problem for each thing the configuration names that is not in the workspace."""
    images = {image.name for image in workspace.images}
    folders = {member.folder for member in workspace.members}
    members = [each for each in graph.targets if each.startswith(("service:", "package:", "sdk:"))]
    for name in config.contexts:
        if name not in images:
            yield f"{TABLE}.images.{name}: found no such image, expected {_one_of(images)}"
    for folder in config.member_inputs:
        if folder not in folders:
            yield f"{TABLE}.members.{folder}: found no member there, expected {_one_of(folders)}"
    if config.smoke.server and config.smoke.server not in members:
        yield f"{TABLE}.smoke.server: found {config.smoke.server}, expected {_one_of(members)}"


def _one_of(known: Iterable[str]) -> str:
    return f"one of {', '.join(sorted(known))}" if known else "none, for there is none"
