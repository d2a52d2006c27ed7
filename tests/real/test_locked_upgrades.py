"""A package is bumped in a lockfile by the ecosystem's own tool: exactly the members run again that the tool names for
it. And an installation of which a part was removed is seen, and repaired."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from checkout import REPOSITORY, environment
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain
from python_workspaces import PYTEST, PythonWorkspace, project

NPM = {
    "package.json": '{"name": "top", "private": true}',
    "pnpm-workspace.yaml": "packages: [libs/*]\npmOnFail: ignore\ncatalog:\n  left-pad: 1.2.0\n",
    **{
        f"libs/{name}/package.json": json.dumps({"name": name, "scripts": {"test": "node -e 0"}, **tables})
        for name, tables in {
            "a": {"dependencies": {"is-odd": "3.0.0"}},
            "b": {"dependencies": {"a": "workspace:*"}},
            "c": {"devDependencies": {"left-pad": "catalog:"}},
        }.items()
    },
}
PYTHON = {
    "pyproject.toml": f'{PYTEST}[tool.uv.workspace]\nmembers = ["libs/*"]\n',
    "libs/a/pyproject.toml": project("a", "wrapt", more="[dependency-groups]\ndev = ['toolz']\n"),
    "libs/b/pyproject.toml": project("b", "a", more="[tool.uv.sources]\na = { workspace = true }\n"),
    "libs/c/pyproject.toml": project("c", "six"),
    **{f"libs/{name}/src/{name}/__init__.py": "" for name in "abc"},
    **{f"libs/{name}/tests/test_{name}.py": "def test_it():\n    pass\n" for name in "abc"},
}
GO = {
    "go.work": "go 1.25.0\n\nuse (\n\t./a\n\t./b\n\t./c\n)\n",
    "a/go.mod": "module example.com/a\n\ngo 1.25.0\n",
    "a/a.go": 'package a\n\nimport _ "golang.org/x/text/language"\n',
    "b/go.mod": "module example.com/b\n\ngo 1.25.0\n",
    "b/b.go": 'package b\n\nimport _ "example.com/a"\n',
    "c/go.mod": "module example.com/c\n\ngo 1.25.0\n",
    "c/c.go": 'package c\n\nimport _ "golang.org/x/time/rate"\n',
}


class Workspace(PythonWorkspace):
    def tool(self, folder: str, *argv: str, **variables: str) -> str:
        tools = Toolchain(
            REPOSITORY, Path(environment()["NOX_RINGS_TOOLS_DIR"]), ProcessRunner(), source="pinned", announce=print
        )
        names = ("go",) if argv[0] == "go" else ("node", "pnpm")
        tools.require(*names)
        env = {**environment(), **tools.environment(*names), **variables}
        done = subprocess.run(argv, cwd=self.root / folder, env=env, capture_output=True, text=True)
        assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
        return done.stdout

    def stale(self) -> set[str]:
        return {name for name, reason in self.reasons().items() if reason != "fresh" and name.startswith("package:")}

    def ran(self) -> set[str]:
        outcomes = self.rings()
        assert {*outcomes.values()} <= {"done", "fresh"}, outcomes
        return {name for name, outcome in outcomes.items() if outcome == "done" and name.startswith("package:")}


def packages(*names: str) -> set[str]:
    return {f"package:{name}" for name in names}


def named_by_pnpm(workspace: Workspace, package: str) -> set[str]:
    """The packages of the workspace that have it, themselves or through others of the workspace."""
    found = json.loads(workspace.tool(".", "pnpm", "why", "-r", package, "--json"))
    names = {*re.findall(r'"name": "(\w)"', json.dumps(found))}
    return packages(*(names | ({"b"} if "a" in names else set())))


def bump_catalog(workspace: Workspace) -> None:
    path = workspace.root / "pnpm-workspace.yaml"
    path.write_text(path.read_text().replace("left-pad: 1.2.0", "left-pad: 1.3.0"))
    workspace.tool(".", "pnpm", "install", "--lockfile-only")


def bump_is_odd(workspace: Workspace) -> None:
    path = workspace.root / "libs/a/package.json"
    path.write_text(path.read_text().replace("3.0.0", "3.0.1"))
    workspace.tool(".", "pnpm", "install", "--lockfile-only")


def test_npm_members_run_again_that_pnpm_names(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.fill({**NPM, ".gitignore": "node_modules/\n"})
    workspace.tool(".", "pnpm", "install", "--lockfile-only")
    workspace.commit()
    assert workspace.ran() == packages("a", "b", "c")
    for bump, package in ((bump_catalog, "left-pad"), (bump_is_odd, "is-odd")):
        bump(workspace)
        expected = named_by_pnpm(workspace, package)
        assert expected == (packages("c") if package == "left-pad" else packages("a", "b"))
        assert workspace.stale() == expected
        assert workspace.ran() == expected
        assert workspace.stale() == set()
    lock = workspace.root / "pnpm-lock.yaml"
    lock.write_text(f"# by hand\n{lock.read_text()}")
    assert workspace.stale() == workspace.ran() == set()


@pytest.mark.parametrize(
    "damage",
    [
        lambda top: shutil.rmtree(next((top / "node_modules/.pnpm").glob("is-number@*"))),
        lambda top: shutil.rmtree(top / "libs/c/node_modules"),
        lambda top: (top / "libs/b/node_modules/a").unlink(),
        lambda top: shutil.rmtree(top / "node_modules"),
    ],
    ids=["a package of the store", "a member's links", "a link to a member", "all"],
)
def test_a_damaged_installation_of_pnpm_is_repaired(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    workspace = Workspace(tmp_path)
    workspace.fill({**NPM, ".gitignore": "node_modules/\n"})
    workspace.tool(".", "pnpm", "install", "--lockfile-only")
    workspace.commit()
    workspace.ran()

    def listed() -> set[str]:
        folders = [tmp_path / "node_modules/.pnpm", *tmp_path.glob("libs/*/node_modules")]
        return {str(each.relative_to(tmp_path)) for folder in folders for each in folder.iterdir()}

    before = listed()
    damage(tmp_path)
    assert workspace.reasons()["install:pnpm"].startswith("output-")
    assert workspace.ran() == set()
    assert listed() == before
    assert workspace.reasons()["install:pnpm"] == "fresh"


def named_by_uv(workspace: Workspace, package: str) -> set[str]:
    tree = workspace.uv(".", "tree", "--frozen", "--universal", "--all-groups", "--invert", "--package", package)
    return packages(*re.findall(r"\b([abc]) v0", tree))


def test_python_members_run_again_that_uv_names(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.fill(PYTHON)
    older = ("wrapt==1.16.0", "six==1.16.0", "toolz==0.12.0")
    workspace.lock(".", *(word for each in older for word in ("--upgrade-package", each)))
    workspace.commit()
    assert workspace.ran() == packages("a", "b", "c")
    expected: Mapping[str, set[str]] = {"wrapt==1.17.2": packages("a", "b"), "six==1.17.0": packages("c")}
    for requirement, members in expected.items():
        workspace.lock(".", "--upgrade-package", requirement)
        assert named_by_uv(workspace, requirement.partition("==")[0]) == members
        assert workspace.stale() == members
        assert workspace.ran() == members
    workspace.lock(".", "--upgrade-package", "toolz==1.0.0")  # of the tests of `a` alone
    assert workspace.ran() == packages("a")
    lock = workspace.root / "uv.lock"
    lock.write_text(f"# by hand\n{lock.read_text()}")
    assert workspace.stale() == workspace.ran() == set()


@pytest.mark.parametrize(
    ("removed", "missed"),
    [("six.py", "six.py"), ("six-*.dist-info", "six-*.dist-info")],
    ids=["its code", "its record"],
)
def test_a_damaged_environment_is_repaired(tmp_path: Path, removed: str, missed: str) -> None:
    workspace = Workspace(tmp_path)
    workspace.fill(PYTHON)
    workspace.lock()
    workspace.commit()
    workspace.ran()
    (site,) = tmp_path.glob(".nox-rings/python/+root/lib/python*/site-packages")
    (found,) = site.glob(removed)
    shutil.rmtree(found) if found.is_dir() else found.unlink()
    assert workspace.reasons()["install:uv"].startswith("output-edited")
    assert workspace.ran() == set()
    assert [*site.glob(missed)]
    assert workspace.reasons()["install:uv"] == "fresh"


def named_by_go(workspace: Workspace, module: str) -> set[str]:
    question = ("go", "list", "-deps", "-test", "-f", "{{with .Module}}{{.Path}}{{end}}", "./...")
    return packages(*(each for each in "abc" if module in workspace.tool(each, *question).splitlines()))


def test_go_members_run_again_that_go_names(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.fill(GO)
    workspace.tool("a", "go", "get", "golang.org/x/text@v0.20.0", GOWORK="off")
    workspace.tool("c", "go", "get", "golang.org/x/time@v0.8.0", GOWORK="off")
    workspace.commit()
    assert workspace.ran() == packages("a", "b", "c")
    for folder, wanted, members in (
        ("c", "golang.org/x/time@v0.9.0", packages("c")),
        ("a", "golang.org/x/text@v0.21.0", packages("a", "b")),
    ):
        workspace.tool(folder, "go", "get", wanted, GOWORK="off")
        assert named_by_go(workspace, wanted.partition("@")[0]) == members
        assert workspace.stale() == members
        assert workspace.ran() == members
    # Another module raises the version for all of the workspace.
    workspace.tool("c", "go", "get", "golang.org/x/text@v0.22.0", GOWORK="off")
    assert workspace.ran() == packages("a", "b", "c")
