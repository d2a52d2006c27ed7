"""The repository itself: lint and tests of the Python code that makes the sessions."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.sessions.arguments import Parser, add_run_options
from nox_rings.sessions.frame import open_run, reported_errors

if TYPE_CHECKING:
    from argparse import Namespace

    import nox

TEST_FOLDERS = {"unit": "tests/unit", "real": "tests/real"}


def lint(session: nox.Session) -> None:
    """Check the Python code with ruff and mypy --strict; `-- --fix` mends what can be mended."""
    parser = Parser("lint", "ruff check, ruff format and mypy --strict, always anew.")
    parser.add_argument("--fix", action="store_true", help="mend what can be mended, one after the other")
    add_run_options(parser)
    with reported_errors(session, as_json="--json" in session.posargs):
        arguments = parser.parse(session.posargs)
        if not arguments.help_shown:
            fix = arguments.fix
            arguments.jobs = 1 if fix else arguments.jobs
            _check(
                session,
                arguments,
                ("ruff", "check", *(("--fix",) if fix else ()), "."),
                ("ruff", "format", *(() if fix else ("--check",)), "."),
                ("mypy",),
            )


def tests(session: nox.Session) -> None:
    """Run the tests: unit tests and those with the real tools; `-- unit`, `-- real` or pytest's own arguments."""
    known = ", ".join(TEST_FOLDERS)
    parser = Parser("tests", f"pytest over {known} (default: both). What follows a second -- goes to pytest as it is.")
    parser.add_argument("which", nargs="*", metavar="WHICH", help=f"{known}, or a path below tests/")
    add_run_options(parser)
    ours, pytest = _split(session.posargs)
    with reported_errors(session, as_json="--json" in ours):
        arguments = parser.parse(ours)
        if not arguments.help_shown:
            chosen = [TEST_FOLDERS.get(word, word) for word in arguments.which] or list(TEST_FOLDERS.values())
            for path in chosen:
                if not Path(path.partition("::")[0]).exists():
                    parser.error(f"found no tests at {path}; expected {known} or a path")
            _check(session, arguments, ("pytest", *chosen, *pytest))


def _split(posargs: list[str]) -> tuple[list[str], list[str]]:
    """Our arguments, and those after a second `--`."""
    at = posargs.index("--") if "--" in posargs else len(posargs)
    return posargs[:at], posargs[at + 1 :]


def _check(session: nox.Session, arguments: Namespace, *calls: tuple[str, ...]) -> None:
    from nox_rings.engine.process.command import Command
    from nox_rings.sessions.checks import run_checks

    with open_run(arguments) as run:
        tools = tuple(dict.fromkeys(call[0] for call in calls))
        environment = run.tools().environment(*tools)
        root = run.layout.root
        commands = [Command(argv=call, cwd=root, env=environment, description=" ".join(call[:2])) for call in calls]
        if arguments.dry_run:
            print("\n".join(command.render(root, with_path=True) for command in commands))
            return
        run.tools().require(*tools)
        out = sys.stderr if arguments.json else sys.stdout
        results = run_checks(run, commands, jobs=arguments.jobs, out=out)
    ok = all(result.exit_code == 0 for result in results)
    if arguments.json:
        print(json.dumps({"ok": ok, "checks": [result.as_json() for result in results]}, indent=2))
    for result in results:
        if result.exit_code:
            repeat = result.command.render(with_path=True)
            print(f"{result.command.description} ended with exit code {result.exit_code}\n  try: {repeat}", file=out)
    if not ok:
        session.error()
