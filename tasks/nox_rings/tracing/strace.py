"""strace ≥ 5.14 (Debian 12 has 6.1): a program that starts another and writes down which files it and its children use.

- `--seccomp-bpf`: the kernel stops a process for the calls that are traced, and for no other (since 5.3).
- `-y`: with the path of each descriptor, and of the working directory where a name is relative to it (since 5.14).
- `--quiet`: no message of its own on the standard error of the program; threads that exec are written.
- With `-o` a signal for the whole group ends the program and not strace before it (`-I 3`)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.versions import version_at_least
from nox_rings.tracing.accesses import TRACED

PROGRAM = "strace"
MINIMUM_VERSION = "5.14"
GET = "apt-get install strace, or the package of that name of this system; without it, leave out --trace"


def require_strace(runner: Runner) -> str:
    """The program. Raises ToolUnavailableError where there is none that can trace here."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise ToolUnavailableError(f"{PROGRAM}: found no such program on PATH, which --trace needs", hint=GET)
    answer = runner.ask(Command(argv=(found, "--version"), cwd=Path("/")))
    version = answer.stdout.split("\n", 1)[0].rpartition(" ")[2]
    if not version_at_least(version, MINIMUM_VERSION):
        raise ToolUnavailableError(
            f"{PROGRAM}: found {version or 'no version'}, expected >= {MINIMUM_VERSION}", hint=GET
        )
    trial = runner.ask(Command(argv=(*words(found, Path(os.devnull)), "true"), cwd=Path("/")))
    if trial.exit_code:
        reason = " ".join(trial.stderr.split()) or f"exit code {trial.exit_code}"
        raise ToolUnavailableError(
            f"{PROGRAM}: it cannot trace here ({reason})",
            hint="in a container, allow ptrace (docker run --cap-add SYS_PTRACE); without it, leave out --trace",
        )
    return found


def words(program: str, output: Path) -> tuple[str, ...]:
    """What goes before the words of a command, so that its calls are written to `output`."""
    calls = ",".join(f"?{name}" for name in TRACED)  # `?`: not every architecture has all of them
    options = (
        "-f",
        "--seccomp-bpf",
        "-y",
        "--quiet=attach,exit,path-resolution,personality",
        "--signal=none",
        f"--trace={calls}",
        "-o",
        str(output),
    )
    return (program, *options, "--")
