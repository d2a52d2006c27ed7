"""The chain and its tokens."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from inference.markov import END, MarkovChain, tokenize


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("  \n ", []),
        ("Hello, world!", ["Hello", ",", " world", "!"]),
        ("don't re-read", ["don't", " re-read"]),
        ("  two\n\nlines \n", ["  two", "\n\nlines"]),
        ("Größe 3,5", ["Größe", " 3", ",", "5"]),
        ("a_b == c", ["a_b", " =", "=", " c"]),
    ],
)
def test_tokens_are_words_and_signs_with_the_space_before(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens
    assert "".join(tokens) == text.rstrip()


def written(chain: MarkovChain, *, temperature: float, seed: int = 0) -> list[str]:
    walk, random, tokens = chain.begin(), Random(seed), []
    while len(tokens) < 20 and (token := walk.step(temperature=temperature, random=random)) is not END:
        tokens.append(token)
    return tokens


def chain_of(*texts: str, order: int = 1) -> MarkovChain:
    chain = MarkovChain(order=order)
    for text in texts:
        chain.learn(tokenize(text))
    return chain


def test_at_temperature_0_the_most_frequent_word_follows() -> None:
    chain = chain_of("the cat sat", "the dog ran", "the cat ate", "the cat sat")
    assert "".join(written(chain, temperature=0)) == "the cat sat"


def test_among_equals_the_newest_word_follows() -> None:
    assert "".join(written(chain_of("red car", "blue bike"), temperature=0)) == "blue bike"


def test_case_and_spacing_do_not_part_words() -> None:
    chain = chain_of("so the end", "we the end", "then\nThe stop")
    assert written(chain, temperature=0) == ["then", "\nThe", " end"]


def test_a_higher_order_tells_apart_what_a_lower_one_mixes() -> None:
    texts = ("a b c", "x b d", "x b d")
    assert {"".join(written(chain_of(*texts, order=1), temperature=1, seed=seed)) for seed in range(50)} == {
        "a b c",
        "a b d",
        "x b c",
        "x b d",
    }
    assert {"".join(written(chain_of(*texts, order=2), temperature=1, seed=seed)) for seed in range(50)} == {
        "a b c",
        "x b d",
    }


@pytest.mark.parametrize(("temperature", "low", "high"), [(0.2, 970, 1000), (1.0, 650, 850), (2.0, 540, 730)])
def test_temperature_decides_how_much_frequency_counts(temperature: float, low: int, high: int) -> None:
    """ "b" follows three times out of four: 243 to 1 at 0.2, 3 to 1 at 1, √3 to 1 at 2."""
    chain = chain_of("b", "b", "b", "c")
    first = Counter(written(chain, temperature=temperature, seed=seed)[0] for seed in range(1000))
    assert low <= first["b"] <= high


def test_a_temperature_next_to_0_neither_overflows_nor_draws() -> None:
    chain = chain_of(*["b"] * 500, *["c"] * 499)
    assert {written(chain, temperature=5e-324, seed=seed)[0] for seed in range(20)} == {"b"}


def test_nothing_read_is_nothing_written() -> None:
    assert written(chain_of("", "  "), temperature=1) == []
