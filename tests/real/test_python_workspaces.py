"""Python projects of several shapes through `rings`: what is tested, what is noticed, and what is left in the tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from python_workspaces import PYTEST, PythonWorkspace, project

MEMBERS = '[tool.uv.workspace]\nmembers = ["libs/*"]\n'
VIRTUAL = f"{PYTEST}{MEMBERS}"
UNITS = "[tool.uv.sources]\nunits = { workspace = true }\n"
VALUE = "import units\n\n\ndef test_value():\n    assert units.VALUE == 1\n"
SIX = "import six\n\n\ndef test_version():\n    assert six.__version__ == '1.16.0'\n"
UNITTEST = "import unittest\n\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n"
GREEN = "def test_nothing():\n    pass\n"


@pytest.fixture
def workspace(tmp_path: Path) -> PythonWorkspace:
    return PythonWorkspace(tmp_path)


def test_the_tests_of_a_root_run_without_those_of_its_members(workspace: PythonWorkspace) -> None:
    workspace.fill(
        {
            "pyproject.toml": project("whole", "units", more=f"{VIRTUAL}{UNITS}"),
            "src/whole/__init__.py": "",
            "tests/test_whole.py": "def test_of_the_root():\n    assert not 'tested'\n",
            "libs/units/pyproject.toml": project("units"),
            "libs/units/src/units/__init__.py": "",
            "libs/units/tests/test_whole.py": GREEN,  # pytest would stop at a second module of this name
        }
    )
    workspace.lock()
    workspace.commit()
    answer = workspace.session("rings", "--json", "--keep-going")
    assert workspace.outcomes(answer) == {"install:uv": "done", "package:root": "failed", "package:units": "done"}
    assert "1 failed" in (workspace.root / ".nox-rings/logs/package-root.log").read_text()


def test_an_upgrade_in_the_lockfile_is_tested_by_those_that_have_it(workspace: PythonWorkspace) -> None:
    workspace.fill(
        {
            "pyproject.toml": VIRTUAL,
            "libs/meter/pyproject.toml": project("meter", "six>=1.16"),
            "libs/meter/src/meter/__init__.py": "",
            "libs/meter/tests/test_m.py": SIX,
            "libs/units/pyproject.toml": project("units"),
            "libs/units/src/units/__init__.py": "",
            "libs/units/tests/test_u.py": GREEN,
        }
    )
    workspace.lock(".", "--upgrade-package", "six==1.16.0")
    workspace.commit()
    assert {*workspace.rings().values()} == {"done"}
    workspace.lock(".", "--upgrade-package", "six==1.17.0")
    outcomes = workspace.rings()
    assert outcomes == {"install:uv": "done", "package:meter": "failed", "package:units": "fresh"}


def test_settings_and_untested_siblings_make_members_stale(workspace: PythonWorkspace) -> None:
    workspace.fill(
        {
            "pyproject.toml": VIRTUAL,
            "libs/units/pyproject.toml": project("units"),
            "libs/units/src/units/__init__.py": "VALUE = 1\n",
            "libs/meter/pyproject.toml": project("meter", "units", more=UNITS),
            "libs/meter/src/meter/__init__.py": "",
            "libs/meter/tests/meter_test.py": VALUE,
        }
    )
    workspace.lock()
    workspace.commit()
    assert {*workspace.rings().values()} == {"done"}
    assert {*workspace.reasons().values()} == {"fresh"}
    workspace.write("pyproject.toml", f'{VIRTUAL}[tool.pytest.ini_options]\nfilterwarnings = ["error"]\n')
    reasons = workspace.reasons()
    assert reasons["package:meter"] == "dependency: package:units"
    assert workspace.rings()["package:meter"] == "done"
    workspace.write("conftest.py", "")
    assert workspace.rings()["package:meter"] == "done"
    workspace.write("libs/units/src/units/__init__.py", "VALUE = 2\n")
    assert workspace.rings()["package:meter"] == "failed"


def test_a_root_is_tested_with_the_member_inside_that_its_tests_need(workspace: PythonWorkspace) -> None:
    sources = "[tool.uv.sources]\nwhole = { workspace = true }\n"
    workspace.fill(
        {
            "pyproject.toml": project(
                "whole", more=f'[dependency-groups]\ndev = ["pytest", "units"]\n{MEMBERS}{UNITS}'
            ),
            "src/whole/__init__.py": "",
            "tests/test_whole.py": VALUE,
            "libs/units/pyproject.toml": project("units", "whole", more=sources),
            "libs/units/src/units/__init__.py": "VALUE = 1\n",
        }
    )
    workspace.lock()
    workspace.commit()
    assert workspace.rings() == {"install:uv": "done", "package:root": "done", "package:units": "done"}
    assert {*workspace.reasons().values()} == {"fresh"}
    workspace.write("libs/units/src/units/__init__.py", "VALUE = 2\n")
    assert workspace.rings()["package:root"] == "failed"


def test_configured_checks_find_what_is_installed_for_their_member(workspace: PythonWorkspace) -> None:
    check = 'python -m pytest -q -k green", "pytest --version'
    workspace.fill(
        {
            "pyproject.toml": f'{VIRTUAL}[tool.nox-rings.members."libs/meter"]\nchecks = ["{check}"]\n',
            "libs/units/pyproject.toml": project("units"),
            "libs/units/src/units/__init__.py": "VALUE = 1\n",
            "libs/meter/pyproject.toml": project("meter", "units", more=UNITS),
            "libs/meter/src/meter/__init__.py": "",
            "libs/meter/tests/test_m.py": f"{VALUE}\n\ndef test_green():\n    assert units.VALUE\n",
        }
    )
    workspace.lock()
    workspace.commit()
    assert workspace.rings()["package:meter"] == "done"
    assert "1 passed, 1 deselected" in (workspace.root / ".nox-rings/logs/package-meter.log").read_text()


PLUGIN = """import sys

