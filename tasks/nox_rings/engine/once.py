"""Values made once a run, on first use, whichever thread asks first; the others wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
C = TypeVar("C")
# Held while msgspec decodes: 0.22 describes a dataclass to itself when it first meets it, and two threads that do so at
# once end the process (SIGSEGV).
DECODING = threading.Lock()


class Once(Generic[T]):
    """Calls `make` once and remembers what it returned. What it raises is raised to each caller, and tried again."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []

    def __call__(self) -> T:
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]


class Resources:
    """What capabilities share between the targets of a run, one by each function that makes one; closed at its end, the
    last made first. The functions are the capabilities' own, so that nothing here knows them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[object, Once[Any]] = {}
        self._closing = ExitStack()

    def get(self, make: Callable[[C], T], argument: C) -> T:
        """What `make(argument)` returned to the first caller; the others wait for it."""
        with self._lock:
            once = self._made.setdefault(make, Once(lambda: self._keep(make(argument))))
        return cast(T, once())

    def close(self) -> None:
        self._closing.close()

    def _keep(self, made: T) -> T:
        if close := getattr(made, "close", None):
            self._closing.callback(close)
        return made
