"""The tables of workspace globs beside the pnpm and the uv that are pinned."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from checkout import REPOSITORY, environment
from nox_rings.ecosystems.npm.pnpm import ENVIRONMENT
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain
from unit.ecosystems.npm import glob_rows as npm
from unit.ecosystems.pypi.projects import glob_rows as pypi


@pytest.fixture(scope="module")
def tools() -> dict[str, str]:
    """The environment of a shell with pnpm and uv on its PATH."""
    found = Toolchain(
        REPOSITORY, Path(environment()["NOX_RINGS_TOOLS_DIR"]), ProcessRunner(), source="pinned", announce=print
    )
    found.require("pnpm", "node", "uv")
    return {**environment(), **found.environment("pnpm", "node", "uv"), **ENVIRONMENT}


def listed(root: Path, argv: Sequence[str], environment: Mapping[str, str]) -> str | None:
    done = subprocess.run(argv, cwd=root, env={**environment}, capture_output=True, text=True, timeout=60)
    return done.stdout if done.returncode == 0 else None


def test_pnpm_lists_what_the_table_says(tools: dict[str, str], tmp_path: Path) -> None:
    for number, folder in enumerate((".", *npm.FOLDERS)):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        manifest = {"name": f"p{number}", "version": "1.0.0", "private": True}
        (tmp_path / folder / "package.json").write_text(json.dumps(manifest))
    seen = {}
    for globs, _ in npm.ROWS:
        (tmp_path / "pnpm-workspace.yaml").write_text(f"packages: {json.dumps(globs)}\n")
        found = listed(tmp_path, ("pnpm", "ls", "-r", "--depth", "-1", "--json"), tools)
        paths = None if found is None else {os.path.relpath(each["path"], tmp_path) for each in json.loads(found)}
        seen[globs] = None if paths is None else paths - {"."}
    assert seen == {globs: None if members is None else {*members} for globs, members in npm.ROWS}


def test_uv_lists_what_the_table_says(tools: dict[str, str], tmp_path: Path) -> None:
    for number, folder in enumerate(pypi.FOLDERS):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        project = f'[project]\nname = "p{number}"\nversion = "0"\nrequires-python = ">=3.11"\n'
        (tmp_path / folder / "pyproject.toml").write_text(project)
    seen = {}
    for members, exclude, _ in pypi.ROWS:
        table = f"members = {json.dumps(members)}\nexclude = {json.dumps(exclude)}\n"
        (tmp_path / "pyproject.toml").write_text(f"[tool.uv.workspace]\n{table}")
        found = listed(tmp_path, ("uv", "workspace", "list", "--paths"), tools)
        seen[members, exclude] = (
            None if found is None else {os.path.relpath(each, tmp_path) for each in found.splitlines()}
        )
    assert seen == {
        (members, exclude): None if folders is None else {*folders} for members, exclude, folders in pypi.ROWS
    }
