from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nox_rings.engine.path_index import PathIndex
from nox_rings.engine.paths import is_under

# In no order, with a path twice, with names that only begin alike, and with characters on both sides of "/".
ENTRIES = ("a/b", "a", ".", "a/b/c", "ab", "a-b/c", "a.b", "a0", "a/b", "z")
INDEX = PathIndex((path, f"{number}:{path}") for number, path in enumerate(ENTRIES))


@pytest.mark.parametrize(
    ("path", "at", "covering", "below", "touching"),
    [
        ("a/b", "0 8", "0 1 2 8", "0 3 8", "0 1 2 3 8"),
        ("a", "1", "1 2", "0 1 3 8", "0 1 2 3 8"),
        ("a/b/c", "3", "0 1 2 3 8", "3", "0 1 2 3 8"),
        ("a/b/c/d", "", "0 1 2 3 8", "", "0 1 2 3 8"),
        ("a/other", "", "1 2", "", "1 2"),
        ("a-b", "", "2", "5", "2 5"),
        ("ab", "4", "2 4", "4", "2 4"),
        ("unknown", "", "2", "", "2"),
        (".", "2", "2", "0 1 2 3 4 5 6 7 8 9", "0 1 2 3 4 5 6 7 8 9"),
    ],
)
def test_values_are_found_at_above_and_below_a_path_in_the_order_they_were_given(
    path: str, at: str, covering: str, below: str, touching: str
) -> None:
    found = (INDEX.at(path), INDEX.covering(path), INDEX.below(path), INDEX.touching(path))
    shown = tuple(" ".join(each.partition(":")[0] for each in values) for values in found)
    assert shown == (at, covering, below, touching)


def test_an_empty_index_has_nothing_anywhere() -> None:
    index = PathIndex[str](())
    assert [index.at("."), index.covering("a/b"), index.below("."), index.touching("a")] == [[], [], [], []]


PATHS = st.lists(st.sampled_from(["a", "b", "a-b", "a.b", "ab", "0"]), max_size=3).map(
    lambda parts: "/".join(parts) or "."
)


@given(st.lists(PATHS, max_size=8), PATHS)
def test_every_answer_is_that_of_a_look_at_all_entries(entries: list[str], path: str) -> None:
    index = PathIndex((each, number) for number, each in enumerate(entries))
    numbered = list(enumerate(entries))
    assert index.at(path) == [number for number, each in numbered if each == path]
    assert index.covering(path) == [number for number, each in numbered if is_under(path, each)]
    assert index.below(path) == [number for number, each in numbered if is_under(each, path)]
    touching = [number for number, each in numbered if is_under(each, path) or is_under(path, each)]
    assert index.touching(path) == touching
