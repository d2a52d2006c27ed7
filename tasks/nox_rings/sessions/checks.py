"""Commands that stand for themselves: nothing is recorded, and every one runs even where another failed."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import IO, Any

from nox_rings.engine.errors import CommandFailedError, RunInterruptedError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner
from nox_rings.sessions.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    command: Command
    exit_code: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        shown = {"command": list(self.command.argv), "exit_code": self.exit_code, "seconds": round(self.seconds, 3)}
        return {**shown, "ok": self.exit_code == 0}


def run_checks(run: Run, commands: Sequence[Command], *, jobs: int, out: IO[str]) -> list[CheckResult]:
    """Run all; a single one prints to `out` as it goes, several at once each when it ends."""
    if len(commands) == 1:
        print(f"$ {commands[0].render(run.layout.root)}", file=out, flush=True)
        return [_run(run.runner, commands[0], out.buffer if hasattr(out, "buffer") else sys.stdout.buffer)]
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            running = [pool.submit(_run_logged, run, command) for command in commands]
            for done in as_completed(running):
                _show(done.result(), run, out)
        except RunInterruptedError as interruption:
            run.runner.stop(interruption.signal_number)  # before the pool waits for its threads
            raise
    return [done.result() for done in running]


def _run(runner: Runner, command: Command, log: IO[bytes]) -> CheckResult:
    began, exit_code = time.monotonic(), 0
    try:
        runner.run(command, log)
    except CommandFailedError as error:
        exit_code = error.command_exit_code
    return CheckResult(command=command, exit_code=exit_code, seconds=time.monotonic() - began)


def _run_logged(run: Run, command: Command) -> CheckResult:
    path = run.layout.log(command.description)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as log:
        return _run(run.runner, command, log)


def _show(result: CheckResult, run: Run, out: IO[str]) -> None:
    print(f"$ {result.command.render(run.layout.root)}", file=out)
    with run.layout.log(result.command.description).open(encoding="utf-8", errors="replace") as log:
        shutil.copyfileobj(log, out)
    out.flush()
