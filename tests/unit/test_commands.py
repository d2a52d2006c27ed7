"""Commands as values; that they are carried out well is held by tests/real/test_process.py."""

from __future__ import annotations

import io
from contextlib import ExitStack
from pathlib import Path

import pytest

from nox_rings.command import Command
from nox_rings.domain.targets import Kind, Target
from nox_rings.errors import ToolUnavailableError
from nox_rings.paths import Layout
from nox_rings.process import Runner, find_program, overlaid_environment
from nox_rings.run.steps import Action, Server, Step, StepContext, rendered, stable

ROOT = Path("/w")


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (Command(argv=("buf", "lint"), cwd=ROOT), "buf lint"),
        (Command(argv=("buf", "lint"), cwd=ROOT / "my proto"), "cd '/w/my proto' && buf lint"),
        (Command(argv=("echo", "a b", "$x"), cwd=ROOT), "echo 'a b' '$x'"),
        (Command(argv=("go", "build"), cwd=ROOT, env={"GOFLAGS": "-x -v", "A": "1"}), "GOFLAGS='-x -v' A=1 go build"),
        (Command(argv=("go", "build"), cwd=ROOT, env={"A": "1", "B": None}), "env -u B A=1 go build"),
        (Command(argv=("go", "build"), cwd=ROOT, env={"PATH": "/tools"}), "go build"),
    ],
)
def test_a_command_is_shown_as_a_person_would_type_it_from_the_root(command: Command, shown: str) -> None:
    assert command.render(ROOT) == shown


def test_a_command_to_repeat_from_anywhere_changes_to_its_folder() -> None:
    assert Command(argv=("buf", "lint"), cwd=ROOT).render() == "cd /w && buf lint"


def test_a_commands_own_variables_win_over_those_of_its_tools() -> None:
    command = Command(argv=("go",), cwd=ROOT, env={"GOWORK": "off", "GOFLAGS": None})
    context = StepContext(
        root=ROOT,
        runner=Runner(),
        log=io.BytesIO(),
        say=print,
        closing=ExitStack(),
        environment={"PATH": "/tools", "GOWORK": "auto", "GOFLAGS": "-x"},
    )
    assert context.command(command).env == {
        "PATH": "/tools",
        "GOWORK": "off",
        "GOFLAGS": None,
    }


def test_a_child_inherits_our_environment_without_what_is_of_nox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "1")
    monkeypatch.setenv("REMOVED", "1")
    monkeypatch.setenv("VIRTUAL_ENV", "/nox")
    monkeypatch.setenv("UV_PYTHON", "3.11")
    found = overlaid_environment({"ADDED": "2", "REMOVED": None})
    assert (found["KEPT"], found["ADDED"]) == ("1", "2")
    assert {"REMOVED", "VIRTUAL_ENV", "UV_PYTHON"}.isdisjoint(found)
    assert overlaid_environment({"VIRTUAL_ENV": "/ours"})["VIRTUAL_ENV"] == "/ours"


def test_a_program_is_looked_up_in_the_path_of_the_child_or_in_its_folder(tmp_path: Path) -> None:
    for place in ("tools/go", "bin/tool"):
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).touch(mode=0o755)
    environment = {"PATH": str(tmp_path / "tools")}
    assert find_program("go", environment, tmp_path) == str(tmp_path / "tools/go")
    assert find_program("./bin/tool", environment, tmp_path) == str(tmp_path / "bin/tool")
    for missing in ("none", "./bin/none"):
        with pytest.raises(ToolUnavailableError, match="no such program"):
            find_program(missing, environment, tmp_path)


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        (Command(argv=("buf", "lint"), cwd=ROOT / "proto"), "cd /w/proto && buf lint"),
        (Action(description="empty the stage", act=lambda _: None), "# empty the stage"),
        (Server(command=Command(argv=("node", "main.js"), cwd=ROOT), ready=lambda: True), "node main.js &"),
    ],
)
def test_each_kind_of_step_is_shown_as_a_line_of_a_script(step: Step, shown: str) -> None:
    assert rendered(step, ROOT) == shown


def test_the_text_a_step_is_compared_by_is_the_same_in_every_checkout() -> None:
    here, there = (Command(argv=("x", f"{root}/a"), cwd=Path(root, "b")) for root in ("/w", "/other"))
    assert stable(here, Path("/w")) == stable(there, Path("/other")) == "cd ./b && x ./a"


def test_everything_of_ours_lies_below_one_ignored_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOX_RINGS_TOOLS_DIR", raising=False)
    layout = Layout(ROOT)
    target = Target(id="image-dev:apps/api", kind=Kind.IMAGE_DEV, place="apps/api/Dockerfile.dev")
    assert layout.state_file == Path("/w/.nox-rings/state.json")
    assert layout.stage(target.id) == Path("/w/.nox-rings/stage/image-dev-apps+api")
    assert layout.log(target.id) == Path("/w/.nox-rings/logs/image-dev-apps+api.log")
    assert layout.lock(target.id) == Path("/w/.nox-rings/locks/image-dev-apps+api.lock")
    assert layout.tools == Path("/w/.nox-rings/tools")
    monkeypatch.setenv("NOX_RINGS_TOOLS_DIR", "/shared")
    assert layout.tools == Path("/shared")
