"""Commands that stand for themselves: nothing is recorded, and every one runs even where another failed."""

from __future__ import annotations

import json
import shutil
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from nox_rings.engine.errors import CommandFailedError, RunInterruptedError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner

if TYPE_CHECKING:
    from nox_rings.sessions.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    command: Command
    exit_code: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        shown = {"command": list(self.command.argv), "exit_code": self.exit_code, "seconds": round(self.seconds, 3)}
        return {**shown, "ok": self.exit_code == 0}


def tool_commands(run: Run, *calls: tuple[str, ...]) -> tuple[Command, ...]:
    """Calls of pinned tools in the root of the workspace, every tool on the PATH of each."""
    environment = run.tools().environment(*dict.fromkeys(call[0] for call in calls))
    return tuple(
        Command(argv=call, cwd=run.layout.root, env=environment, description=" ".join(call[:2])) for call in calls
    )


def run_checks(run: Run, arguments: Namespace, commands: Sequence[Command]) -> bool:
    """Whether all succeeded, or were only to be shown. Each that failed is printed last, as it can be repeated."""
    root = run.layout.root
    if arguments.dry_run:
        print("\n".join(command.render(root, with_path=True) for command in commands))
        return True
    run.tools().require(*dict.fromkeys(command.argv[0] for command in commands))
    out = sys.stderr if arguments.json else sys.stdout
    one_by_one = len(commands) == 1 or arguments.jobs == 1
    results = _stream(run, commands, out) if one_by_one else _collect(run, commands, arguments.jobs, out)
    ok = all(result.exit_code == 0 for result in results)
    if arguments.json:
        print(json.dumps({"ok": ok, "checks": [result.as_json() for result in results]}, indent=2))
    for result in results:
        if result.exit_code:
            repeat = result.command.render(with_path=True)
            print(f"{result.command.description} ended with exit code {result.exit_code}\n  try: {repeat}", file=out)
    return ok


def _stream(run: Run, commands: Sequence[Command], out: IO[str]) -> list[CheckResult]:
    """One after the other; what each prints is seen at once."""
    results = []
    for command in commands:
        print(f"$ {command.render(run.layout.root)}", file=out, flush=True)
        results.append(_run(run.runner, command, out.buffer if hasattr(out, "buffer") else sys.stdout.buffer))
    return results


def _collect(run: Run, commands: Sequence[Command], jobs: int, out: IO[str]) -> list[CheckResult]:
    """Several at once; what each printed is shown when it ends."""
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
