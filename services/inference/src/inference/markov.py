"""A Markov chain over words: the likeliest next word, or a drawn one, given the few before it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from random import Random

# A word or a single sign, together with the space before it, so that the tokens of a text add up to the text.
TOKEN = re.compile(r"\s*(?:\w+(?:['\u2019-]\w+)*|[^\w\s])")

END = None


def tokenize(text: str) -> list[str]:
    return TOKEN.findall(text.rstrip())


class MarkovChain:
    """Learns which token follows `order` others. What it writes, it has read: every run of `order` + 1 tokens of an
    answer stands in one of the texts, but for upper and lower case and spacing."""

    def __init__(self, *, order: int) -> None:
        self._start = ("",) * order
        self._successors: defaultdict[tuple[str, ...], Counter[str | None]] = defaultdict(Counter)

    def learn(self, tokens: list[str]) -> None:
        """Read one text, from its start to its end."""
        if not tokens:
            return
        state = self._start
        for token in tokens:
            self._successors[state][token] += 1
            state = _after(state, token)
        self._successors[state][END] += 1

    def begin(self) -> Walk:
        return Walk(self._successors, self._start)


class Walk:
    """One way through a chain, a token at a time."""

    def __init__(self, successors: dict[tuple[str, ...], Counter[str | None]], start: tuple[str, ...]) -> None:
        self._successors = successors
        self._state = start

    def step(self, *, temperature: float, random: Random) -> str | None:
        """The next token, or END. At temperature 0 it is the most frequent one, and among equals the one that was new
        last; the higher the temperature, the less frequency counts."""
        seen = self._successors.get(self._state)
        if not seen:
            return END
        token = _likeliest(seen) if temperature == 0 else _drawn(seen, temperature, random)
        if token is not END:
            self._state = _after(self._state, token)
        return token


def _after(state: tuple[str, ...], token: str) -> tuple[str, ...]:
    return (*state[1:], token.strip().casefold())


def _likeliest(seen: Counter[str | None]) -> str | None:
    return max(reversed(seen), key=seen.__getitem__)


def _drawn(seen: Counter[str | None], temperature: float, random: Random) -> str | None:
    highest = max(seen.values())  # keeps the powers within 0 and 1, whatever the temperature
    weights = [(count / highest) ** (1 / temperature) for count in seen.values()]
    return random.choices(list(seen), weights)[0]
