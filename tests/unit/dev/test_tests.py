"""`nox -s tests`: how it calls pytest, and where uv looks for another Python."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

import pytest

from nox_rings_dev.pythons import search_path
from nox_rings_dev.tests import OTHER_PYTHON, _of_real_tests, _runs_unit_part_again, _workers

DISTRIBUTED = ("-n", "2", "--dist", "loadscope", "--no-loadscope-reorder")


@pytest.mark.parametrize(
    ("which", "jobs", "options"),
    [
        ([], 2, DISTRIBUTED),
        (["unit"], 2, DISTRIBUTED),
        (["unit", "real"], 2, DISTRIBUTED),
        (["unit"], 1, ()),
        (["tests/unit/workspace"], 2, ()),
        (["unit", "tests/real/test_proto.py"], 2, ()),
    ],
)
def test_whole_parts_have_a_worker_a_core_and_a_path_stays_in_one_process(
    which: list[str], jobs: int, options: tuple[str, ...]
) -> None:
    assert _workers(which, jobs) == options


@pytest.mark.parametrize(
    ("everything", "paths", "options"),
    [
        (True, ["tests/unit", "tests/real"], ("--all",)),
        (True, ["tests/real/test_trace_all.py"], ("--all",)),
        (True, ["tests/unit"], ()),
        (False, ["tests/unit", "tests/real"], ()),
    ],
)
def test_what_takes_an_hour_is_run_where_it_is_asked_for_and_chosen(
    everything: bool, paths: list[str], options: tuple[str, ...]
) -> None:
    assert tuple(_of_real_tests(Namespace(which=paths, all=everything, seed=None))) == options


@pytest.mark.parametrize(
    ("which", "python", "running", "again"),
    [
        ([], None, (3, 11), True),
        ([], None, (3, 13), False),
        ([], "3.12", (3, 11), False),
        (["unit"], None, (3, 11), False),
    ],
)
def test_all_of_the_tests_are_the_unit_part_on_another_python_too(
    which: list[str], python: str | None, running: tuple[int, int], again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = Namespace(major=running[0], minor=running[1])
    monkeypatch.setattr(sys, "version_info", version)
    assert _runs_unit_part_again(Namespace(which=which, python=python)) is again
    assert OTHER_PYTHON == "3.13"


def test_uv_sees_the_pythons_of_pyenv_instead_of_its_shims(tmp_path: Path) -> None:
    for name in ("3.12.1", "3.13.0"):
        (tmp_path / "versions" / name / "bin").mkdir(parents=True)
    found = search_path(f"/usr/bin:{tmp_path}/shims:/bin", "3.13", {"PYENV_ROOT": str(tmp_path)})
    assert found == f"/usr/bin:/bin:{tmp_path}/versions/3.13.0/bin"


def test_without_pyenv_the_path_is_as_it_was(tmp_path: Path) -> None:
    assert search_path("/usr/bin:/bin", "3.13", {"HOME": str(tmp_path)}) == "/usr/bin:/bin"
