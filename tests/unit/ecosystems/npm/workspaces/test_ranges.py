from __future__ import annotations

import pytest

from nox_rings.ecosystems.npm.workspaces.ranges import is_range, satisfies
from unit.ecosystems.npm.workspaces.range_rows import ROWS


@pytest.mark.parametrize(("version", "wanted", "admits"), ROWS)
def test_a_version_satisfies_a_range_where_npm_says_so(version: str, wanted: str, admits: bool) -> None:
    assert satisfies(version, wanted) is admits


@pytest.mark.parametrize("text", ["latest", "https://example.com/a.tgz", "github:a/b", "file:../a", "^1.0.0 next"])
def test_a_tag_an_address_and_a_path_are_no_ranges(text: str) -> None:
    assert not is_range(text)
    assert is_range("^1.0.0 || 2.x")
