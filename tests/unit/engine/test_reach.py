from __future__ import annotations

import pytest

from nox_rings.engine.reach import reached

EDGES = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": [], "x": ["y"], "y": ["x"]}


@pytest.mark.parametrize(
    ("starts", "found"),
    [
        ([], set()),
        (["d"], {"d"}),
        (["a"], {"a", "b", "c", "d"}),
        (["b", "x"], {"b", "d", "x", "y"}),
    ],
    ids=["nothing", "leads nowhere", "through others", "a cycle"],
)
def test_what_is_reached_is_asked_once(starts: list[str], found: set[str]) -> None:
    asked = []

    def leads_to(each: str) -> list[str]:
        asked.append(each)
        return EDGES[each]

    assert reached(starts, leads_to) == found
    assert sorted(asked) == sorted(found)
