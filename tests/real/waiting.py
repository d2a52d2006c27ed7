"""Waiting for an event instead of for a time that is long enough on a quiet machine."""

from __future__ import annotations

import time
from collections.abc import Callable

# Only for what never comes: no test depends on how long anything takes.
PATIENCE_SECONDS = 300.0


def wait_for(condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether it came true. Asked often, because some things are there for a moment only."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True
