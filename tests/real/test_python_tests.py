"""Which members have tests, beside pytest itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from checkout import environment
from nox_rings.ecosystems.pypi.projects.discovery import discover
from nox_rings.ecosystems.pypi.projects.pytest_files import nested_to_ignore
from nox_rings.workspace.sources import Sources
from unit.ecosystems.pypi.projects.test_pytest_files import PLACES

NO_TESTS = 5
# pytest falls back to the whole folder where testpaths lead nowhere, and stops at settings that it cannot read.
OTHERWISE = ("outside of testpaths", "settings that cannot be read")


@pytest.mark.parametrize(
    ("texts", "tested"),
    [each for name, each in PLACES.items() if name not in OTHERWISE],
    ids=[each for each in PLACES if each not in OTHERWISE],
)
def test_pytest_finds_tests_where_the_table_says(tmp_path: Path, texts: dict[str, str], tested: bool) -> None:
    for path, text in {"a/pyproject.toml": '[project]\nname = "a"\n', **texts}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text or "def test_it():\n    pass\n")
    files = tuple(sorted({*texts, "a/pyproject.toml"}))
    found = discover(Sources(root=tmp_path, files=files, listed=files))
    nested = [each.folder for each in found.members if each.folder != "a"]
    argv = (sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider")
    done = subprocess.run(
        (*argv, *nested_to_ignore(nested, "a")), cwd=tmp_path / "a", env=environment(), capture_output=True, text=True
    )
    assert done.returncode == (0 if tested else NO_TESTS), done.stdout
