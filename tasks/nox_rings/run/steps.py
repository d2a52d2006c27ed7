"""What a target consists of when it is carried out: commands, small actions of ours, and servers beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from nox_rings.command import Command
from nox_rings.process import Runner
from nox_rings.run.network import run_with_retries


@dataclass(kw_only=True)
class StepContext:
    """What a running step may use. `detail` is kept in the target's record and shown in the summary; `say` prints a
    progress line; `closing` ends servers when the target is done; `environment` is the overlay of the tools."""

    root: Path
    runner: Runner
    log: IO[bytes]
    say: Callable[[str], None]
    closing: ExitStack
    environment: Mapping[str, str]
    detail: dict[str, str] = field(default_factory=dict)

    def command(self, command: Command) -> Command:
        """With the overlay of the tools; the command's own variables win."""
        return replace(command, env={**self.environment, **command.env})

    def tell(self, command: Command) -> None:
        """Write the command to the log, before what it prints."""
        self.log.write(f"$ {command.render(self.root)}\n".encode())
        self.log.flush()

    def run(self, command: Command) -> None:
        """Carry a command out with the tools of the target. Raises CommandFailedError."""
        command = self.command(command)
        self.tell(command)
        run_with_retries(self.runner, command, self.log, self.say)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A step without a command of its own, told in words where commands are printed."""

    description: str
    act: Callable[[StepContext], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A command that goes on beside the later steps of its target, until `ready` and then to the target's end."""

    command: Command
    ready: Callable[[], bool]
    timeout_seconds: float = 30.0


Step = Command | Action | Server


def rendered(step: Step, root: Path) -> str:
    if isinstance(step, Command):
        return step.render(root)
    if isinstance(step, Server):
        return f"{step.command.render(root)} &"
    return f"# {step.description}"


def told(step: Step) -> str:
    """The step in a few words, for a line of progress."""
    if isinstance(step, Server):
        return told(step.command)
    return step.description or (" ".join(step.argv) if isinstance(step, Command) else "")


def stable(step: Step, root: Path) -> str:
    """The step as text that is the same on every machine: what the digest of a target's commands is made of."""
    return rendered(step, root).replace(str(root), ".")
