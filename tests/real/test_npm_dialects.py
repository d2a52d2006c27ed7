"""The tables of globs and ranges beside the npm that is pinned."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from checkout import REPOSITORY, environment
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain
from unit.ecosystems.npm.builds import ignore_rows
from unit.ecosystems.npm.workspaces import glob_rows, range_rows

RANGES = """
const {satisfies} = require(process.argv[1])
const rows = JSON.parse(process.argv[2])
console.log(JSON.stringify(rows.map(([version, range]) => satisfies(version, range, {loose: true}))))
"""
GLOBS = """
const map = require(process.argv[1]), path = require('path'), cwd = process.argv[2]
const ask = async globs => [...(await map({cwd, pkg: {workspaces: globs}})).values()]
const shown = found => found.map(each => path.relative(cwd, each).split(path.sep).join('/'))
Promise.all(JSON.parse(process.argv[3]).map(ask)).then(all => console.log(JSON.stringify(all.map(shown))))
"""


@pytest.fixture(scope="module")
def tools() -> Toolchain:
    folder = Path(environment()["NOX_RINGS_TOOLS_DIR"])
    found = Toolchain(REPOSITORY, folder, ProcessRunner(), source="pinned", announce=print)
    found.require("npm", "node")
    return found


def ask_node(tools: Toolchain, program: str, module: str, *arguments: str) -> list[object]:
    """`program` gets the path of a module that npm brings, and the arguments."""
    npm = next(each for each in tools.path("npm").resolve().parents if each.name == "npm")
    argv = (str(tools.path("node")), "-e", program, str(npm / "node_modules" / module), *arguments)
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True)
    answer = json.loads(done.stdout)
    assert isinstance(answer, list)
    return answer


def test_npm_answers_what_the_table_of_ranges_says(tools: Toolchain) -> None:
    rows = [[version, wanted] for version, wanted, _ in range_rows.ROWS]
    found = ask_node(tools, RANGES, "semver", json.dumps(rows))
    assert dict(zip(map(tuple, rows), found, strict=True)) == {
        (version, wanted): admits for version, wanted, admits in range_rows.ROWS
    }


def test_npm_lists_what_the_table_of_globs_says(tools: Toolchain, tmp_path: Path) -> None:
    for number, folder in enumerate(glob_rows.FOLDERS):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "package.json").write_text(json.dumps({"name": f"p{number}", "version": "1.0.0"}))
    globs = [list(each) for each, _ in glob_rows.ROWS]
    found = ask_node(tools, GLOBS, "@npmcli/map-workspaces", str(tmp_path), json.dumps(globs))
    seen = {tuple(each): {*folders} for each, folders in zip(globs, found, strict=True) if isinstance(folders, list)}
    assert seen == {each: {*folders} for each, folders in glob_rows.ROWS}


@pytest.mark.parametrize(("root", "own", "folder", "ignored"), ignore_rows.ROWS)
def test_git_ignores_what_the_table_says(tmp_path: Path, root: str, own: str, folder: str, ignored: bool) -> None:
    subprocess.run(("git", "init", "-q"), cwd=tmp_path, check=True)
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "libs" / "a").mkdir(parents=True, exist_ok=True)
    (tmp_path / ".gitignore").write_bytes(root.encode())
    (tmp_path / "libs" / "a" / ".gitignore").write_bytes(own.encode())
    asked = subprocess.run(("git", "check-ignore", "-q", f"{folder}/"), cwd=tmp_path)
    assert (asked.returncode == 0) is ignored
