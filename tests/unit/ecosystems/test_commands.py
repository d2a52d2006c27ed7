"""Commands as values; that they are carried out well is held by tests/real/test_process.py."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.layout import Layout
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.environment import find_program, overlaid_environment
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.steps import (
    Action,
    Explained,
    Inspection,
    Server,
    Step,
    StepContext,
    rendered,
    summary_of,
)
from unit.targets import a_target

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


SECRET = Command(
    argv=("buf", "push"),
    cwd=ROOT,
    env={"BUF_TOKEN": "hunter2", "NETRC": "/run/netrc", "PATH": "/tools", "A": "1"},
    secrets=("BUF_TOKEN", "NETRC", "UNSET"),
)


@pytest.mark.parametrize(
    ("command", "root", "with_path", "shown"),
    [
        (SECRET, ROOT, False, "A=1 buf push"),
        (SECRET, None, False, "cd /w && A=1 buf push"),
        (SECRET, ROOT, True, "PATH=/tools A=1 buf push"),
        (replace(SECRET, env={"BUF_TOKEN": "hunter2"}), ROOT, True, "buf push"),
        (replace(SECRET, env={"BUF_TOKEN": None, "B": None}), ROOT, False, "env -u B buf push"),
        (replace(SECRET, secrets=()), ROOT, False, "BUF_TOKEN=hunter2 NETRC=/run/netrc A=1 buf push"),
    ],
    ids=["from the root", "from anywhere", "with the path", "nothing else", "removed", "told what is no secret"],
)
def test_a_command_is_never_shown_with_a_secret(
    command: Command, root: Path | None, with_path: bool, shown: str
) -> None:
    assert command.render(root, with_path=with_path) == shown


@pytest.mark.parametrize(
    "step",
    [
        SECRET,
        Server(command=SECRET, ready=lambda: True),
        Explained(command=SECRET, explain=lambda error, _: error),
        Inspection(commands=(SECRET, SECRET), description="look", read=lambda *_: None),
    ],
    ids=["command", "server", "told", "inspection"],
)
def test_no_step_shows_a_secret(step: Step) -> None:
    for shown in (rendered(step, ROOT), summary_of(step)):
        assert "hunter2" not in shown and "BUF_TOKEN" not in shown
    assert "A=1 buf push" in rendered(step, ROOT)


def test_the_secrets_of_the_tools_are_kept_out_of_the_log_too() -> None:
    log = io.BytesIO()
    context = StepContext(
        root=ROOT,
        runner=ProcessRunner(),
        log=log,
        say=print,
        closing=ExitStack(),
        environment={"GITHUB_TOKEN": "hunter3", "GOFLAGS": "-x"},
        secrets=("GITHUB_TOKEN",),
    )
    command = context.command(SECRET)
    assert command.env["GITHUB_TOKEN"] == "hunter3"
    context.log_command(command)
    assert log.getvalue() == b"$ GOFLAGS=-x A=1 buf push\n"


def test_a_command_to_repeat_from_anywhere_changes_to_its_folder() -> None:
    assert Command(argv=("buf", "lint"), cwd=ROOT).render() == "cd /w && buf lint"


def test_a_commands_own_variables_win_over_those_of_its_tools() -> None:
    command = Command(argv=("go",), cwd=ROOT, env={"GOWORK": "off", "GOFLAGS": None})
    context = StepContext(
        root=ROOT,
        runner=ProcessRunner(),
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


@pytest.mark.parametrize(
    ("overlay", "no_proxy"),
    [
        ({"HTTP_PROXY": "http://proxy"}, "127.0.0.1,localhost,::1"),
        ({"https_proxy": "http://proxy", "no_proxy": "example.com, ::1"}, "example.com,::1,127.0.0.1,localhost"),
        ({"ALL_PROXY": "http://proxy", "NO_PROXY": "*"}, "*"),
        ({"NO_PROXY": "example.com"}, "example.com"),
    ],
)
def test_a_child_asks_loopback_without_a_proxy(
    monkeypatch: pytest.MonkeyPatch, overlay: dict[str, str], no_proxy: str
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    assert overlaid_environment(overlay)["NO_PROXY"] == no_proxy


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
        (
            Explained(command=Command(argv=("buf", "generate"), cwd=ROOT / "proto"), explain=lambda error, _: error),
            "cd /w/proto && buf generate",
        ),
        (
            Inspection(
                commands=(Command(argv=("buf", "lint"), cwd=ROOT), Command(argv=("buf", "breaking"), cwd=ROOT / "p")),
                description="side by side",
                read=lambda *_: None,
            ),
            "# side by side\nbuf lint\ncd /w/p && buf breaking",
        ),
    ],
)
def test_each_kind_of_step_is_shown_as_a_line_of_a_script(step: Step, shown: str) -> None:
    assert rendered(step, ROOT) == shown


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Command(argv=("buf", "lint"), cwd=ROOT), "buf lint"),
        (Command(argv=("buf", "lint"), cwd=ROOT, description="lint the schema"), "lint the schema"),
        (Action(description="empty the stage", act=lambda _: None), "empty the stage"),
        (Server(command=Command(argv=("node", "main.js"), cwd=ROOT), ready=lambda: True), "node main.js"),
        (Explained(command=Command(argv=("buf",), cwd=ROOT, description="x"), explain=lambda error, _: error), "x"),
        (Inspection(commands=(), description="side by side", read=lambda *_: None), "side by side"),
    ],
)
def test_each_kind_of_step_is_told_in_a_few_words(step: Step, words: str) -> None:
    assert summary_of(step) == words


def test_everything_of_ours_lies_below_one_ignored_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOX_RINGS_TOOLS_DIR", raising=False)
    layout = Layout(ROOT)
    target = a_target("image-dev:apps/api", path="apps/api/Dockerfile.dev")
    assert layout.state == Path("/w/.nox-rings/state")
    assert layout.stage(target.id) == Path("/w/.nox-rings/stage/image-dev-apps+api")
    assert layout.log(target.id) == Path("/w/.nox-rings/logs/image-dev-apps+api.log")
    assert layout.lock(target.id) == Path("/w/.nox-rings/locks/image-dev-apps+api.lock")
    assert layout.tools == Path("/w/.nox-rings/tools")
    monkeypatch.setenv("NOX_RINGS_TOOLS_DIR", "/shared")
    assert layout.tools == Path("/shared")
