"""What tests read above their member, and what of it makes no difference to them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nox_rings.ecosystems.pypi.projects.discovery import discover
from nox_rings.ecosystems.pypi.projects.shared_settings import read_by_tests
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

MEMBER = {"libs/a/pyproject.toml": '[project]\nname = "a"\n', "libs/a/test_a.py": "", "uv.lock": ""}
ROOT = '[tool.uv.workspace]\nmembers = ["libs/*"]\n'
PYTEST = "[tool.pytest.ini_options]\naddopts = '-q'\n"


def above(write_tree: WriteTree, texts: Mapping[str, str]) -> tuple[set[str], dict[str, str]]:
    """Files that the member reads above it, and the parts of files with their digests."""
    every = {**MEMBER, **texts}
    files = tuple(sorted(every))
    found = discover(Sources(root=write_tree(every), files=files, listed=files))
    (member,) = (each for each in found.members if each.folder == "libs/a")
    return {*member.reads}, {name: found.settings[name] for name in member.settings}


NAMES = ("conftest.py", "libs/conftest.py", "tox.ini", "setup.cfg", ".coveragerc", "uv.toml", ".python-version")


def test_settings_and_fixtures_count_up_to_the_folder_of_the_settings_of_pytest(write_tree: WriteTree) -> None:
    texts = {"pyproject.toml": f"{ROOT}{PYTEST}", **dict.fromkeys(NAMES, ""), "ruff.toml": "", "mypy.ini": ""}
    reads, parts = above(write_tree, texts)
    assert reads == {*NAMES}
    assert set(parts) == {"pyproject.toml [tool]"}
    reads, parts = above(write_tree, {**texts, "libs/pytest.ini": "[pytest]\n"})
    assert reads == {"libs/conftest.py", "libs/pytest.ini", "uv.toml", ".python-version"}
    assert parts == {}


@pytest.mark.parametrize(
    ("edited", "counts"),
    [
        (f"{ROOT}{PYTEST}[tool.coverage.report]\nfail_under = 90\n", True),
        (f"{ROOT}{PYTEST.replace('-q', '-x')}", True),
        (f"{ROOT}{PYTEST}[tool.some-plugin]\nx = 1\n", True),
        (f"{ROOT}{PYTEST}[tool.ruff]\nline-length = 90\n", False),
        (f"{ROOT}{PYTEST}[tool.mypy]\nstrict = true\n", False),
        (f'{ROOT}{PYTEST}[tool.nox-rings]\nseed-version = "1.0.0"\n', False),
        (f'{ROOT}{PYTEST}[dependency-groups]\ntools = ["buf-bin==1.75.0"]\n', False),
        (f"# why\n{ROOT}{PYTEST}", False),
    ],
)
def test_an_edit_of_a_pyproject_above_counts_where_tests_may_read_it(
    write_tree: WriteTree, edited: str, counts: bool
) -> None:
    _, before = above(write_tree, {"pyproject.toml": f"{ROOT}{PYTEST}"})
    _, after = above(write_tree, {"pyproject.toml": edited})
    assert (after != before) is counts


def test_options_that_call_a_linter_make_its_table_one_that_tests_read() -> None:
    table = {"mypy": {"strict": True}, "ruff": {}, "pytest": {"ini_options": {"addopts": "--mypy"}}}
    assert set(read_by_tests({"tool": table})) == {"mypy", "pytest"}
    assert read_by_tests({"tool": "x"}) == {}
