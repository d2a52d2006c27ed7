"""What is installed for a project that uv does not manage."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.pypi.projects.managers import poetry_requirement, poetry_versions
from nox_rings.ecosystems.pypi.projects.plain_install import plain_arguments, write_constraints
from nox_rings.workspace.model import InstallRoot
from unit.conftest import WriteTree

BACKEND = '[build-system]\nrequires = ["hatchling"]\n'
ARGUMENTS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "a package with extras and groups": (
        {
            "pyproject.toml": "[project]\nname = 'a'\noptional-dependencies = { tests = [], docs = [] }\n"
            f"{BACKEND}[dependency-groups]\ntest = []\nlint = []\n"
        },
        ("--editable", ".[tests]", "--group", "test"),
    ),
    "a program that is no package": (
        {"pyproject.toml": "[project]\nname = 'a'\ndependencies = []\n", "requirements.txt": ""},
        ("-r", "pyproject.toml"),
    ),
    "requirements beside a manifest without any": (
        {
            "pyproject.toml": f"[project]\nname = 'a'\n{BACKEND}",
            "requirements.txt": "",
            "requirements-dev.txt": "",
            "requirements-docs.txt": "",
            "requirements/test.txt": "",
        },
        ("--editable", ".", "-r", "requirements-dev.txt", "-r", "requirements.txt", "-r", "requirements/test.txt"),
    ),
    "Poetry": (
        {
            "pyproject.toml": "[tool.poetry]\nname = 'a'\n[tool.poetry.extras]\ntest = []\n"
            "[tool.poetry.dependencies]\nlib = { path = '../lib' }\n"
            f"[tool.poetry.group.dev.dependencies]\npytest = '^9.0'\n{BACKEND}"
        },
        ("--editable", ".[test]", "pytest>=9.0,<10", "--reinstall-package", "lib"),
    ),
    "Poetry without a package": (
        {
            "pyproject.toml": "[tool.poetry]\nname = 'a'\npackage-mode = false\n"
            f"[tool.poetry.dependencies]\npython = '^3.11'\nsix = '*'\n{BACKEND}"
        },
        ("six",),
    ),
    "Hatch's own tests": (
        {
            "pyproject.toml": f"[project]\nname = 'a'\n{BACKEND}"
            "[tool.hatch.envs.hatch-test]\nextra-dependencies = ['six']\n[tool.hatch.envs.docs]\ndependencies = ['x']\n"
        },
        ("--editable", ".", "pytest", "six"),
    ),
    "PDM": (
        {
            "pyproject.toml": f"[project]\nname = 'a'\n{BACKEND}"
            "[tool.pdm.dev-dependencies]\ntest = ['pytest', '-e file:///x']\nlint = ['ruff']\n"
        },
        ("--editable", ".", "pytest"),
    ),
    "tox": (
        {
            "pyproject.toml": f"[project]\nname = 'a'\n{BACKEND}",
            "tox.ini": "[testenv]\ndeps =\n  pytest>=9\n  six[x] ==1.0\n  py38: old\n  -r x.txt\n  {[base]deps}\n",
        },
        ("--editable", ".", "pytest>=9", "six[x] ==1.0"),
    ),
    "a group that brings pytest": (
        {
            "pyproject.toml": f"[project]\nname = 'a'\n{BACKEND}"
            "[dependency-groups]\nqa = ['Pytest>=9']\nci = ['pytest-cov']\n"
        },
        ("--editable", ".", "--group", "qa"),
    ),
    "settings of a build alone": ({"pyproject.toml": f"{BACKEND}[tool.poetry]\npackage-mode = false\n"}, ()),
}


@pytest.mark.parametrize(("texts", "arguments"), ARGUMENTS.values(), ids=list(ARGUMENTS))
def test_a_project_is_installed_with_what_its_tests_require(
    write_tree: WriteTree, texts: dict[str, str], arguments: tuple[str, ...]
) -> None:
    top = write_tree({f"a/{name}": text for name, text in texts.items()})
    files = tuple(sorted(f"a/{name}" for name in texts))
    root = InstallRoot(folder="a", ecosystem="pypi", lockfile="a/pyproject.toml", files=files)
    assert plain_arguments(root, top, None) == arguments


@pytest.mark.parametrize(
    ("constraint", "versions"),
    [
        ("*", ""),
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.2", "~=1.2"),
        ("1.2.*", "==1.2.*"),
        ("1.2", "==1.2"),
        (">=1,<2", ">=1,<2"),
        (">=1, !=1.5", ">=1,!=1.5"),
        (">=1 <2", ">=1,<2"),
    ],
)
def test_constraints_of_poetry_are_specifiers(constraint: str, versions: str) -> None:
    """https://python-poetry.org/docs/dependency-specification/"""
    assert poetry_versions(constraint) == versions


@pytest.mark.parametrize(
    ("value", "requirement"),
    [
        ("^1.0", "x>=1.0,<2"),
        ({"version": ">=1", "extras": ["a", "b"]}, "x[a,b]>=1"),
        ({"version": "*", "markers": "python_version < '3'"}, "x ; python_version < '3'"),
        ({"git": "https://example.com/x.git", "tag": "v1"}, "x @ git+https://example.com/x.git@v1"),
        ({"url": "https://example.com/x.whl"}, "x @ https://example.com/x.whl"),
        ({"path": "../x", "develop": True}, "../x"),
        ({"path": "lib/x"}, "./lib/x"),
        (None, ""),
    ],
)
def test_dependencies_of_poetry_are_requirements(value: object, requirement: str) -> None:
    assert poetry_requirement("x", value) == requirement


def test_the_versions_of_another_lockfile_are_constraints(tmp_path: Path) -> None:
    lock = tmp_path / "poetry.lock"
    lock.write_text(
        '[[package]]\nname = "six"\nversion = "1.0"\n'
        '[[package]]\nname = "twice"\nversion = "1"\n[[package]]\nname = "twice"\nversion = "2"\n'
        '[[package]]\nname = "lib"\nversion = "3"\n[package.source]\ntype = "directory"\nurl = "../lib"\n'
    )
    write_constraints(lock, tmp_path / "made" / "constraints.txt")
    assert (tmp_path / "made" / "constraints.txt").read_text() == "six==1.0\n"
