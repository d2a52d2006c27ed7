"""A task becomes an answer."""

from __future__ import annotations

import pytest
from inference.errors import OutOfTimeError
from inference.generation import Finish, Reason, Task, generate

FOX = "The quick brown fox jumps over the lazy dog. The dog sleeps. The fox laughs."
ENDLESS = "on and on and on and"


def no_limit() -> None:
    """A checkpoint that never ends the work."""


def answer(task: Task) -> tuple[str, Finish]:
    *pieces, finish = generate(task, no_limit)
    return "".join(pieces), finish


def test_one_sentence_at_temperature_0_comes_back_whole() -> None:
    assert answer(Task(order=2, texts=("  Hello, world!",), temperature=0)) == (
        "Hello, world!",
        Finish(reason=Reason.STOP, input_tokens=4, output_tokens=4),
    )


def test_the_length_limit_ends_the_answer() -> None:
    assert answer(Task(order=1, texts=(ENDLESS,), temperature=0, max_output_tokens=5)) == (
        "on and on and on",
        Finish(reason=Reason.LENGTH, input_tokens=6, output_tokens=5),
    )


def test_a_stop_sequence_over_two_words_is_cut_off_and_counted() -> None:
    assert answer(Task(order=1, texts=("ready set go now",), temperature=0, stop_sequences=("t go",))) == (
        "ready se",
        Finish(reason=Reason.STOP, input_tokens=4, output_tokens=3),
    )


def test_what_only_began_a_stop_sequence_is_shown_in_the_end() -> None:
    text, finish = answer(Task(order=1, texts=("ready set",), temperature=0, stop_sequences=("set go",)))
    assert (text, finish.reason) == ("ready set", Reason.STOP)


def test_a_conversation_without_text_has_an_empty_answer() -> None:
    assert answer(Task(order=1, texts=("",))) == ("", Finish(reason=Reason.STOP, input_tokens=0, output_tokens=0))


def test_the_same_task_has_the_same_answer_and_another_conversation_another() -> None:
    answers = {answer(Task(order=1, texts=(FOX,), max_output_tokens=30))[0] for _ in range(5)}
    assert len(answers) == 1
    others = {answer(Task(order=1, texts=(FOX, f"Turn {turn}."), max_output_tokens=30))[0] for turn in range(10)}
    assert len(others) > 5


def test_a_tighter_limit_only_shortens_the_answer() -> None:
    whole, _ = answer(Task(order=1, texts=(FOX,), max_output_tokens=30))
    short, _ = answer(Task(order=1, texts=(FOX,), max_output_tokens=4))
    assert whole.startswith(short)
    assert whole != short


def test_pieces_come_before_the_rest_is_written() -> None:
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    pieces = generate(Task(order=1, texts=(ENDLESS,), temperature=0, max_output_tokens=1000), count)
    assert [next(pieces), next(pieces)] == ["on", " and"]
    assert steps == 3  # one text read, two words written


@pytest.mark.parametrize("steps", [0, 1, 7])
def test_the_checkpoint_ends_the_work_at_any_step(steps: int) -> None:
    left = steps

    def stop_later() -> None:
        nonlocal left
        if not left:
            raise OutOfTimeError("late")
        left -= 1

    pieces = []
    with pytest.raises(OutOfTimeError, match="late"):
        pieces.extend(generate(Task(order=1, texts=(ENDLESS,), temperature=0), stop_later))
    assert left == 0
