from __future__ import annotations

import pytest

from nox_rings.engine.versions import version_at_least


@pytest.mark.parametrize(
    ("found", "least", "enough"),
    [
        ("1.26.8", "1.25", True),
        ("20.20.2", "22.0", False),
        ("1.9.0", "1.10", False),
        ("1.10", "1.10.0", True),
        ("1.25", "1.25", True),
        ("1.25.0", "1.25", True),
        ("1.25rc1", "1.25", False),
        ("", "1.0", False),
    ],
)
def test_minimum_versions_compare_as_numbers(found: str, least: str, enough: bool) -> None:
    assert version_at_least(found, least) is enough
