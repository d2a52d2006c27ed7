"""When a call is tried again, and after what wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import grpc

from ameide_sdk.manifest import manifest


def _retry() -> dict[str, Any]:
    values: dict[str, Any] = manifest()["retry"]
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Values that are not given are those of the manifest; `RetryPolicy(max_attempts=1)` repeats nothing.

    `jitter` holds the bounds of the random factor of a wait. Raises ValueError for values that make no policy.
    """

    max_attempts: int = field(default_factory=lambda: _retry()["maxAttempts"])
    initial_backoff_seconds: float = field(default_factory=lambda: _retry()["initialBackoffMs"] / 1000)
    backoff_multiplier: float = field(default_factory=lambda: _retry()["backoffMultiplier"])
    max_backoff_seconds: float = field(default_factory=lambda: _retry()["maxBackoffMs"] / 1000)
    jitter: tuple[float, float] = field(default_factory=lambda: (_retry()["jitter"]["min"], _retry()["jitter"]["max"]))
    retryable_codes: frozenset[grpc.StatusCode] = field(
        default_factory=lambda: frozenset(grpc.StatusCode[name] for name in _retry()["retryableCodes"])
    )

    def __post_init__(self) -> None:
        if self.max_attempts < 1:
            raise ValueError(f"max_attempts: found {self.max_attempts}, expected at least 1")
        for name in ("initial_backoff_seconds", "max_backoff_seconds"):
            seconds = getattr(self, name)
            if not (isfinite(seconds) and seconds >= 0):
                raise ValueError(f"{name}: found {seconds}, expected a number of seconds that is not negative")
        if not (isfinite(self.backoff_multiplier) and self.backoff_multiplier >= 1):
            raise ValueError(f"backoff_multiplier: found {self.backoff_multiplier}, expected at least 1")
        low, high = self.jitter
        if not 0 <= low <= high < float("inf"):
            raise ValueError(f"jitter: found {self.jitter}, expected the lower and the upper bound of a factor")

    def backoff_seconds(self, attempts: int, factor: float) -> float:
        """The wait after so many `attempts`; `factor` is a random one between the bounds of `jitter`."""
        try:
            grown = self.initial_backoff_seconds * self.backoff_multiplier ** (attempts - 1)
        except OverflowError:
            grown = self.max_backoff_seconds
        return min(grown, self.max_backoff_seconds) * factor