TEXT = b"one"


def field(number, content):
    return bytes([number << 3 | 2, len(content)]) + content


def main():
    sys.stdin.buffer.read()
    sys.stdout.buffer.write(field(15, field(1, b"a.txt") + field(15, TEXT)))
"""


def test_stubs_are_made_anew_by_a_plugin_that_is_a_member(workspace: PythonWorkspace) -> None:
    scripts = "[project.scripts]\nprotoc-gen-units = 'plugin:main'\n"
    plugin = "libs/plugin/src/plugin/__init__.py"
    workspace.fill(
        {
            "pyproject.toml": f'[dependency-groups]\ntools = ["protoc-gen-units"]\n{MEMBERS}'
            "[tool.uv.sources]\nprotoc-gen-units = { workspace = true }\n",
            "proto/buf.yaml": "version: v2\nlint: {use: [MINIMAL]}\n",
            "proto/buf.gen.yaml": "version: v2\nplugins:\n  - local: protoc-gen-units\n    out: ../gen\n",
            "proto/units/v1/a.proto": 'syntax = "proto3";\n\npackage units.v1;\n\nmessage A {}\n',
            "libs/plugin/pyproject.toml": project(
                "protoc-gen-units", more=f"{scripts}[tool.uv.build-backend]\nmodule-name = 'plugin'\n"
            ),
            plugin: PLUGIN,
        }
    )
    workspace.lock()
    workspace.commit()
    assert workspace.rings()["stubs"] == "done"
    assert (workspace.root / "gen/a.txt").read_text() == "one"
    assert workspace.reasons()["stubs"] == "fresh"
    workspace.write(plugin, PLUGIN.replace("one", "two"))
    assert workspace.reasons()["stubs"] == f"input-changed: {plugin}"
    assert workspace.rings()["stubs"] == "done"
    assert (workspace.root / "gen/a.txt").read_text() == "two"


@pytest.mark.parametrize("source", ["{ path = '../units', editable = true }", "{ path = '../units' }"])
def test_a_project_at_a_path_is_tested_as_it_is_now(workspace: PythonWorkspace, source: str) -> None:
    workspace.fill(
        {
            "units/pyproject.toml": project("units"),
            "units/src/units/__init__.py": "VALUE = 1\n",
            "meter/pyproject.toml": project("meter", "units", more=f"{PYTEST}[tool.uv.sources]\nunits = {source}\n"),
            "meter/src/meter/__init__.py": "",
            "meter/tests/test_m.py": VALUE,
        }
    )
    workspace.lock("units")
    workspace.lock("meter")
    workspace.commit()
    assert {*workspace.rings().values()} == {"done"}
    workspace.write("units/src/units/__init__.py", "VALUE = 2\n")
    assert workspace.rings()["package:meter"] == "failed"


HATCH = """
[project]
name = "units"
version = "1"
{0}
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""
SETUPTOOLS = '[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n'
POETRY = """
[tool.poetry]
name = "units"
version = "1"
description = ""
authors = []
[tool.poetry.dependencies]
python = ">=3.11"
[tool.poetry.group.dev.dependencies]
pytest = "^9.0"
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""
BACKENDS: dict[str, dict[str, str]] = {
    "hatchling and a group": {"pyproject.toml": HATCH.format("") + '[dependency-groups]\ntest = ["pytest"]\n'},
    "hatchling and an extra": {"pyproject.toml": HATCH.format('optional-dependencies = { test = ["pytest"] }')},
    "setuptools and requirements": {
        "pyproject.toml": SETUPTOOLS,
        "setup.cfg": "[metadata]\nname = units\nversion = 1\n[options]\npackages = find:\n",
        "requirements-dev.txt": "pytest\n",
    },
    "Poetry": {"pyproject.toml": POETRY},
    "no backend": {"pyproject.toml": '[project]\nname = "units"\nversion = "1"\ndependencies = ["pytest"]\n'},
}


@pytest.mark.parametrize("texts", BACKENDS.values(), ids=list(BACKENDS))
def test_a_project_without_uv_is_built_and_tested_and_leaves_the_tree_as_it_was(
    workspace: PythonWorkspace, texts: dict[str, str]
) -> None:
    files = {f"a/{name}": text for name, text in texts.items()}
    workspace.fill({**files, "a/units/__init__.py": "VALUE = 1\n", "a/tests/test_units.py": VALUE})
    workspace.commit()
    assert workspace.rings() == {"install:uv": "done", "package:a": "done"}
    assert workspace.is_clean()
    assert {*workspace.reasons().values()} == {"fresh"}
    workspace.write("a/units/__init__.py", "VALUE = 2\n")
    assert workspace.rings() == {"install:uv": "fresh", "package:a": "failed"}


SENTENCES: dict[str, tuple[dict[str, str], str]] = {
    "no pytest": (
        {
            "pyproject.toml": project("units"),
            "src/units/__init__.py": "",
            "tests/test_a.py": UNITTEST,
        },
        "pyproject.toml: found tests, but no pytest in their environment",
    ),
    "another uv": (
        {
            "pyproject.toml": project("units", more="[tool.uv]\nrequired-version = '>=99'\n"),
            "src/units/__init__.py": "",
        },
        "expected >=99 (required-version)",
    ),
}


@pytest.mark.parametrize(("texts", "sentence"), SENTENCES.values(), ids=list(SENTENCES))
def test_what_cannot_be_tested_is_said_in_a_sentence(
    workspace: PythonWorkspace, texts: dict[str, str], sentence: str
) -> None:
    workspace.fill({**texts, "pyproject.toml": texts["pyproject.toml"].replace(">=99", ">=0.1")})
    workspace.lock()
    workspace.fill(texts)
    workspace.commit()
    answer = workspace.session("rings")
    assert answer.exit_code == 1
    assert sentence in answer.out + answer.err
    assert "Traceback" not in answer.out + answer.err
