"""What a command of a target gets, and how it is shown, where everything undeclared is hidden."""

from __future__ import annotations

import io
from contextlib import ExitStack
from pathlib import Path

import pytest

from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import StepContext
from unit.recording import RecordingRunner

ROOT = Path("/w")


@pytest.mark.parametrize("inherited", [None, ("PATH", "REGION")])
def test_the_commands_of_a_target_get_what_its_step_says(inherited: tuple[str, ...] | None) -> None:
    runner = RecordingRunner()
    context = StepContext(
        root=ROOT,
        runner=runner,
        log=io.BytesIO(),
        say=print,
        closing=ExitStack(),
        environment={},
        inherited=inherited,
    )
    assert context.command(Command(argv=("go",), cwd=ROOT)).inherited == inherited


def test_a_command_to_repeat_has_the_variables_that_it_got(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.setenv("REGION", "a secret")
    monkeypatch.setenv("OTHER", "x")
    env = {"PATH": "/tools:/bin", "GOWORK": "off"}
    command = Command(argv=("go", "vet"), cwd=ROOT, env=env, inherited=("PATH", "REGION", "GO*"))
    assert command.render(ROOT) == "env -i … GOWORK=off go vet"
    assert command.render(ROOT, with_path=True) == 'env -i PATH=/tools:"$PATH" REGION="$REGION" GOWORK=off go vet'
