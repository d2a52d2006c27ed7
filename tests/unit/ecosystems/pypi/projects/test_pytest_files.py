"""Which members have tests. tests/real/test_python_tests.py compares with pytest itself."""

from __future__ import annotations

import pytest

from nox_rings.ecosystems.pypi.projects.discovery import discover
from nox_rings.ecosystems.pypi.projects.pytest_files import nested_to_ignore
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

# Files beside the manifest of a project in `a`, and whether pytest finds a test there.
PLACES: dict[str, tuple[dict[str, str], bool]] = {
    "tests/test_a.py": ({"a/tests/test_a.py": ""}, True),
    "by suffix": ({"a/tests/a_test.py": ""}, True),
    "in test": ({"a/test/unit/test_a.py": ""}, True),
    "in the package": ({"a/src/pkg/tests/test_a.py": ""}, True),
    "in a private folder": ({"a/src/pkg/_tests/test_a.py": ""}, True),
    "beside the manifest": ({"a/test_a.py": ""}, True),
    "no test": ({"a/tests/conftest.py": "", "a/tests/helper.py": "", "a/tests/testing.txt": ""}, False),
    "in build": ({"a/build/lib/test_a.py": "", "a/.hidden/test_a.py": "", "a/x.egg/test_a.py": ""}, False),
    "of a member inside": ({"a/b/pyproject.toml": '[project]\nname = "b"\n', "a/b/test_b.py": ""}, False),
    "testpaths": ({"a/checks/test_a.py": "", "a/pytest.ini": "[pytest]\ntestpaths = checks more\n"}, True),
    "outside of testpaths": ({"a/other/test_a.py": "", "a/pytest.ini": "[pytest]\ntestpaths = checks\n"}, False),
    "a glob in testpaths": ({"a/x/t/test_a.py": "", "a/tox.ini": "[pytest]\ntestpaths = */t\n"}, True),
    "testpaths of a folder above hold for it alone": (
        {"a/other/test_a.py": "", "pytest.ini": "[pytest]\ntestpaths = checks\n"},
        True,
    ),
    "python_files": ({"a/tests/check_a.py": "", "a/setup.cfg": "[tool:pytest]\npython_files = check_*.py\n"}, True),
    "instead of the usual": ({"a/tests/test_a.py": "", "a/tox.ini": "[pytest]\npython_files = check_*.py\n"}, False),
    "python_files above": ({"a/tests/check_a.py": "", ".pytest.ini": "[pytest]\npython_files = check_*.py\n"}, True),
    "pytest.toml": (
        {"a/tests/check_a.py": "", "a/pytest.toml": "[pytest]\npython_files = ['check_*.py']\n"},
        True,
    ),
    "the first of two settings": (
        {"a/tests/test_a.py": "", "a/pytest.ini": "[pytest]\n", "a/tox.ini": "[pytest]\npython_files = check_*.py\n"},
        True,
    ),
    "a section of another": ({"a/tests/test_a.py": "", "a/tox.ini": "[tox]\nenvlist = py\n"}, True),
    "settings that cannot be read": ({"a/tests/test_a.py": "", "a/tox.ini": "no section\n"}, True),
}


@pytest.mark.parametrize(("texts", "tested"), PLACES.values(), ids=list(PLACES))
def test_a_member_is_tested_where_pytest_finds_tests(
    write_tree: WriteTree, texts: dict[str, str], tested: bool
) -> None:
    texts = {**texts, "a/pyproject.toml": '[project]\nname = "a"\n', "a/uv.lock": ""}
    files = tuple(sorted(texts))
    found = discover(Sources(root=write_tree(texts), files=files, listed=files))
    assert next(each for each in found.members if each.folder == "a").checks == (("test",) if tested else ())


@pytest.mark.parametrize("table", ["tool.pytest.ini_options", "tool.pytest"])
def test_settings_in_pyproject_count(write_tree: WriteTree, table: str) -> None:
    texts = {
        "pyproject.toml": f'[project]\nname = "a"\n[{table}]\npython_files = ["check_*.py"]\ntestpaths = ["qa"]\n',
        "uv.lock": "",
        "qa/check_a.py": "",
    }
    files = tuple(sorted(texts))
    found = discover(Sources(root=write_tree(texts), files=files, listed=files))
    assert [each.checks for each in found.members] == [("test",)]


def test_a_member_reads_the_settings_and_fixtures_above_it(write_tree: WriteTree) -> None:
    texts = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
        "uv.lock": "",
        "conftest.py": "",
        "tox.ini": "",
        "libs/conftest.py": "",
        "libs/a/pyproject.toml": '[project]\nname = "a"\n',
        "libs/a/conftest.py": "",
        "libs/b/conftest.py": "",
        ".python-version": "3.12\n",
        "README.md": "",
    }
    files = tuple(sorted(texts))
    found = discover(Sources(root=write_tree(texts), files=files, listed=files))
    (member,) = found.members
    assert member.reads == (".python-version", "conftest.py", "libs/conftest.py", "tox.ini")
    assert member.settings == ("pyproject.toml [tool]",)


def test_pytest_is_kept_out_of_members_inside() -> None:
    assert [*nested_to_ignore(("a/libs/x", "a/libs", "a/libs-more"), "a")] == ["--ignore=libs", "--ignore=libs-more"]
    assert [*nested_to_ignore(("libs/x", "libs/y"), ".")] == ["--ignore=libs/x", "--ignore=libs/y"]
