"""Text in pieces, cut at a stop sequence."""

from __future__ import annotations

from itertools import product

import pytest
from inference.stop_sequences import StopFilter


def shown(pieces: list[str], *sequences: str) -> tuple[list[str], bool]:
    stop = StopFilter(sequences)
    return [*(stop.pass_on(piece) for piece in pieces), stop.rest()], stop.found


@pytest.mark.parametrize(
    ("pieces", "sequences", "expected", "found"),
    [
        (["one", " two"], [], ["one", " two", ""], False),
        (["one", " two", " three"], ["two"], ["one", " ", "", ""], True),
        (["a", "b", "c"], ["bc"], ["a", "", "", ""], True),
        (["a", "b", "d"], ["bc"], ["a", "", "bd", ""], False),
        (["a", "b"], ["bc"], ["a", "", "b"], False),
        (["xabcy"], ["c", "abc"], ["x", ""], True),
        (["aab"], ["ab"], ["a", ""], True),
    ],
)
def test_what_may_begin_a_stop_sequence_is_held_back(
    pieces: list[str], sequences: list[str], expected: list[str], found: bool
) -> None:
    assert shown(pieces, *sequences) == (expected, found)


@pytest.mark.parametrize("sequence", ["a", "ab", "aab", "abab", "bab"])
def test_a_text_in_letters_is_cut_where_the_whole_is(sequence: str) -> None:
    """Every text of up to eight letters a and b, against Python's own search."""
    for length in range(9):
        for letters in product("ab", repeat=length):
            text = "".join(letters)
            pieces, found = shown(list(letters), sequence)
            assert "".join(pieces) == text.partition(sequence)[0]
            assert found is (sequence in text)
