"""The only module that starts a process.

`ProcessRunner` carries commands out: every child leads a process group of its own, its output goes to the log it is
given, and no child outlives us: on a signal `stop` ends the groups, and after a `kill -9` of this process the watchdog
does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from nox_rings.engine.errors import CommandFailedError, RunInterruptedError
from nox_rings.engine.process.command import Command, without_escapes
from nox_rings.engine.process.environment import find_program, overlaid_environment
from nox_rings.engine.process.protocol import STOP_GRACE_SECONDS
from nox_rings.engine.process.protocol import Background as Background
from nox_rings.engine.process.protocol import Completed as Completed
from nox_rings.engine.process.protocol import Runner as Runner
from nox_rings.engine.process.watchdog import WATCHDOG


class Child:
    """A `Background` that is a process of ours."""

    def __init__(self, runner: ProcessRunner, command: Command, process: subprocess.Popen[bytes]) -> None:
        self._runner = runner
        self.command = command
        self.process = process

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def stop(self, grace_seconds: float = STOP_GRACE_SECONDS) -> None:
        _end_groups([self.process], grace_seconds)
        self._runner.forget(self.process)


class ProcessRunner:
    """A `Runner` of real processes. `not_inherited` names variables that no child gets from our environment, beyond
    those that `overlaid_environment` leaves out."""

    def __init__(self, *, not_inherited: Collection[str] = ()) -> None:
        self._not_inherited = tuple(not_inherited)
        self._lock = threading.Lock()
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._stopped_by: int | None = None

    def run(self, command: Command, log: IO[bytes]) -> None:
        """Carry out; output of both streams goes to `log` as it comes.

        Raises CommandFailedError, ToolUnavailableError, RunInterruptedError."""
        process = self._start(command, stdout=log, stderr=subprocess.STDOUT)
        exit_code = process.wait()
        # A command that has ended may have left a process of its group behind: it must not outlive its step.
        _signal_group(process.pid, signal.SIGKILL)
        self.forget(process)
        if self._stopped_by is not None:
            raise RunInterruptedError(self._stopped_by)
        if exit_code:
            raise failure_of(command, exit_code)

    def ask(self, command: Command, *, stdin: str | None = None) -> Completed:
        """Run a short query and return what it answered, whatever its exit code. The two streams stay apart."""
        return self._answer(command, self._start_query(command, stdin), stdin)

    def ask_all(self, commands: Sequence[Command]) -> list[Completed]:
        """Several queries side by side; answers in the order of the questions."""
        return self.begin_all(commands)()

    def begin_all(self, commands: Sequence[Command]) -> Callable[[], list[Completed]]:
        """`ask_all` that returns while the queries run; what it returns waits for the answers."""
        started = [(command, self._start_query(command, None)) for command in commands]
        return lambda: [self._answer(command, process, None) for command, process in started]

    def _start_query(self, command: Command, stdin: str | None) -> subprocess.Popen[bytes]:
        return self._start(
            command,
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            watched=False,
        )

    def _answer(self, command: Command, process: subprocess.Popen[bytes], stdin: str | None) -> Completed:
        out, err = process.communicate(os.fsencode(stdin) if stdin is not None else None)
        self.forget(process)
        if self._stopped_by is not None:
            raise RunInterruptedError(self._stopped_by)
        return Completed(
            exit_code=process.returncode,
            stdout=os.fsdecode(out) if command.lists_names else without_escapes(out.decode(errors="replace")),
            stderr=without_escapes(err.decode(errors="replace")),
        )

    def require(self, command: Command, *, stdin: str | None = None) -> str:
        """`ask`, and raise CommandFailedError unless the exit code is 0; returns standard output."""
        answer = self.ask(command, stdin=stdin)
        if answer.exit_code:
            raise failure_of(command, answer.exit_code, answer.stderr or answer.stdout)
        return answer.stdout

    def start(self, command: Command, log: IO[bytes]) -> Child:
        """Start a child that runs in the background (a registry, a server, buildkitd)."""
        return Child(self, command, self._start(command, stdout=log, stderr=subprocess.STDOUT))

    def stop(self, signal_number: int, grace_seconds: float = STOP_GRACE_SECONDS) -> None:
        """End every child's process group: SIGTERM, then SIGKILL after the grace. Nothing starts afterwards."""
        with self._lock:
            self._stopped_by = signal_number
            children = list(self._children.values())
        _end_groups(children, grace_seconds)

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if self._children.pop(process.pid, None) is not None:
                self._tell_watchdog(f"-{process.pid}")

    def close(self) -> None:
        """End the watchdog; to be called when the run is over."""
        with self._lock:
            watchdog, self._watchdog = self._watchdog, None
        if watchdog is not None and watchdog.stdin is not None:
            watchdog.stdin.close()
            watchdog.wait()

    def _start(
        self,
        command: Command,
        *,
        stdout: IO[bytes] | int,
        stderr: int,
        stdin: int = subprocess.DEVNULL,
        watched: bool = True,
    ) -> subprocess.Popen[bytes]:
        environment = overlaid_environment(command.env, self._not_inherited, command.inherited)
        program = find_program(command.argv[0], environment, command.cwd)
        with self._lock:
            if self._stopped_by is not None:
                raise RunInterruptedError(self._stopped_by)
            process = subprocess.Popen(
                [*command.through, program, *command.argv[1:]],
                cwd=command.cwd,
                env=environment,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
            self._children[process.pid] = process
            if watched:
                self._tell_watchdog(f"+{process.pid}")
        return process

    def _tell_watchdog(self, line: str) -> None:
        if self._watchdog is None:
            if line.startswith("-"):
                return
            self._watchdog = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", WATCHDOG], stdin=subprocess.PIPE, start_new_session=True
            )
        if self._watchdog.stdin is not None:
            with suppress(BrokenPipeError):  # a watchdog killed by hand is no reason to fail the build
                self._watchdog.stdin.write(f"{line}\n".encode())
                self._watchdog.stdin.flush()


def failure_of(command: Command, exit_code: int, output: str = "") -> CommandFailedError:
    """That the command ended badly, and how to repeat it."""
    return CommandFailedError(
        f"{command.description or Path(command.argv[0]).name} ended with exit code {exit_code}",
        repeat=command.render(with_path=True),
        exit_code=exit_code,
        output=output,
    )


def wait_until(ready: Callable[[], bool], child: Background, *, timeout_seconds: float) -> bool:
    """Poll until `ready()`; False when the child ended or the time is over."""
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        if not child.is_alive():
            return False
        time.sleep(0.02)
    return False


def _signal_group(group: int, signal_number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal_number)


def _group_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _end_groups(processes: list[subprocess.Popen[bytes]], grace_seconds: float) -> None:
    for process in processes:
        _signal_group(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while time.monotonic() < deadline:
        for process in processes:
            process.poll()
        if not any(_group_alive(process.pid) for process in processes):
            break
        time.sleep(0.02)
    for process in processes:
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()
