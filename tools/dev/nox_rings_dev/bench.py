"""`nox -s bench`: what the sessions cost, measured by the package `benchmarks`."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

import nox_rings
import nox_rings_dev
from nox_rings.engine.errors import CommandFailedError, StepFailedError, UsageError
from nox_rings.sessions.arguments import Parser, positive
from nox_rings.sessions.frame import open_run, reported_errors

if TYPE_CHECKING:
    import nox

    from nox_rings.engine.layout import Layout
    from nox_rings.engine.process.command import Command

PACKAGE = "nox_rings_dev.benchmarks"
DESCRIPTION = """\
Runs pairs of commands alternately, ours and the same work by hand, and prints the median of their
ratios. Fails where one exceeds its bound. A busy machine makes both slow; a quiet one gives better figures."""
EXAMPLES = """\
examples:
  nox -s bench -- --list
  nox -s bench -- noop-proto --rounds 31"""


def bench(session: nox.Session) -> None:
    """Measure sessions side by side with the same work without them, `-- NAME…` or all."""
    parser = Parser("bench", DESCRIPTION)
    parser.epilog = EXAMPLES
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks (default: all)")
    parser.add_argument("--list", action="store_true", help="the benchmarks, what they compare, and their bounds")
    parser.add_argument("--rounds", type=positive, metavar="N", help="pairs that count (default: its own number each)")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output instead of lines")
    with reported_errors(session, as_json="--json" in session.posargs):
        arguments = parser.parse(session.posargs)
        if not arguments.help_shown and not _run(arguments):
            session.error()


def _run(arguments: Namespace) -> bool:
    """Whether every ratio is within its bound."""
    out = sys.stderr if arguments.json else sys.stdout
    with open_run(arguments) as run:
        figures = run.layout.own / "bench.json"
        figures.parent.mkdir(exist_ok=True)
        figures.unlink(missing_ok=True)
        try:
            run.runner.run(_command(arguments, run.layout, figures), out.buffer)
        except CommandFailedError as error:
            exit_code = error.command_exit_code
        else:
            exit_code = 0
    if arguments.json:
        if not figures.is_file():
            raise StepFailedError("bench: found no figures, expected some; standard error has the reason")
        print(figures.read_text(encoding="utf-8"), end="", flush=True)
    if exit_code == UsageError.exit_code:
        raise SystemExit(exit_code)
    return exit_code == 0


def _command(arguments: Namespace, layout: Layout, figures: Path) -> Command:
    """In nox's own Python, which has all that nox-rings needs. `uvx nox` has not installed nox-rings itself."""
    from nox_rings.engine.process.command import Command

    words = [*arguments.names]
    words += ["--list"] if arguments.list else []
    words += ["--rounds", str(arguments.rounds)] if arguments.rounds else []
    words += ["--json", str(figures)] if arguments.json else []
    folders = (str(Path(file).parents[1]) for file in (nox_rings.__file__, nox_rings_dev.__file__))
    environment = {"PYTHONPATH": os.pathsep.join(folders)}
    argv = (sys.executable, "-m", PACKAGE, *words)
    return Command(argv=argv, cwd=layout.root, env=environment, description="benchmarks")
