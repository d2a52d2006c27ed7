"""identify_license, which panics at its end now and then."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nox_rings.ecosystems.go.license_classifier import identify, identify_command
from nox_rings.engine.errors import CommandFailedError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.protocol import Completed
from unit.recording import RecordingRunner, completed

COMMAND = identify_command([Path("/m/LICENSE")], Path("/s/licenses.json"), Path("/s"))
PANIC = completed(exit_code=2, stderr="panic: send on closed channel\n\ngoroutine 10 [running]:\n")


@dataclass
class InTurn(RecordingRunner):
    """Answers one after the other, the last one again and again."""

    turns: list[Completed] = field(default_factory=list)

    def ask(self, command: Command, *, stdin: str | None = None) -> Completed:
        self.commands.append(command)
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


@pytest.mark.parametrize(("turns", "runs"), [([completed()], 1), ([PANIC, PANIC, completed()], 3)])
def test_it_runs_again_where_it_closed_a_channel_too_early(turns: list[Completed], runs: int) -> None:
    runner = InTurn(turns=[*turns])
    identify(COMMAND, runner)
    assert len(runner.commands) == runs


@pytest.mark.parametrize(
    ("turns", "runs"),
    [
        ([completed(exit_code=1, stderr="no such file")], 1),
        ([completed(exit_code=2, stderr="panic: other")], 1),
        ([PANIC], 10),
    ],
)
def test_any_other_failure_and_one_that_stays_is_reported(turns: list[Completed], runs: int) -> None:
    runner = InTurn(turns=[*turns])
    with pytest.raises(CommandFailedError, match="identify licenses ended with exit code"):
        identify(COMMAND, runner)
    assert len(runner.commands) == runs
