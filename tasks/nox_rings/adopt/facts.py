"""What only git and the manifests know, and no rule of discovery decides: settings for [tool.nox-rings]."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nox_rings.adopt.settings import Setting
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.reading import file_text
from nox_rings.workspace.git.history import History
from nox_rings.workspace.git.worktree import Worktree
from nox_rings.workspace.model import Member
from nox_rings.workspace.release_tags import DEFAULT_SCHEME, ignored_tags, latest_release_tag

OTHERS = ("trunk", "develop", "mainline", "default")
USUAL = ("origin/main", "main", "origin/master", "master")
_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


def default_branch(runner: Runner, root: Path) -> Iterator[Setting]:
    """Where neither origin nor the usual names say which branch is the default, one by a name that some have for it."""
    history = History(runner, root)
    if history.default_of_origin() or any(
        history.commit(name) for name in USUAL
    ):  # as schema/breaking/baseline.py finds it
        return
    found = [name for name in OTHERS if history.commit(f"origin/{name}") or history.commit(name)]
    if len(found) == 1:
        why = f"origin names no default branch here, none is called main or master, and there is a {found[0]}."
        yield Setting(table="proto", key="default-branch", value=found[0], why=why)


def seed_version(runner: Runner, root: Path, members: Iterable[Member]) -> Iterator[Setting]:
    """The highest version that a manifest has, where no tag `vX.Y.Z` gives one; or what release tags start with here,
    where they are of another scheme."""
    tags = Worktree(runner, root).find_head().tags
    if latest_release_tag(tags):
        return
    if (ignored := ignored_tags(tags)) and ignored[0].scheme.prefix != DEFAULT_SCHEME.prefix:
        why = f"No tag is called vX.Y.Z; the highest release tag is {ignored[0].tag}."
        yield Setting(key="tag-prefix", value=ignored[0].scheme.prefix, why=why)
        return
    found = [(version, path) for member in members for version, path in _versions(root, member.folder)]
    highest, path = max(found, key=lambda each: _numbers(each[0]), default=("", ""))
    if highest and _numbers(highest) > (0, 1, 0):
        why = f"No tag is called vX.Y.Z; this is the highest version in a manifest ({path})."
        yield Setting(key="seed-version", value=highest, why=why)


def _versions(root: Path, folder: str) -> Iterator[tuple[str, str]]:
    """Of a manifest whose package may be published."""
    package = _document(root / folder / "package.json")
    if not package.get("private"):
        yield from _version(package.get("version"), f"{folder}/package.json")
    project = _document(root / folder / "pyproject.toml").get("project", {})
    private = any(str(each).startswith("Private ::") for each in project.get("classifiers", ()))
    if not private:
        yield from _version(project.get("version"), f"{folder}/pyproject.toml")


def _version(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and _VERSION.fullmatch(value):
        yield value, path.removeprefix("./")


def _document(path: Path) -> dict[str, Any]:
    """Empty where it is missing or broken: discovery has reported that."""
    try:
        text = file_text(path)
        found = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
