from __future__ import annotations

import pytest

from nox_rings.ecosystems.npm.globs import glob_problems, takes_member
from unit.ecosystems.npm.glob_rows import FOLDERS, ROWS


@pytest.mark.parametrize(("globs", "members"), ROWS, ids=str)
def test_globs_of_a_pnpm_workspace_take_what_pnpm_lists(
    globs: tuple[str, ...], members: tuple[str, ...] | None
) -> None:
    taken = {folder for folder in FOLDERS if takes_member(folder, globs)}
    assert (None if list(glob_problems(globs)) else taken) == (None if members is None else {*members})


def test_a_refused_glob_is_a_problem_with_its_reason_and_matches_nothing() -> None:
    assert list(glob_problems(["apps/*", "!a**"])) == ["found the glob `!a**`: expected `**` alone between slashes"]
    assert takes_member("apps/site", ["apps/*", "!a**"])
