"""Children never outlive us: not after a signal, not after `kill -9`, not with children of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from nox_rings.engine.errors import CommandFailedError, RunInterruptedError, ToolUnavailableError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner, wait_until
from waiting import PATIENCE_SECONDS, wait_for

# Starts a grandchild in the background, prints both process ids, and waits.
FAMILY = "import os, subprocess, sys, time; c = subprocess.Popen(['sleep', '300']); \
print(os.getpid(), c.pid, flush=True); time.sleep(300)"
# Ends after the query asked beside it.
SLOW = """
import pathlib, sys, time
while not pathlib.Path("fast").exists(): time.sleep(.01)
print('slow'); print('x', file=sys.stderr)
"""


def python(code: str, cwd: Path) -> Command:
    return Command(argv=(sys.executable, "-c", code), cwd=cwd)


def is_running(pid: int) -> bool:
    """Zombies count as ended: there may be no process to reap them."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_output_of_both_streams_goes_to_the_log_and_a_bad_end_raises(tmp_path: Path) -> None:
    runner = ProcessRunner()
    with (tmp_path / "log").open("w+b") as log:
        runner.run(python("import sys; print('out'); print('err', file=sys.stderr)", tmp_path), log)
        with pytest.raises(CommandFailedError) as caught:
            runner.run(python("raise SystemExit(7)", tmp_path), log)
    runner.close()
    assert set((tmp_path / "log").read_text().split()) == {"out", "err"}
    assert caught.value.command_exit_code == 7
    assert "raise SystemExit(7)" in caught.value.repeat


def test_queries_keep_the_streams_apart_and_answer_in_order(tmp_path: Path) -> None:
    runner = ProcessRunner()
    slow, fast = runner.ask_all(
        [
            python(SLOW, tmp_path),
            python("print('fast', flush=True); open('fast', 'w').close()", tmp_path),
        ]
    )
    assert (slow.stdout, slow.stderr, fast.stdout) == ("slow\n", "x\n", "fast\n")


def test_a_missing_program_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ToolUnavailableError, match="no-such-program-at-all: no such program"):
        ProcessRunner().ask(Command(argv=("no-such-program-at-all",), cwd=tmp_path))


def test_what_a_finished_command_left_behind_is_ended(tmp_path: Path) -> None:
    runner = ProcessRunner()
    code = "import subprocess; print(subprocess.Popen(['sleep', '300']).pid, flush=True)"
    with (tmp_path / "log").open("w+b") as log:
        runner.run(python(code, tmp_path), log)
    runner.close()
    assert wait_for(lambda: not is_running(int((tmp_path / "log").read_text())))


def test_stop_ends_children_and_grandchildren_and_nothing_starts_afterwards(tmp_path: Path) -> None:
    runner = ProcessRunner()
    with (tmp_path / "log").open("w+b") as log:
        child = runner.start(python(FAMILY, tmp_path), log)
        assert wait_until(lambda: bool((tmp_path / "log").read_text()), child, timeout_seconds=PATIENCE_SECONDS)
        family = [int(word) for word in (tmp_path / "log").read_text().split()]
        runner.stop(signal.SIGTERM, grace_seconds=2)
        with pytest.raises(RunInterruptedError):
            runner.run(python("pass", tmp_path), log)
    runner.close()
    assert wait_for(lambda: not any(map(is_running, family)))


def test_a_child_that_ignores_sigterm_is_killed_after_the_grace(tmp_path: Path) -> None:
    runner = ProcessRunner()
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(300)"
    with (tmp_path / "log").open("w+b") as log:
        child = runner.start(python(code, tmp_path), log)
        assert wait_until(lambda: "deaf" in (tmp_path / "log").read_text(), child, timeout_seconds=PATIENCE_SECONDS)
        child.stop(grace_seconds=0.3)
    runner.close()
    assert child.process.returncode == -signal.SIGKILL


def test_after_kill_9_of_the_parent_the_watchdog_ends_the_whole_family(tmp_path: Path) -> None:
    program = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from nox_rings.engine.process.command import Command
        from nox_rings.engine.process.runner import ProcessRunner
        with open({str(tmp_path / "log")!r}, "w+b") as log:
            ProcessRunner().run(Command(argv=(sys.executable, "-c", {FAMILY!r}), cwd=Path({str(tmp_path)!r})), log)
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    log = tmp_path / "log"
    assert wait_for(lambda: log.exists() and len(log.read_text().split()) == 2)
    family = [int(word) for word in log.read_text().split()]
    assert all(map(is_running, family))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert wait_for(lambda: not any(map(is_running, family)))


def test_the_virtual_environment_of_nox_does_not_leak_into_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    monkeypatch.setenv("KEPT", "yes")
    code = "import os; print(os.environ.get('VIRTUAL_ENV'), os.environ.get('KEPT'), os.environ.get('SET'))"
    command = Command(argv=(sys.executable, "-c", code), cwd=tmp_path, env={"SET": "1"})
    assert ProcessRunner().require(command) == "None yes 1\n"
