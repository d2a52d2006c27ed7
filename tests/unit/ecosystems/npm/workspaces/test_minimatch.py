from __future__ import annotations

import pytest

from nox_rings.ecosystems.npm.workspaces.managers import Manager
from nox_rings.ecosystems.npm.workspaces.minimatch import member_test
from unit.ecosystems.npm.workspaces.glob_rows import FOLDERS, ROWS


@pytest.mark.parametrize(("globs", "members"), ROWS, ids=str)
def test_globs_of_an_npm_workspace_take_what_npm_lists(globs: tuple[str, ...], members: tuple[str, ...]) -> None:
    takes = member_test(globs, Manager.NPM)
    assert {folder for folder in FOLDERS if takes(folder)} == {*members}


@pytest.mark.parametrize(
    ("manager", "taken"),
    [
        (Manager.YARN, {"lib-a", "lib-b", "lib-c"}),
        (Manager.BERRY, {"lib-a", "lib-b"}),
        (Manager.BUN, {"lib-a", "lib-b"}),
    ],
)
def test_an_exclusion_holds_for_what_stands_before_it_and_yarn_1_knows_none(manager: Manager, taken: set[str]) -> None:
    takes = member_test(["lib-*", "!lib-b", "!lib-c", "lib-b"], manager)
    assert {folder for folder in ("lib-a", "lib-b", "lib-c") if takes(folder)} == taken
