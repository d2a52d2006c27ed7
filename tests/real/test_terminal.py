"""What a person at a terminal sees, and what a pipe gets."""

from __future__ import annotations

import os
import pty
import re

from checkout import Checkout, environment


def on_a_terminal(checkout: Checkout, *arguments: str) -> tuple[int, str]:
    """Exit code and everything written to a pseudo-terminal of 120 columns."""
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - becomes nox
        os.chdir(checkout.root)
        variables = {**environment(), "TERM": "xterm-256color", "COLUMNS": "120"}
        variables.pop("NO_COLOR")
        os.execve(checkout.root / "scripts" / "nox", ["nox", *arguments], variables)
    written = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux tells the end of a terminal as an error
            break
        if not part:
            break
        written += part
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), written.decode(errors="replace")


def test_a_terminal_shows_a_live_line_for_each_running_target(checkout: Checkout) -> None:
    code, shown = on_a_terminal(checkout, "-s", "proto", "--", "--force")
    assert code == 0
    assert re.search(r"\x1b\[\d+A", shown), "no line was ever redrawn"
    assert "buf generate --template buf.gen.go.yaml" in shown
    assert "✓ stubs:go" in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)


def test_a_pipe_gets_plain_lines(checkout: Checkout) -> None:
    answer = checkout.nox("-s", "proto", "--", "--force")
    assert answer.exit_code == 0
    assert "\x1b" not in answer.out
    assert "▶ stubs:go  (forced)" in answer.out.splitlines()
