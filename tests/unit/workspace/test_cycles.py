"""Members that need each other: what is ordered, what is only watched, and what is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nox_rings.workspace.cycles import without_cycles
from nox_rings.workspace.model import Member


def member(folder: str, *needed: str, development: tuple[str, ...] = (), ecosystem: str = "npm") -> Member:
    return Member(
        folder=folder,
        ecosystem=ecosystem,
        name=folder,
        install_root=".",
        depends_on=tuple(sorted((*needed, *development))),
        development=development,
    )


def shown(*members: Member) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Folder → what it is built after, what else it reads."""
    return {each.folder: (each.depends_on, each.reads) for each in without_cycles(members)[0]}


NONE: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param(
            (member("a", "b"), member("b", development=("c",)), member("c")),
            {"a": (("b",), NONE), "b": (("c",), NONE), "c": (NONE, NONE)},
            id="a development edge without a cycle orders",
        ),
        pytest.param(
            (member("meter", "helpers"), member("helpers", development=("meter",))),
            {"meter": (("helpers",), NONE), "helpers": (NONE, ("meter",))},
            id="one that closes a cycle is only watched",
        ),
        pytest.param(
            (member("meter", "helpers", "units"), member("helpers", development=("meter",)), member("units")),
            {"meter": (("helpers", "units"), NONE), "helpers": (NONE, ("meter", "units")), "units": (NONE, NONE)},
            id="and with it what it leads to",
        ),
        pytest.param(
            (member("a", development=("b",)), member("b", development=("a",))),
            {"a": (("b",), NONE), "b": (NONE, ("a",))},
            id="of two development edges the first one orders",
        ),
        pytest.param(
            (member("a", "b"), member("b", "a"), member("c", "a"), member("d"), member("e", "d")),
            {"a": (NONE, ("b",)), "b": (("a",), NONE), "c": (("a",), NONE), "d": (NONE, NONE), "e": (("d",), NONE)},
            id="a cycle is a chain in the order of folders",
        ),
        pytest.param(
            (member("a", "b"), member("b", "c", "x"), member("c", "a"), member("x")),
            {
                "a": (("x",), ("b", "c", "x")),
                "b": (("a", "x"), ("a", "c", "x")),
                "c": (("b",), ("a", "b", "x")),
                "x": (NONE, NONE),
            },
            id="what one of a cycle needs comes before the first",
        ),
        pytest.param((member("a", "a"),), {"a": (NONE, NONE)}, id="a member never needs itself"),
    ],
)
def test_edges_form_no_cycle_and_what_is_read_stays_watched(
    members: tuple[Member, ...], expected: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
) -> None:
    assert shown(*members) == expected


def test_a_cycle_is_told_once_and_one_of_development_edges_is_not() -> None:
    _, remarks = without_cycles((member("b", "a"), member("a", "b"), member("c", "d"), member("d", development=("c",))))
    assert [(each.path, each.reason) for each in remarks] == [
        ("a", "a, b need each other; they are built in this order, and an edit of one is one of all")
    ]


def test_members_of_another_ecosystem_in_the_same_folders_are_left_alone() -> None:
    members = (member("a", "b"), member("b", "a"), member("a", "b", ecosystem="pypi"), member("b", ecosystem="pypi"))
    found = without_cycles(members)[0]
    assert [(each.folder, each.ecosystem, each.depends_on) for each in found] == [
        ("a", "npm", ()),
        ("b", "npm", ("a",)),
        ("a", "pypi", ("b",)),
        ("b", "pypi", ()),
    ]


FOLDERS = "abcdefg"
EDGES = st.dictionaries(st.sampled_from(FOLDERS), st.sets(st.sampled_from(FOLDERS)), max_size=len(FOLDERS))


@given(EDGES, EDGES)
def test_whatever_the_edges_all_that_is_needed_is_built_before_or_watched(
    hard: dict[str, set[str]], soft: dict[str, set[str]]
) -> None:
    members = tuple(
        member(
            each,
            *sorted(hard.get(each, set()) - {each} - soft.get(each, set())),
            development=tuple(sorted(soft.get(each, set()) - {each})),
        )
        for each in FOLDERS
    )
    found = {each.folder: each for each in without_cycles(members)[0]}
    needed = {each.folder: reached({m.folder: {*m.depends_on} for m in members}, each.folder) for each in members}
    ordered = {folder: {*each.depends_on} for folder, each in found.items()}
    for folder in FOLDERS:
        assert folder not in reached(ordered, folder)  # no cycle is left
        seen = {folder}.union(*({*found[each].reads} for each in {folder, *reached(ordered, folder)}))
        assert needed[folder] <= seen | reached(ordered, folder)


def reached(edges: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [*edges[start]]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(edges[each])
    return found
