"""Commands of a traced target start through the tracer, each with a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.process.command import Command
from nox_rings.tracing.accesses import TRACED
from nox_rings.tracing.runner import TracingRunner, without_memory
from nox_rings.tracing.strace import words
from unit.recording import RecordingRunner


def test_each_command_has_a_trace_of_its_own_unless_it_is_exempt() -> None:
    inner = RecordingRunner()
    runner = TracingRunner(inner, "/usr/bin/strace", Path("/t"), exempt=lambda command: command.argv[0] == "git")
    commands = [Command(argv=(name,), cwd=Path("/w")) for name in ("a", "git", "b")]
    for command in commands:
        runner.ask(command)
    assert [(trace.command, trace.file) for trace in runner.traces] == [
        (commands[0], Path("/t/1.strace")),
        (commands[2], Path("/t/2.strace")),
    ]
    assert [each.through for each in inner.commands] == [
        words("/usr/bin/strace", Path("/t/1.strace")),
        (),
        words("/usr/bin/strace", Path("/t/2.strace")),
    ]


def test_a_command_is_repeated_without_the_tracer() -> None:
    command = Command(argv=("tsc", "-b"), cwd=Path("/w"), through=words("/usr/bin/strace", Path("/t/1")))
    assert command.render(Path("/w")) == "tsc -b"


def test_the_tracer_follows_children_and_writes_what_is_understood() -> None:
    found = words("/usr/bin/strace", Path("/t/1.strace"))
    assert (found[0], found[-1]) == ("/usr/bin/strace", "--")
    assert {"-f", "-y", "--seccomp-bpf"} <= set(found)
    assert found[found.index("-o") + 1] == "/t/1.strace"
    (traced,) = (each.removeprefix("--trace=") for each in found if each.startswith("--trace="))
    assert traced.split(",") == [f"?{name}" for name in TRACED]


@pytest.mark.parametrize(
    ("argv", "found"),
    [
        ("go test -vet=off ./...", "go test -count=1 -vet=off ./..."),
        ("go test -count=1 ./...", "go test -count=1 ./..."),
        ("go build ./...", "go build ./..."),
        ("go", "go"),
    ],
)
def test_tests_of_go_are_run_and_not_remembered(argv: str, found: str) -> None:
    assert without_memory(tuple(argv.split())) == tuple(found.split())
