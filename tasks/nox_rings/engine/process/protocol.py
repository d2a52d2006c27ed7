"""What carries commands out, as its users see it: `ProcessRunner` starts processes, the runner of a test records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import IO, NamedTuple, Protocol

from nox_rings.engine.process.command import Command

STOP_GRACE_SECONDS = 5.0


class Completed(NamedTuple):
    """What a query answered. Text that is not UTF-8 is replaced; see `Command.lists_names` for the exception."""

    exit_code: int
    stdout: str
    stderr: str


class Background(Protocol):
    """A child that runs beside later steps; `stop` ends its whole group and waits."""

    @property
    def command(self) -> Command: ...

    @property
    def pid(self) -> int: ...

    def is_alive(self) -> bool: ...

    def stop(self, grace_seconds: float = STOP_GRACE_SECONDS) -> None: ...


class Runner(Protocol):
    """Starts commands and keeps account of the children alive. Safe to use from several threads."""

    def run(self, command: Command, log: IO[bytes]) -> None:
        """Carry out; output of both streams goes to `log` as it comes.

        Raises CommandFailedError, ToolUnavailableError, RunInterruptedError."""

    def ask(self, command: Command, *, stdin: str | None = None) -> Completed:
        """Run a short query and return what it answered, whatever its exit code. The two streams stay apart."""

    def ask_all(self, commands: Sequence[Command]) -> list[Completed]:
        """Several queries side by side; answers in the order of the questions."""

    def begin_all(self, commands: Sequence[Command]) -> Callable[[], list[Completed]]:
        """`ask_all` that returns while the queries run; what it returns waits for the answers."""

    def require(self, command: Command, *, stdin: str | None = None) -> str:
        """`ask`, and raise CommandFailedError unless the exit code is 0; returns standard output."""

    def start(self, command: Command, log: IO[bytes]) -> Background:
        """Start a child that runs in the background (a registry, a server, buildkitd)."""

    def stop(self, signal_number: int, grace_seconds: float = STOP_GRACE_SECONDS) -> None:
        """End every child's process group: SIGTERM, then SIGKILL after the grace. Nothing starts afterwards."""

    def close(self) -> None:
        """End the watchdog; to be called when the run is over."""
