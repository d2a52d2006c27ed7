"""`nox -s lint`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nox_rings.sessions.arguments import Parser, add_run_options
from nox_rings.sessions.frame import open_run, reported_errors

if TYPE_CHECKING:
    import nox


def lint(session: nox.Session) -> None:
    """Check the Python code with ruff and mypy --strict; `-- --fix` fixes what can be fixed."""
    parser = Parser("lint", "ruff check, ruff format and mypy --strict, always anew.")
    parser.add_argument("--fix", action="store_true", help="fix what can be fixed, one after the other")
    add_run_options(parser)
    with reported_errors(session, as_json="--json" in session.posargs):
        arguments = parser.parse(session.posargs)
        if arguments.help_shown:
            return
        from nox_rings_dev.checks import run_checks, tool_commands

        fix = arguments.fix
        arguments.jobs = 1 if fix else arguments.jobs
        with open_run(arguments) as run:
            commands = tool_commands(
                run,
                ("ruff", "check", *(("--fix",) if fix else ()), "."),
                ("ruff", "format", *(() if fix else ("--check",)), "."),
                ("mypy",),
            )
            ok = run_checks(run, arguments, commands)
    if not ok:
        session.error()
