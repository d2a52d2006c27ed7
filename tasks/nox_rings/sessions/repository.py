"""The repository itself: lint and tests of the Python code that makes the sessions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.sessions.arguments import Parser
from nox_rings.sessions.frame import open_workbench, reported_errors

if TYPE_CHECKING:
    from argparse import Namespace

    import nox

    from nox_rings.process import Command

TEST_FOLDERS = {"unit": "tests/unit", "real": "tests/real"}


def lint(session: nox.Session) -> None:
    """Check the Python code with ruff and mypy --strict; `-- --fix` mends what can be mended."""
    parser = Parser("lint", "ruff check, ruff format and mypy --strict.")
    parser.add_argument("--fix", action="store_true", help="mend what can be mended")
    with reported_errors(session, as_json=False):
        arguments = parser.parse(session.posargs)
        if not arguments.help_shown:
            fix = arguments.fix
            _run_all(
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
    with reported_errors(session, as_json=False):
        ours, _, pytest = _split(session.posargs)
        arguments = parser.parse(ours)
        if not arguments.help_shown:
            chosen = [TEST_FOLDERS.get(word, word) for word in arguments.which] or list(TEST_FOLDERS.values())
            for path in chosen:
                if not Path(path).exists():
                    parser.error(f"found no tests at {path}; expected {known} or a path")
            _run_all(arguments, ("pytest", *chosen, *pytest))


def _split(posargs: list[str]) -> tuple[list[str], str, list[str]]:
    if "--" not in posargs:
        return posargs, "", []
    at = posargs.index("--")
    return posargs[:at], "--", posargs[at + 1 :]


def _run_all(arguments: Namespace, *commands: tuple[str, ...]) -> None:
    """Run each with its output on ours; the first that fails ends it."""
    import sys

    from nox_rings.process import Command

    with open_workbench(arguments) as bench:
        tools = tuple(dict.fromkeys(command[0] for command in commands))
        bench.toolchain.require(*tools)
        environment = bench.toolchain.environment(*tools)
        for argv in commands:
            command: Command = Command(argv=argv, cwd=Path.cwd(), env=environment, description=argv[0])
            print(f"$ {command.render(Path.cwd())}", flush=True)
            bench.runner.run(command, sys.stdout.buffer)
