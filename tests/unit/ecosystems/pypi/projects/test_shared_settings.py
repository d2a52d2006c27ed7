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


OUTSIDE: dict[str, tuple[dict[str, str], set[str]]] = {
    "the path for imports, in any settings": (
        {"pytest.ini": "[pytest]\npythonpath = shared ."},
        {"pytest.ini", "shared"},
    ),
    "the path for imports of the member": (
        {"libs/a/pytest.ini": "[pytest]\npythonpath = ../../shared src"},
        {"shared"},
    ),
    "a plugin that options load": (
        {"pytest.ini": "[pytest]\naddopts = -q -p testing.plugin -p no:cacheprovider -pshared"},
        {"pytest.ini", "testing", "shared"},
    ),
    "plugins of a conftest above": (
        {"conftest.py": 'pytest_plugins: list[str] = [\n    "testing.plugin",\n    "helper",\n]\n'},
        {"conftest.py", "testing", "helper.py"},
    ),
    "imports of a conftest above": (
        {"conftest.py": "import os\nfrom testing import plugin\n"},
        {"conftest.py", "testing"},
    ),
    "imports of a conftest further above than the settings": (
        {"conftest.py": "import testing\n", "libs/pytest.ini": "[pytest]\n"},
        {"libs/pytest.ini"},
    ),
    "a path of the member's conftest": (
        {"libs/a/tests/conftest.py": "sys.path.insert(0, os.path.join(HERE, '../../../shared'))\n"},
        {"shared"},
    ),
    "parents of the member's conftest": (
        {"libs/a/conftest.py": "A = Path(__file__).resolve().parents[2] / 'shared'\nB = X.parents[9] / 'y'\n"},
        {"shared"},
    ),
    "a parent after the other": (
        {"libs/a/conftest.py": "A = Path(__file__).parent.parent.parent / 'testing' / 'data'\n"},
        {"testing"},
    ),
    "what the manifest of a compiled package names": (
        {"libs/a/Cargo.toml": '[dependencies]\ncore = { path = "../../shared" }\n'},
        {"shared"},
    ),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_pytest_and_a_conftest_name_outside_of_a_member_is_read(write_tree: WriteTree, name: str) -> None:
    own, read = OUTSIDE[name]
    others = dict.fromkeys(("shared/s.py", "testing/plugin.py", "helper.py", "unread/u.py"), "")
    reads, _ = above(write_tree, {"pyproject.toml": ROOT, **others, **own})
    assert reads == read
