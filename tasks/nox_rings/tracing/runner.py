"""A runner whose commands are traced, each into a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import IO, NamedTuple

from nox_rings.engine.process.command import Command
from nox_rings.engine.process.protocol import STOP_GRACE_SECONDS, Background, Completed, Runner
from nox_rings.tracing.strace import words

# go prints again what a test printed, and does not run it, where nothing that it knows of changed (`go help test`).
REMEMBERED, FRESH = ("go", "test"), "-count=1"


class Trace(NamedTuple):
    """The file with what a command did."""

    command: Command
    file: Path


class TracingRunner:
    """The runner `inner`, whose commands run through strace, except those that are `exempt`. `folder` is there, and
    gets the files."""

    def __init__(self, inner: Runner, program: str, folder: Path, *, exempt: Callable[[Command], bool]) -> None:
        self._inner, self._program, self._folder, self._exempt = inner, program, folder, exempt
        self._lock = Lock()
        self.traces: list[Trace] = []

    def _traced(self, command: Command) -> Command:
        if self._exempt(command):
            return command
        with self._lock:
            file = self._folder / f"{len(self.traces) + 1}.strace"
            self.traces.append(Trace(command, file))
        return replace(command, argv=without_memory(command.argv), through=words(self._program, file))

    def run(self, command: Command, log: IO[bytes]) -> None:
        self._inner.run(self._traced(command), log)

    def ask(self, command: Command, *, stdin: str | None = None) -> Completed:
        return self._inner.ask(self._traced(command), stdin=stdin)

    def ask_all(self, commands: Sequence[Command]) -> list[Completed]:
        return self._inner.ask_all([self._traced(each) for each in commands])

    def begin_all(self, commands: Sequence[Command]) -> Callable[[], list[Completed]]:
        return self._inner.begin_all([self._traced(each) for each in commands])

    def require(self, command: Command, *, stdin: str | None = None) -> str:
        return self._inner.require(self._traced(command), stdin=stdin)

    def start(self, command: Command, log: IO[bytes]) -> Background:
        return self._inner.start(self._traced(command), log)

    def stop(self, signal_number: int, grace_seconds: float = STOP_GRACE_SECONDS) -> None:
        self._inner.stop(signal_number, grace_seconds)

    def close(self) -> None:
        self._inner.close()


def without_memory(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The command that does the work: an answer from a cache reads nothing."""
    return (*REMEMBERED, FRESH, *argv[2:]) if argv[:2] == REMEMBERED and FRESH not in argv else argv
