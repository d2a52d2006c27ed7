"""An answer, from a conversation, piece by piece."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from random import Random

from inference.markov import END, MarkovChain, tokenize
from inference.stop_sequences import StopFilter

DEFAULT_TEMPERATURE = 1.0
DEFAULT_MAX_OUTPUT_TOKENS = 256

# Checked between two steps of work; raises to end it.
Checkpoint = Callable[[], None]


class Reason(Enum):
    STOP = "the text came to its end, or to a stop sequence"
    LENGTH = "the text is as long as it may be"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`texts` are the turns of the conversation, `order` the number of words the model looks back."""

    order: int
    texts: tuple[str, ...]
    temperature: float = DEFAULT_TEMPERATURE
    max_output_tokens: int = DEFAULT_MAX_OUTPUT_TOKENS
    stop_sequences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """`output_tokens` counts what the model wrote, also what a stop sequence then cut off."""

    reason: Reason
    input_tokens: int
    output_tokens: int


def generate(task: Task, checkpoint: Checkpoint) -> Iterator[str | Finish]:
    """Pieces of the answer as they are written, none of them empty, and a Finish. The same task has the same answer."""
    chain, input_tokens = MarkovChain(order=task.order), 0
    for text in task.texts:
        checkpoint()
        tokens = tokenize(text)
        input_tokens += len(tokens)
        chain.learn(tokens)
    walk, random, stop, written = chain.begin(), _random_of(task), StopFilter(task.stop_sequences), 0
    reason = Reason.LENGTH
    while written < task.max_output_tokens:
        checkpoint()
        token = walk.step(temperature=task.temperature, random=random)
        if token is END:
            reason = Reason.STOP
            break
        shown = stop.pass_on(token if written else token.lstrip())
        written += 1
        if shown:
            yield shown
        if stop.found:
            reason = Reason.STOP
            break
    if rest := stop.rest():
        yield rest
    yield Finish(reason=reason, input_tokens=input_tokens, output_tokens=written)


def _random_of(task: Task) -> Random:
    """Seeded by what decides the content of the answer, not by where it is cut."""
    digest = hashlib.sha256(repr((task.order, task.temperature, task.texts)).encode())
    return Random(digest.digest())
