"""Repositories in the shape of real ones are seen as they are, without configuration."""

from __future__ import annotations

import pytest

from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.sessions.discovery import discover_workspace
from nox_rings.workspace.config import Config
from repositories import Repository, compose_bake, go_api, go_modules, npm_services, pnpm_docs, python_root
from unit.conftest import WriteTree

MODULES = (npm_services, python_root, go_modules, compose_bake, go_api, pnpm_docs)
REPOSITORIES = {each.__name__.rpartition(".")[2]: each.REPOSITORY for each in MODULES}


@pytest.mark.parametrize("repository", REPOSITORIES.values(), ids=list(REPOSITORIES))
def test_nothing_is_missing_and_nothing_spurious(write_tree: WriteTree, repository: Repository) -> None:
    root, files = write_tree(repository.files), tuple(sorted(repository.files))
    found = discover_workspace(root, files, Config(), {each.name: each for each in ECOSYSTEMS})
    assert {(each.folder, each.ecosystem): each.depends_on for each in found.members} == repository.members
    images: dict[tuple[str, str], list[str]] = {}
    for image in found.images:
        images.setdefault((image.dockerfile, image.stage), []).append(image.context)
    assert {key: tuple(contexts) for key, contexts in images.items()} == repository.images
    assert {each.folder: each.modules for each in found.schemas} == repository.schemas
    templates = [template for each in found.schemas for template in each.templates]
    assert {each.file: each.outs for each in templates} == repository.templates
    assert found.foreign_templates == ()
    assert {path: each for path, each in found.problems.items() if path != "tests/data/pyproject.toml"} == {}
