from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.pypi import uv
from nox_rings.engine.process.command import Command
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

ENVIRONMENT = Path("/w/.nox-rings/python")
SDK = Member(folder="py/sdk", ecosystem="pypi", name="sdk", install_root=".")


def test_sync_installs_every_member_into_our_own_environment_as_locked() -> None:
    assert uv.sync_command(Path("/w"), ENVIRONMENT, ("dev",)) == Command(
        argv=("uv", "sync", "--frozen", "--all-packages", "--group", "dev"),
        cwd=Path("/w"),
        env={"UV_PROJECT_ENVIRONMENT": "/w/.nox-rings/python", "NO_COLOR": "1"},
        description="uv sync",
    )


def test_tests_leave_nothing_in_the_tree() -> None:
    assert uv.pytest_command(Path("/w/py/sdk"), ENVIRONMENT) == Command(
        argv=("/w/.nox-rings/python/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        cwd=Path("/w/py/sdk"),
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        description="pytest in sdk",
    )


@pytest.mark.parametrize(
    ("files", "where"), [(("py/sdk/src/sdk/__init__.py",), "src"), (("py/sdk/sdk/__init__.py",), ".")]
)
def test_every_module_is_compiled_with_its_bytecode_elsewhere(files: tuple[str, ...], where: str) -> None:
    assert uv.compile_command(Path("/w/py/sdk"), ENVIRONMENT, files, SDK) == Command(
        argv=("/w/.nox-rings/python/bin/python", "-m", "compileall", "-q", where),
        cwd=Path("/w/py/sdk"),
        env={"PYTHONPYCACHEPREFIX": "/w/.nox-rings/python/pycache"},
        description="compile sdk",
    )


def test_a_build_ignores_the_sources_of_the_workspace() -> None:
    assert uv.build_command(Path("/stage/py/sdk"), Path("/stage/packed")) == Command(
        argv=("uv", "build", "--no-sources", "--out-dir", "/stage/packed", "."),
        cwd=Path("/stage/py/sdk"),
        env={"NO_COLOR": "1"},
        description="uv build sdk",
    )


@pytest.mark.parametrize(
    ("declared", "source", "depends_on"),
    [
        ('dependencies = ["my-sdk"]', "my-sdk = { workspace = true }", ("py/sdk",)),
        ("dependencies = [\"My_SDK[extra]>=1; python_version > '3'\"]", "my-sdk = { workspace = true }", ("py/sdk",)),
        ('dependencies = ["my-sdk"]', 'my-sdk = { path = "../sdk", editable = true }', ("py/sdk",)),
        ('dependencies = ["my-sdk"]', "", ()),
        ('dependencies = ["my-sdk"]', 'my-sdk = { index = "own" }', ()),
        ("dependencies = []", "my-sdk = { workspace = true }", ()),
        ('optional-dependencies = { all = ["my-sdk"] }', "my-sdk = { workspace = true }", ("py/sdk",)),
    ],
)
def test_a_requirement_is_local_only_with_a_local_source(
    write_tree: WriteTree, declared: str, source: str, depends_on: tuple[str, ...]
) -> None:
    texts = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["py/*"]\n',
        "uv.lock": "",
        "py/sdk/pyproject.toml": '[project]\nname = "my-sdk"\n',
        "py/app/pyproject.toml": f'[project]\nname = "app"\n{declared}\n[tool.uv.sources]\n{source}\n',
    }
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    members = {member.folder: member.depends_on for member in uv.find_members(sources, uv.find_install_roots(sources))}
    assert members == {"py/app": depends_on, "py/sdk": ()}


def test_a_source_of_the_workspace_root_holds_for_its_members(write_tree: WriteTree) -> None:
    texts = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["py/*"]\n'
        '[tool.uv.sources]\nsdk = { workspace = true }\ncli = { path = "py/cli" }\n',
        "uv.lock": "",
        "py/sdk/pyproject.toml": '[project]\nname = "sdk"\n',
        "py/cli/pyproject.toml": '[project]\nname = "cli"\n',
        "py/app/pyproject.toml": '[project]\nname = "app"\n[dependency-groups]\ndev = ["sdk", "cli"]\n',
    }
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    members = {member.folder: member.depends_on for member in uv.find_members(sources, uv.find_install_roots(sources))}
    assert members["py/app"] == ("py/cli", "py/sdk")


def test_a_project_that_uv_does_not_manage_is_no_install_root(write_tree: WriteTree) -> None:
    texts = {"pyproject.toml": '[project]\nname = "x"\n[tool.poetry]\n'}
    sources = Sources(root=write_tree(texts), files=tuple(texts))
    assert uv.find_install_roots(sources) == ()
