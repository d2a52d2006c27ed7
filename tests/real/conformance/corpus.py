"""The messages with which the languages are compared: every type of our own schema, made by Hypothesis from the
descriptors, always the same ones.

    python -m conformance.corpus COUNT < descriptors.json    one JSON object a line: see `Case`

A process of its own, because Hypothesis also draws the constants it finds in the modules imported around it: what
other tests are loaded must not change the corpus."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice, zip_longest
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from conformance.messages import Messages
from conformance.wire import Wire
from descriptors import parse_schema

SEED = 1
# As many rounds as it takes to show everything that must be shown, and that many examples of each type in a round.
ROUNDS, IN_A_ROUND = 40, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """See `Wire`; bytes in base64."""

    type: str
    full: str
    known: str
    unsigned: str
    shows: list[str]


class Example(NamedTuple):
    type: str
    wire: Wire


def choose_cases(messages: Messages, count: int) -> list[Case]:
    """`count` different messages: one of each type, those that show something new, then others of every type."""
    types = len(messages.schema.own_messages)
    chosen: dict[tuple[str, bytes], Example] = {}
    spare: dict[tuple[str, bytes], Example] = {}
    missing = set(messages.required)
    for number in range(ROUNDS):
        for example in _round(messages, number):
            is_chosen = len(chosen) < types or not missing.isdisjoint(example.wire.shows)
            (chosen if is_chosen else spare)[example.type, example.wire.full] = example
            missing -= example.wire.shows
        if not missing:
            break
    # The last ones first: Hypothesis begins with small messages.
    others = (item for item in reversed(spare.items()) if item[0] not in chosen)
    chosen |= dict(islice(others, count - len(chosen)))
    return [_case(example) for example in chosen.values()]


def _round(messages: Messages, number: int) -> Iterator[Example]:
    """Some examples of each type, in turn: first one of each, then a second one of each."""
    types = messages.schema.own_messages
    first_seed = SEED + number * len(types)
    made = [_examples(messages.of(each), first_seed + index) for index, each in enumerate(types)]
    for turn in zip_longest(*made):
        yield from (Example(each.name, wire) for each, wire in zip(types, turn, strict=True) if wire)


def _examples(strategy: SearchStrategy[Wire], seed_number: int) -> list[Wire]:
    """What Hypothesis would try first."""
    found: list[Wire] = []

    @seed(seed_number)
    @settings(
        max_examples=IN_A_ROUND,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: Wire) -> None:
        found.append(example)

    collect()
    return found


def _case(example: Example) -> Case:
    wire = example.wire
    full, known, unsigned = (b64encode(data).decode() for data in (wire.full, wire.known, wire.unsigned))
    return Case(type=example.type, full=full, known=known, unsigned=unsigned, shows=sorted(wire.shows))


def main() -> None:
    messages = Messages(parse_schema(json.load(sys.stdin)))
    for case in choose_cases(messages, int(sys.argv[1])):
        print(json.dumps(asdict(case)))


if __name__ == "__main__":
    main()
