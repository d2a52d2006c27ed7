from __future__ import annotations

import pytest

from nox_rings.ecosystems.pypi.projects.globs import glob_problems, takes_member
from unit.ecosystems.pypi.projects.glob_rows import FOLDERS, ROWS


@pytest.mark.parametrize(("members", "exclude", "listed"), ROWS, ids=str)
def test_globs_of_a_uv_workspace_take_what_uv_lists(
    members: tuple[str, ...], exclude: tuple[str, ...], listed: tuple[str, ...] | None
) -> None:
    taken = {folder for folder in FOLDERS if takes_member(folder, members, exclude)}
    refused = list(glob_problems([*members, *exclude]))
    assert (None if refused else taken) == (None if listed is None else {*listed})


def test_a_refused_glob_is_a_problem_with_its_reason() -> None:
    assert list(glob_problems(["pkgs/*", "p**"])) == ["found the glob `p**`: expected `**` alone between slashes"]
