"""Edges and members beside the answers of pnpm and npm themselves, in workspaces that need no registry."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from checkout import REPOSITORY, environment
from nox_rings.ecosystems.npm.pnpm import ENVIRONMENT
from nox_rings.ecosystems.npm.workspaces.discovery import discover
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain
from nox_rings.workspace.sources import Sources

TABLES = ("dependencies", "devDependencies", "optionalDependencies")
A = {"name": "@x/a", "version": "1.4.0"}
PNPM: Mapping[str, tuple[str, Mapping[str, Mapping[str, Any]]]] = {
    "spellings": (
        "catalog:\n  '@x/a': workspace:*\n",
        {
            "libs/star": {"dependencies": {"@x/a": "workspace:*"}},
            "libs/range": {"devDependencies": {"@x/a": "workspace:^1.0.0"}},
            "libs/path": {"dependencies": {"@x/a": "workspace:../a"}},
            "libs/alias": {"dependencies": {"gauge": "workspace:@x/a@*"}},
            "libs/link": {"dependencies": {"@x/a": "link:../a"}},
            "libs/file": {"optionalDependencies": {"@x/a": "file:../a"}},
            "libs/catalog": {"dependencies": {"@x/a": "catalog:"}},
            "libs/both": {"dependencies": {"@x/a": "workspace:*"}, "devDependencies": {"star": "workspace:*"}},
        },
    ),
    "ranges": (
        "linkWorkspacePackages: true\n",
        {"libs/b": {"dependencies": {"@x/a": "^1.0.0"}}, "libs/c": {"dependencies": {"b": "*", "@x/a": "1.x"}}},
    ),
    "overrides": (
        "overrides:\n  '@x/a': workspace:*\n",
        {"libs/b": {"dependencies": {"@x/a": "^7.0.0"}}},
    ),
    "lockfiles of their own": (
        "sharedWorkspaceLockfile: false\n",
        {"libs/b": {"dependencies": {"@x/a": "workspace:*"}}, "libs/c": {"dependencies": {"b": "workspace:*"}}},
    ),
    "extensions": (
        "packageExtensions:\n  b:\n    dependencies:\n      '@x/a': workspace:*\n",
        {"libs/b": {}, "libs/c": {"dependencies": {"b": "workspace:*"}}},
    ),
    "injected": (
        "injectWorkspacePackages: true\n",
        {"libs/b": {"dependencies": {"@x/a": "workspace:*"}}},
    ),
}
NPM: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "ranges": {
        "libs/b": {"dependencies": {"@x/a": "^1.0.0"}},
        "libs/c": {"devDependencies": {"b": "*", "@x/a": "1.x"}},
    },
    "folders": {"libs/b": {"dependencies": {"other": "file:../a"}}, "libs/c": {"optionalDependencies": {"b": ">=1"}}},
    "peers": {"libs/b": {"peerDependencies": {"@x/a": "^1.4.0"}}},
    "aliases": {"libs/b": {"dependencies": {"gauge": "file:../a", "@x/a": "1.4.0"}}},
}


@pytest.fixture(scope="module")
def shell() -> dict[str, str]:
    """The environment of a shell with node, npm and pnpm on its PATH."""
    folder = Path(environment()["NOX_RINGS_TOOLS_DIR"])
    tools = Toolchain(REPOSITORY, folder, ProcessRunner(), source="pinned", announce=print)
    tools.require("pnpm", "npm", "node")
    return {**environment(), **tools.environment("pnpm", "npm", "node"), **ENVIRONMENT}


def write(root: Path, manifests: Mapping[str, Mapping[str, Any]]) -> None:
    for folder, manifest in manifests.items():
        (root / folder).mkdir(parents=True, exist_ok=True)
        named = {"name": folder.rpartition("/")[2], "version": "1.0.0", **manifest}
        (root / folder / "package.json").write_text(json.dumps(named))


def asked(root: Path, shell: Mapping[str, str], *argv: str) -> Any:
    done = subprocess.run(argv, cwd=root, env={**shell}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout) if done.stdout.startswith(("[", "{")) else None


def ours(root: Path) -> dict[str, set[str]]:
    found = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    files = tuple(sorted(str(path) for path in found if "node_modules" not in path.parts))
    sources = Sources(root=root, files=files, listed=files)
    members = discover(sources).members
    assert sources.problems == {}
    return {each.folder: {*each.depends_on} for each in members}


def inside(root: Path, paths: Iterator[str]) -> set[str]:
    relative = {os.path.relpath(Path(path).resolve(), root.resolve()) for path in paths}
    return {each for each in relative if each.startswith("libs/")}


@pytest.mark.parametrize("name", PNPM)
def test_pnpm_lists_the_edges_that_we_find(name: str, shell: dict[str, str], tmp_path: Path) -> None:
    settings, manifests = PNPM[name]
    write(tmp_path, {".": {"private": True}, "libs/a": A, **manifests})
    (tmp_path / "pnpm-workspace.yaml").write_text(f"packages: ['libs/*']\n{settings}")
    asked(tmp_path, shell, "pnpm", "install", "--no-frozen-lockfile")
    listed = asked(tmp_path, shell, "pnpm", "ls", "-r", "--json", "--only-projects", "--depth", "0")
    theirs = {
        os.path.relpath(each["path"], tmp_path): inside(
            tmp_path, (found["path"] for table in TABLES for found in each.get(table, {}).values())
        )
        for each in listed
    }
    assert ours(tmp_path) == {folder: edges for folder, edges in theirs.items() if folder != "."}
    assert any(theirs.values())


@pytest.mark.parametrize("name", NPM)
def test_npm_lists_the_edges_that_we_find(name: str, shell: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {".": {"private": True, "workspaces": ["libs/*"]}, "libs/a": A, **NPM[name]})
    asked(tmp_path, shell, "npm", "install", "--offline", "--no-audit", "--no-fund")
    members = [each["location"] for each in asked(tmp_path, shell, "npm", "query", ".workspace")]
    theirs = {}
    for folder in members:
        found = asked(tmp_path, shell, "npm", "query", f":path({folder}) > *")
        theirs[folder] = inside(tmp_path, (each["realpath"] for each in found))
    assert ours(tmp_path) == theirs
    assert any(theirs.values())
