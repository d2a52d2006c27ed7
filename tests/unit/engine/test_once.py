"""What is made once a run is made once, whichever of several threads asks first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from nox_rings.engine.once import Once, Resources

THREADS = 8
T = TypeVar("T")


def at_once(ask: Callable[[], T]) -> list[T]:
    """What each of eight threads was answered, which began together."""
    barrier = threading.Barrier(THREADS)

    def asked() -> T:
        barrier.wait()
        return ask()

    with ThreadPoolExecutor(THREADS) as pool:
        return [each.result() for each in [pool.submit(asked) for _ in range(THREADS)]]


class Slow:
    """Makes a new object each time, and takes so long that every thread has asked meanwhile."""

    def __init__(self) -> None:
        self.calls = 0

    def make(self, _: object = None) -> object:
        self.calls += 1
        threading.Event().wait(0.05)
        return object()


def test_eight_threads_that_ask_together_get_one_value_of_one_call() -> None:
    slow = Slow()
    found = at_once(Once(slow.make))
    assert slow.calls == 1
    assert len({id(each) for each in found}) == 1


def test_nothing_is_made_before_somebody_asks() -> None:
    slow = Slow()
    once = Once(slow.make)
    assert slow.calls == 0
    assert once() is once()
    assert slow.calls == 1


@pytest.mark.parametrize("value", [None, 0, "", ()])
def test_a_value_that_counts_for_nothing_is_remembered_too(value: object) -> None:
    calls: list[object] = []

    def make() -> object:
        calls.append(value)
        return value

    once = Once(make)
    assert (once(), once()) == (value, value)
    assert len(calls) == 1


def test_what_making_raises_is_raised_to_each_and_tried_again() -> None:
    ends: list[Exception | str] = [OSError("first"), OSError("second"), "made"]

    def make() -> str:
        end = ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return end

    once = Once(make)
    for message in ("first", "second"):
        with pytest.raises(OSError, match=message):
            once()
    assert (once(), once()) == ("made", "made")


def test_eight_threads_share_the_resource_that_one_function_makes() -> None:
    slow, resources = Slow(), Resources()
    make = slow.make
    found = at_once(lambda: resources.get(make, "argument"))
    assert slow.calls == 1
    assert len({id(each) for each in found}) == 1


def test_each_function_has_a_resource_of_its_own_made_with_the_argument_of_the_first_who_asked() -> None:
    def upper(text: str) -> str:
        return text.upper()

    def title(text: str) -> str:
        return text.title()

    resources = Resources()
    assert (resources.get(upper, "one two"), resources.get(title, "one two")) == ("ONE TWO", "One Two")
    assert resources.get(upper, "other") == "ONE TWO"


class Closing:
    def __init__(self, name: str, ended: list[str]) -> None:
        self._name, self._ended = name, ended

    def close(self) -> None:
        self._ended.append(self._name)


def test_resources_are_closed_once_the_last_made_first_and_one_without_an_end_is_left_alone() -> None:
    ended: list[str] = []
    resources = Resources()
    resources.get(lambda name: Closing(name, ended), "engine")
    resources.get(lambda name: name, "a text")
    resources.get(lambda name: Closing(name, ended), "registry")
    resources.close()
    assert ended == ["registry", "engine"]
    resources.close()
    assert ended == ["registry", "engine"]


def test_making_one_resource_may_ask_for_another() -> None:
    resources = Resources()

    def inner(text: str) -> str:
        return f"inner {text}"

    def outer(text: str) -> str:
        return f"outer {resources.get(inner, text)}"

    assert resources.get(outer, "x") == "outer inner x"
