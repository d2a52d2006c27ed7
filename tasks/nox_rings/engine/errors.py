"""Every way nox-rings fails on purpose.

    NoxRingsError               message: one sentence; hint: the next command to run
    ├── UsageError              the arguments after `--` (exit code 2, before anything starts)
    ├── ProblemsError           every problem at once, each with its path
    │   ├── ConfigInvalidError      in [tool.nox-rings] of pyproject.toml
    │   └── WorkspaceInvalidError   in what discovery found
    ├── ToolUnavailableError    a command-line tool that is missing, too old or cannot be installed
    ├── CredentialMissingError  a token that a remote needs: names the unset variable
    ├── HistoryMissingError     commits, tags or a default branch that this clone does not have
    ├── CommandFailedError      a command that ended with an exit code other than 0
    ├── FileUnreadableError     a file of the workspace that cannot be read, or is none
    ├── StepFailedError         a step of ours (not a command) that could not be done
    ├── FindingsError           a check that ran to its end and found something (run/steps.py)
    └── RunInterruptedError     SIGINT, SIGTERM or SIGHUP

nox can only end with 1 (a session failed) or with the code of a `SystemExit`; `family` is what a machine reads
in the JSON report. Expected errors are one sentence; anything else is a bug and shows its traceback.
"""

from __future__ import annotations

from typing import ClassVar


class NoxRingsError(Exception):
    """Base of all expected failures: one sentence and, where there is one, the command that helps."""

    family: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  try: {self.hint}" if self.hint else self.message


class UsageError(NoxRingsError):
    family = "usage"
    exit_code = 2


class ProblemsError(NoxRingsError):
    """Every problem at once, a line each: `PATH: found …, expected …`. `subject` is what has them."""

    subject: ClassVar[str]

    def __init__(self, problems: tuple[str, ...], *, hint: str = "") -> None:
        head = problems[0] if len(problems) == 1 else f"{len(problems)} problems in {self.subject}:"
        rest = () if len(problems) == 1 else tuple(f"  {problem}" for problem in problems)
        super().__init__("\n".join((head, *rest)), hint=hint)
        self.problems = problems


class ConfigInvalidError(ProblemsError):
    family = "config"
    subject = "[tool.nox-rings]"


class WorkspaceInvalidError(ProblemsError):
    family = "workspace"
    subject = "this workspace"


class ToolUnavailableError(NoxRingsError):
    family = "tool"


class CredentialMissingError(NoxRingsError):
    family = "credentials"


class HistoryMissingError(NoxRingsError):
    family = "history"


class CommandFailedError(NoxRingsError):
    """A command ended badly. `output` is all it printed; `repeat` is the command as a person would type it."""

    family = "command"

    def __init__(self, message: str, *, repeat: str, exit_code: int, output: str = "") -> None:
        super().__init__(message, hint=repeat)
        self.repeat = repeat
        self.command_exit_code = exit_code
        self.output = output


class FileUnreadableError(NoxRingsError):
    family = "file"


class StepFailedError(NoxRingsError):
    family = "step"


class RunInterruptedError(NoxRingsError):
    """A signal asked us to stop; the exit code follows the shell's rule (128 + signal number)."""

    family = "interrupted"

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"interrupted by signal {signal_number}", hint="the same command again completes what is left")
        self.signal_number = signal_number
