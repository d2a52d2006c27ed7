"""The edges of repositories in the shape of real ones, beside the answers of their own package managers."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from checkout import REPOSITORY, environment
from nox_rings.ecosystems.npm.pnpm import ENVIRONMENT
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.system_tools import find_uv
from nox_rings.toolchain.toolchain import Toolchain
from repositories import Repository, npm_services, pnpm_docs, python_root

TABLES = ("dependencies", "devDependencies", "optionalDependencies")


@pytest.fixture(scope="module")
def shell() -> dict[str, str]:
    folder = Path(environment()["NOX_RINGS_TOOLS_DIR"])
    tools = Toolchain(REPOSITORY, folder, ProcessRunner(), source="pinned", announce=print)
    tools.require("pnpm", "npm", "node")
    return {**environment(), **tools.environment("pnpm", "npm", "node"), **ENVIRONMENT}


def written(root: Path, repository: Repository) -> dict[str, set[str]]:
    """Write it; the edges that are expected of it."""
    for path, text in repository.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return {folder: {*edges} for (folder, _), edges in repository.members.items()}


def asked(root: Path, shell: dict[str, str], *argv: str) -> str:
    done = subprocess.run(argv, cwd=root, env=shell, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_pnpm_lists_them(tmp_path: Path, shell: dict[str, str]) -> None:
    expected = written(tmp_path, pnpm_docs.REPOSITORY)
    asked(tmp_path, shell, "pnpm", "install", "--frozen-lockfile")
    listed = json.loads(asked(tmp_path, shell, "pnpm", "ls", "-r", "--json", "--only-projects", "--depth", "0"))
    theirs = {
        os.path.relpath(each["path"], tmp_path): {
            os.path.relpath(os.path.realpath(found["path"]), os.path.realpath(tmp_path))
            for table in TABLES
            for found in each.get(table, {}).values()
        }
        for each in listed
    }
    assert expected == {folder: edges for folder, edges in theirs.items() if folder != "."}


def test_npm_lists_them(tmp_path: Path, shell: dict[str, str]) -> None:
    expected = written(tmp_path, npm_services.REPOSITORY)
    asked(tmp_path, shell, "npm", "ci", "--offline", "--no-audit", "--no-fund")
    members = [each["location"] for each in json.loads(asked(tmp_path, shell, "npm", "query", ".workspace"))]
    assert {*members} == expected.keys()
    for folder in ("apps/web", "libs/client", "libs/ui", "services/billing", "services/orders"):
        found = json.loads(asked(tmp_path, shell, "npm", "query", f":path({folder}) > *"))
        assert {os.path.relpath(each["realpath"], os.path.realpath(tmp_path)) for each in found} == expected[folder]


def test_uv_lists_them(tmp_path: Path, shell: dict[str, str]) -> None:
    expected = written(tmp_path, python_root.REPOSITORY)
    names = {".": "shop", "libs/labels": "labels", "libs/meter": "meter", "libs/units": "units"}
    for folder, name in names.items():
        words = ("tree", "--frozen", "--depth", "1", "--package", name, "--all-groups", "--no-dedupe", "-q")
        lines = asked(tmp_path, shell, str(find_uv()), *words).splitlines()
        found = {match[1] for line in lines[1:] if (match := re.match(r"[├└]── ([\w-]+)", line))}
        assert {each for each, known in names.items() if known in found} == expected[folder], name
