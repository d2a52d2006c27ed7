from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nox_rings.engine.reach import digests_of_reached, reached, shortest_path

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


@pytest.mark.parametrize(
    ("start", "end", "path"),
    [
        ("a", "d", ("a", "b", "d")),
        ("a", "a", ("a",)),
        ("d", "a", ()),
        ("x", "y", ("x", "y")),
        ("x", "a", ()),
    ],
)
def test_the_shortest_path_takes_the_first_of_equal_ways(start: str, end: str, path: tuple[str, ...]) -> None:
    assert shortest_path(start, end, EDGES.__getitem__) == path


WAYS = {"a": ["b", "c"], "b": ["d"], "c": [], "d": ["b"], "e": ["e"], "f": ["a", "e"]}


@pytest.mark.parametrize(
    ("changed", "seen"),
    [
        ("a", {"a", "f"}),
        ("b", {"a", "b", "d", "f"}),
        ("c", {"a", "c", "f"}),
        ("d", {"a", "b", "d", "f"}),
        ("e", {"e", "f"}),
        ("f", {"f"}),
    ],
)
def test_a_digest_changes_with_all_that_is_reached_and_with_nothing_else(changed: str, seen: set[str]) -> None:
    before = digests_of_reached({each: each for each in WAYS}, WAYS.__getitem__)
    after = digests_of_reached({each: each * (2 if each == changed else 1) for each in WAYS}, WAYS.__getitem__)
    assert {each for each in WAYS if before[each] != after[each]} == seen


@given(st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 9))), st.integers(0, 9))
def test_digests_follow_what_is_reached_in_any_graph(found: dict[int, set[int]], changed: int) -> None:
    ways = {each: sorted(found.get(each, ())) for each in range(10)}
    before = digests_of_reached({each: str(each) for each in ways}, ways.__getitem__)
    after = digests_of_reached({each: str(-each - 1 if each == changed else each) for each in ways}, ways.__getitem__)
    for each in ways:
        assert (before[each] != after[each]) == (changed in reached([each], ways.__getitem__))


def test_a_way_that_comes_or_goes_is_seen_inside_of_a_cycle_too() -> None:
    places = {each: each for each in "abc"}
    digests = [
        digests_of_reached(places, ways.__getitem__)
        for ways in (
            {"a": ["b"], "b": ["c"], "c": ["a"]},
            {"a": ["b"], "b": ["c", "a"], "c": ["a"]},
            {"a": ["c"], "b": ["a"], "c": ["b"]},
        )
    ]
    assert len({each["a"] for each in digests}) == 3


def test_a_long_way_needs_no_recursion() -> None:
    length = 5000
    found = digests_of_reached(dict.fromkeys(range(length), ""), lambda each: [each + 1] if each < length - 1 else [])
    assert len({*found.values()}) == length
