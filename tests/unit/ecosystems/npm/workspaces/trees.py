"""Repositories of packages, as discovery reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nox_rings.ecosystems.model import Discovered
from nox_rings.ecosystems.npm.workspaces.discovery import discover
from nox_rings.workspace.model import InstallRoot, Member
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.visible import hidden_folder
from unit.conftest import WriteTree


class Found:
    """What was discovered, with the problems and the remarks."""

    def __init__(self, sources: Sources, discovered: Discovered) -> None:
        self.roots: dict[str, InstallRoot] = {each.folder: each for each in discovered.install_roots}
        self.members: dict[str, Member] = {each.folder: each for each in discovered.members}
        self.parts = discovered.parts
        self.problems = sources.problems
        self.passed_over = {each.path: each.reason for each in sources.passed_over}

    @property
    def edges(self) -> dict[str, tuple[str, ...]]:
        return {folder: member.depends_on for folder, member in self.members.items()}


def package(name: str, **more: Any) -> str:
    return json.dumps({"name": name, "version": "1.0.0", **more})


def found_in(write_tree: WriteTree, texts: Mapping[str, str]) -> Found:
    """Of path → text; all of it is listed by git, but what lies in node_modules."""
    listed = tuple(sorted(texts))
    hidden = frozenset(path for path in listed if hidden_folder(path, ()))
    files = tuple(path for path in listed if path not in hidden)
    sources = Sources(root=write_tree(texts), files=files, listed=listed, hidden=hidden)
    return Found(sources, discover(sources))
