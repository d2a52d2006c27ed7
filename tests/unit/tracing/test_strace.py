"""Which strace can be used, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.protocol import Completed
from nox_rings.tracing.strace import require_strace
from unit.recording import RecordingRunner, completed

VERSION = "strace -- version {}\nCopyright (c) 1991-2022 The strace developers\n"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    path = tmp_path / "strace"
    path.write_text("")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return str(path)


def test_a_new_one_that_can_trace_is_used(program: str) -> None:
    runner = RecordingRunner({"--version": VERSION.format("6.1")})
    assert require_strace(runner) == program
    assert runner.argvs[-1][-2:] == ("--", "true")


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"--version": VERSION.format("4.26")}, "strace: found 4.26, expected >= 5.14"),
        ({"--version": ""}, "strace: found no version, expected >= 5.14"),
        (
            {
                "--version": VERSION.format("6.1"),
                "true": completed(exit_code=1, stderr="ptrace(PTRACE_TRACEME): Operation not permitted\n"),
            },
            "strace: it cannot trace here (ptrace(PTRACE_TRACEME): Operation not permitted)",
        ),
    ],
)
def test_one_that_cannot_is_one_sentence(
    program: str, answers: dict[str, Completed | str | Exception], message: str
) -> None:
    with pytest.raises(ToolUnavailableError) as caught:
        require_strace(RecordingRunner(answers))
    assert caught.value.message == message
    assert "without it, leave out --trace" in caught.value.hint


def test_without_any_the_way_to_get_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolUnavailableError) as caught:
        require_strace(RecordingRunner())
    assert caught.value.message == "strace: found no such program on PATH, which --trace needs"
    assert "apt-get install strace" in caught.value.hint
