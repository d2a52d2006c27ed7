"""A runner for tests that starts nothing: it keeps the commands it is given, and answers what the test gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from nox_rings.engine.process.command import Command
from nox_rings.engine.process.protocol import STOP_GRACE_SECONDS, Background, Completed, Runner
from nox_rings.engine.process.runner import failure_of


def completed(stdout: str = "", *, exit_code: int = 0, stderr: str = "") -> Completed:
    return Completed(exit_code=exit_code, stdout=stdout, stderr=stderr)


@dataclass
class RecordedChild:
    """A `Background` that lives until it is stopped."""

    command: Command
    pid: int = 0
    stopped: bool = False

    def is_alive(self) -> bool:
        return not self.stopped

    def stop(self, grace_seconds: float = STOP_GRACE_SECONDS) -> None:
        self.stopped = True


@dataclass
class RecordingRunner:
    """`answers` is words → what a command answers whose argv has all of them; where several do, the key with most
    words holds. A command without an answer succeeds and prints nothing. An exception as an answer is raised."""

    answers: Mapping[str, Completed | str | Exception] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    children: list[RecordedChild] = field(default_factory=list)
    stopped_by: int | None = None
    closed: bool = False

    @property
    def argvs(self) -> list[tuple[str, ...]]:
        return [command.argv for command in self.commands]

    def run(self, command: Command, log: IO[bytes]) -> None:
        answer = self.ask(command)
        log.write(f"{answer.stdout}{answer.stderr}".encode())
        if answer.exit_code:
            raise failure_of(command, answer.exit_code)

    def ask(self, command: Command, *, stdin: str | None = None) -> Completed:
        self.commands.append(command)
        known = [words for words in self.answers if set(words.split()) <= set(command.argv)]
        answer = self.answers[max(known, key=lambda words: len(words.split()))] if known else ""
        if isinstance(answer, Exception):
            raise answer
        return completed(answer) if isinstance(answer, str) else answer

    def ask_all(self, commands: Sequence[Command]) -> list[Completed]:
        return self.begin_all(commands)()

    def begin_all(self, commands: Sequence[Command]) -> Callable[[], list[Completed]]:
        answers = [self.ask(command) for command in commands]
        return lambda: answers

    def require(self, command: Command, *, stdin: str | None = None) -> str:
        answer = self.ask(command, stdin=stdin)
        if answer.exit_code:
            raise failure_of(command, answer.exit_code, answer.stderr or answer.stdout)
        return answer.stdout

    def start(self, command: Command, log: IO[bytes]) -> Background:
        self.commands.append(command)
        child = RecordedChild(command, pid=len(self.children) + 1)
        self.children.append(child)
        return child

    def stop(self, signal_number: int, grace_seconds: float = STOP_GRACE_SECONDS) -> None:
        self.stopped_by = signal_number

    def close(self) -> None:
        self.closed = True


def _it_is_a_runner(runner: RecordingRunner) -> Runner:
    """For mypy."""
    return runner
