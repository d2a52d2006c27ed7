"""What a member requires from this workspace: edges to other members, and paths that it reads."""

from __future__ import annotations

from nox_rings.ecosystems.pypi.projects.lock import LocalEdges
from nox_rings.ecosystems.pypi.projects.requirements import (
    Manifest,
    always_required,
    poetry_paths,
    sometimes_required,
    source_paths,
)


def declared_edges(manifest: Manifest) -> LocalEdges:
    """By the manifest alone. The lockfile may be older, or there is none."""
    of_poetry, of_poetry_sometimes = poetry_paths(manifest.table, manifest.folder)
    always = {*source_paths(always_required(manifest.table), manifest), *of_poetry}
    sometimes = {*source_paths(sometimes_required(manifest.table), manifest), *of_poetry_sometimes}
    return LocalEdges(frozenset(always), frozenset(sometimes))


def joined_edges(folder: str, *found: LocalEdges) -> LocalEdges:
    """Of both the lockfile and the manifest, without `folder` itself; what is always required is no development."""
    required = frozenset(path for each in found for path in each.required if path != folder)
    development = frozenset(path for each in found for path in each.development if path != folder)
    return LocalEdges(required, development - required)


def is_inside(path: str) -> bool:
    """Whether a path lies in the workspace."""
    return not path.startswith(("/", "..")) and path != "."
