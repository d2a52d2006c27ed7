"""What a target consists of when it is carried out: commands, actions in Python, and servers beside them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from nox_rings.engine.errors import CommandFailedError, NoxRingsError
from nox_rings.engine.findings import Finding, ordered
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.retries import run_with_retries, text_from
from nox_rings.engine.process.runner import Completed, Runner


@dataclass(kw_only=True)
class StepContext:
    """What a running step may use. `detail` is kept in the target's record and shown in the summary; `say` prints a
    progress line; `closing` ends servers when the target is done; `environment` is the overlay of the tools, and
    `secrets` name those of its variables that must not be shown. `inherited` is what its commands get of our own
    environment (`Command.inherited`)."""

    root: Path
    runner: Runner
    log: IO[bytes]
    say: Callable[[str], None]
    closing: ExitStack
    environment: Mapping[str, str]
    secrets: tuple[str, ...] = ()
    inherited: tuple[str, ...] | None = None
    detail: dict[str, str] = field(default_factory=dict)

    def command(self, command: Command) -> Command:
        """With the overlay of the tools; the command's own variables win."""
        secrets = (*self.secrets, *command.secrets)
        env = {**self.environment, **command.env}
        return replace(command, env=env, secrets=secrets, inherited=self.inherited)

    def log_command(self, command: Command) -> None:
        """Write the command to the log, before what it prints."""
        self.log.write(f"$ {command.render(self.root)}\n".encode())
        self.log.flush()

    def ask_all(self, commands: Sequence[Command]) -> list[Completed]:
        """Run queries concurrently; their output goes to the log too."""
        prepared = [self.command(command) for command in commands]
        answers = self.runner.ask_all(prepared)
        for command, answer in zip(prepared, answers, strict=True):
            self.log_command(command)
            self.log.write(f"{answer.stdout}{answer.stderr}".encode())
        self.log.flush()
        return answers

    def run(self, command: Command) -> None:
        """Carry a command out with the tools of the target. Raises CommandFailedError."""
        command = self.command(command)
        self.log_command(command)
        run_with_retries(self.runner, command, self.log, self.say)

    def attempt(self, command: Command) -> tuple[CommandFailedError, str] | None:
        """`run` for a command whose failure means something: the failure and all that was printed, or None."""
        self.log.flush()
        begin = os.fstat(self.log.fileno()).st_size
        try:
            self.run(command)
        except CommandFailedError as error:
            return error, text_from(self.log, begin)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A step without a command of its own; where commands are printed, its description is."""

    description: str
    act: Callable[[StepContext], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A command that runs beside the later steps of its target. They start once it is `ready`."""

    command: Command
    ready: Callable[[], bool]
    timeout_seconds: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Commands that only read; those that are `wanted` run concurrently. `read` gets each with its answer,
    whatever its exit code, and raises FindingsError for what they found."""

    commands: tuple[Command, ...]
    description: str
    read: Callable[[Sequence[tuple[Command, Completed]], StepContext], None]
    wanted: Callable[[Command], bool] = lambda _: True


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A command whose failure has a better message than its exit code: `explain` gets the failure and its output."""

    command: Command
    explain: Callable[[CommandFailedError, str], NoxRingsError]


class FindingsError(NoxRingsError):
    """What a check found; never empty. `blocking`: what depends on the target cannot be checked either."""

    family = "findings"

    def __init__(self, findings: Iterable[Finding], *, blocking: bool = False) -> None:
        self.findings = ordered(findings)
        self.blocking = blocking
        count = "1 finding" if len(self.findings) == 1 else f"{len(self.findings)} findings"
        super().__init__(count, hint=self.findings[0].fix)


Step = Command | Action | Server | Inspection | Explained


def rendered(step: Step, root: Path) -> str:
    if isinstance(step, Command):
        return step.render(root)
    if isinstance(step, Server):
        return f"{step.command.render(root)} &"
    if isinstance(step, Explained):
        return step.command.render(root)
    if isinstance(step, Inspection):
        return "\n".join([f"# {step.description}", *(command.render(root) for command in step.commands)])
    return f"# {step.description}"


def summary_of(step: Step) -> str:
    """A short description of the step, for a progress line."""
    if isinstance(step, Server | Explained):
        return summary_of(step.command)
    return step.description or (" ".join(step.argv) if isinstance(step, Command) else "")
