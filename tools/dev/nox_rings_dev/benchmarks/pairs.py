"""Two commands, ours and the same work by hand (`theirs`), run alternately after one uncounted round."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nox_rings.engine.errors import CommandFailedError, StepFailedError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner
from nox_rings.sessions.run import Run

LINES_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """`before` prepares each run and is not timed. `prints` is a text that the command must print: one that
    found nothing to do, where there should be something, would be fast."""

    command: Command
    before: Callable[[], object] = lambda: None
    prints: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    ours: Side
    theirs: Side
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """`about` describes what is compared. `prepare` gets this work tree and an empty folder that it may fill."""

    name: str
    about: str
    bound: float
    rounds: int
    prepare: Callable[[Run, Path], Pair]

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "bound": self.bound, "rounds": self.rounds, "about": self.about}


def measure(pair: Pair, rounds: int, runner: Runner, folder: Path) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Seconds of both sides, round by round; what the commands print goes to logs in `folder`. Raises
    StepFailedError for a command that fails or does not do what it should."""
    log = folder / "benchmark.log"
    both = (pair.ours, pair.theirs)
    for side in both:
        timed(side, runner, log)
    seconds = [[timed(side, runner, log) for side in both] for _ in range(rounds)]
    ours, theirs = zip(*seconds, strict=True)
    return ours, theirs


def timed(side: Side, runner: Runner, log_path: Path) -> float:
    """Wall time of the whole command, in seconds."""
    side.before()
    failed: CommandFailedError | None = None
    with log_path.open("wb") as log:
        began = time.perf_counter()
        try:
            runner.run(side.command, log)
        except CommandFailedError as error:
            failed = error
        seconds = time.perf_counter() - began
    output = log_path.read_text(encoding="utf-8", errors="replace")
    if failed or side.prints not in output:
        message = failed.message if failed else f"{side.command.description}: expected it to print {side.prints!r}"
        tail = "\n".join(output.splitlines()[-LINES_TOLD:])
        raise StepFailedError(f"{message}; it printed:\n{tail}", hint=side.command.render())
    return seconds
