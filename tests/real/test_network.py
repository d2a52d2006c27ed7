"""A command is run again where the network did not answer, and only there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nox_rings.engine.errors import CommandFailedError
from nox_rings.engine.process import retries as network
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner

# Counts its calls in a file, says what it was told to say, and succeeds from the given call on.
PROGRAM = """
import pathlib, sys
calls = pathlib.Path("calls")
count = len(calls.read_text()) + 1 if calls.exists() else 1
calls.write_text("x" * count)
print(sys.argv[1])
sys.exit(count < int(sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("says", "succeeds_at", "calls", "ends_well"),
    [
        ("dial tcp: lookup example.test: i/o timeout", 2, 2, True),
        ("getaddrinfo EAI_AGAIN", 3, 3, True),
        ("read: connection reset by peer", 9, 3, False),
        ("404 Not Found", 2, 1, False),
        ("checksum mismatch", 2, 1, False),
    ],
)
def test_only_an_unanswered_question_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, succeeds_at: int, calls: int, ends_well: bool
) -> None:
    monkeypatch.setattr(network, "PAUSE_SECONDS", 0.0)
    command = Command(argv=(sys.executable, "-c", PROGRAM, says, str(succeeds_at)), cwd=tmp_path, description="ask")
    said: list[str] = []
    with (tmp_path / "log").open("w+b") as log:
        log.write(b"i/o timeout of an earlier step\n")
        if ends_well:
            network.run_with_retries(ProcessRunner(), command, log, said.append)
        else:
            with pytest.raises(CommandFailedError):
                network.run_with_retries(ProcessRunner(), command, log, said.append)
    assert len((tmp_path / "calls").read_text()) == calls
    assert len(said) == calls - 1
    assert all("the network did not answer" in line and "ask again" in line for line in said)
