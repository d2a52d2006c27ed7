"""The arithmetic of RetryPolicy."""

from __future__ import annotations

from typing import Any

import pytest
from ameide_sdk import RetryPolicy


def test_waits_double_up_to_the_longest_one() -> None:
    policy = RetryPolicy()
    waits = [policy.backoff_seconds(attempts, 1.0) for attempts in range(1, 8)]
    assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


@pytest.mark.parametrize(("factor", "wait"), [(0.5, 2.5), (1.0, 5.0), (1.5, 7.5)])
def test_the_random_factor_comes_after_the_bound(factor: float, wait: float) -> None:
    """As docs/ameide-client.md has it: a factor before it would make all long waits of all clients the same."""
    assert RetryPolicy().backoff_seconds(10, factor) == wait


def test_a_wait_after_very_many_attempts_is_still_a_number() -> None:
    assert RetryPolicy().backoff_seconds(5000, 1.0) == 5.0


def test_one_value_may_differ_from_the_manifest() -> None:
    policy = RetryPolicy(max_attempts=7)
    assert (policy.max_attempts, policy.initial_backoff_seconds, policy.jitter) == (7, 0.25, (0.5, 1.5))


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"max_attempts": 0}, "max_attempts"),
        ({"initial_backoff_seconds": -0.1}, "initial_backoff_seconds"),
        ({"initial_backoff_seconds": float("nan")}, "initial_backoff_seconds"),
        ({"max_backoff_seconds": float("inf")}, "max_backoff_seconds"),
        ({"backoff_multiplier": 0.5}, "backoff_multiplier"),
        ({"jitter": (1.5, 0.5)}, "jitter"),
        ({"jitter": (-1.0, 0.5)}, "jitter"),
        ({"jitter": (1.0, float("inf"))}, "jitter"),
    ],
)
def test_values_that_make_no_policy(options: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: found"):
        RetryPolicy(**options)
