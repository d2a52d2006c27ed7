"""What we say a Python member requires beside what uv installs for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nox_rings.ecosystems.pypi.projects.discovery import discover
from nox_rings.ecosystems.pypi.projects.pyproject import parse_table
from nox_rings.engine.paths import joined
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources
from python_workspaces import PYTEST, PythonWorkspace, project

MEMBERS = '[tool.uv.workspace]\nmembers = ["libs/*"]\n'
UNITS = "[tool.uv.sources]\nunits = { workspace = true }\n"
BY_SETUPTOOLS = """
[project]
name = "meter"
version = "0.1.0"
requires-python = ">=3.11"
dynamic = ["dependencies"]
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
[tool.setuptools.dynamic]
dependencies = { file = ["needs.txt"] }
[tool.uv.sources]
units = { workspace = true }
"""
# Files, and the folders that uv locks.
WORKSPACES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "dependencies that a backend computes": (
        {
            "pyproject.toml": f"{PYTEST}{MEMBERS}",
            "libs/units/pyproject.toml": project("units"),
            "libs/meter/pyproject.toml": BY_SETUPTOOLS,
            "libs/meter/needs.txt": "units\n",
            "libs/meter/src/meter/__init__.py": "",
        },
        (".",),
    ),
    "a root that is a package, with groups and extras": (
        {
            "pyproject.toml": project(
                "whole",
                "units",
                keys='optional-dependencies = { all = ["clock"] }\n',
                more=f'[dependency-groups]\nqa = ["meter"]\n{MEMBERS}{UNITS}'
                "meter = { workspace = true }\nclock = { workspace = true }\n",
            ),
            "libs/units/pyproject.toml": project("units", "six"),
            "libs/meter/pyproject.toml": project("meter", "units"),
            "libs/clock/pyproject.toml": project("clock"),
            "libs/apart/pyproject.toml": project("apart"),
        },
        (".",),
    ),
    "a list of sources with markers": (
        {
            "pyproject.toml": MEMBERS,
            "libs/units/pyproject.toml": project("units"),
            "libs/meter/pyproject.toml": project(
                "meter",
                "units",
                more="[tool.uv.sources]\nunits = [{ workspace = true, marker = \"python_version >= '3.11'\" }]\n",
            ),
        },
        (".",),
    ),
    "paths to other projects": (
        {
            "units/pyproject.toml": project("units"),
            "meter/pyproject.toml": project(
                "meter", "units", more="[tool.uv.sources]\nunits = { path = '../units', editable = true }\n"
            ),
            "clock/pyproject.toml": project(
                "clock", "meter", more="[tool.uv.sources]\nmeter = { path = '../meter' }\n"
            ),
        },
        ("units", "meter", "clock"),
    ),
    "a member that packages of the index require": (
        {
            "pyproject.toml": MEMBERS,
            "libs/iniconfig/pyproject.toml": project("iniconfig").replace("0.1.0", "2.0.0"),
            "libs/meter/pyproject.toml": project(
                "meter", "pytest", "iniconfig", more="[tool.uv.sources]\niniconfig = { workspace = true }\n"
            ),
            "libs/other/pyproject.toml": project("other", "pytest"),
        },
        (".",),
    ),
    "the name of a member in another workspace": (
        {
            "a/pyproject.toml": MEMBERS,
            "a/libs/six/pyproject.toml": project("six"),
            "b/pyproject.toml": MEMBERS,
            "b/libs/meter/pyproject.toml": project("meter", "six"),
        },
        ("a", "b"),
    ),
}


@pytest.mark.parametrize(("texts", "locked"), WORKSPACES.values(), ids=list(WORKSPACES))
def test_members_require_what_uv_exports_for_them(
    tmp_path: Path, texts: dict[str, str], locked: tuple[str, ...]
) -> None:
    workspace = PythonWorkspace(tmp_path)
    workspace.fill({**texts, **{f"{path.removesuffix('pyproject.toml')}README.md": "" for path in texts}})
    for folder in locked:
        workspace.lock(folder)
    files = tuple(sorted({*texts, *(joined(folder, "uv.lock") for folder in locked)}))
    members = {each.folder: each for each in discover(Sources(root=tmp_path, files=files, listed=files)).members}
    assert {folder: reached(members, folder) for folder in members} == {
        folder: exported(workspace, each) for folder, each in members.items()
    }


def reached(members: dict[str, Member], folder: str) -> set[str]:
    """What a member requires with its extras and groups, and what these require without theirs."""
    found: set[str] = set()
    waiting = [*members[folder].depends_on]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += {*members[each].depends_on} - {*members[each].development}
    return found


def exported(workspace: PythonWorkspace, member: Member) -> set[str]:
    """Local paths among what `uv export` says is installed for a member."""
    table = parse_table(workspace.root / member.folder / "pyproject.toml")
    groups = [word for name in table.get("dependency-groups", {}) for word in ("--group", name)]
    words = ("export", "-q", "--frozen", "--no-hashes", "--all-extras", "--no-default-groups", *groups)
    words = (*words, "--package", member.name)
    lines = workspace.uv(member.install_root, *words).splitlines()
    paths = (re.match(r"(?:-e )?(\.\S*)", line) for line in lines)
    return {joined(member.install_root, each[1]) for each in paths if each} - {member.folder}
