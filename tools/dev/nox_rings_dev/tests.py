"""`nox -s tests`."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.sessions.arguments import Parser, add_run_options
from nox_rings.sessions.frame import open_run, reported_errors

if TYPE_CHECKING:
    import nox

PARTS = {"unit": "tests/unit", "real": "tests/real"}
# The unit tests run on it too, beside the Python that runs nox: threads and cached properties changed between them.
OTHER_PYTHON = "3.13"
EXAMPLES = """\
examples:
  nox -s tests                              both parts, and the unit part again on another Python
  nox -s tests -- --all                     and what takes an hour
  nox -s tests -- unit --python 3.13
  nox -s tests -- real --all --seed 7       long random runs and grids too, from the seed that a run printed
  nox -s tests -- tests/unit/workspace -- -k config --pdb"""


def tests(session: nox.Session) -> None:
    """Run the tests: unit tests and those with the real tools; `-- unit`, `-- real` or pytest's own arguments."""
    known = ", ".join(PARTS)
    parser = Parser("tests", f"pytest over {known} (default: both). What follows a second -- goes to pytest as it is.")
    parser.epilog = EXAMPLES
    parser.add_argument("which", nargs="*", metavar="WHICH", help=f"{known}, or a path below tests/")
    parser.add_argument("--all", action="store_true", help="long random runs and grids with the real tools too: hours")
    parser.add_argument("--seed", type=int, metavar="N", help="of the random tests (default: another one each time)")
    parser.add_argument("--python", metavar="VERSION", help="run on this Python, which uv finds or brings")
    add_run_options(parser)
    parser.set_defaults(jobs=os.cpu_count() or 1)
    ours, pytest = _split(session.posargs)
    ok = True
    with reported_errors(session, as_json="--json" in ours):
        arguments = parser.parse(ours)
        if not arguments.help_shown:
            for path in _paths(arguments):
                if not Path(path.partition("::")[0]).exists():
                    parser.error(f"found no tests at {path}; expected {known} or a path")
            ok = _run(arguments, pytest)
    if not ok:
        session.error()


def _split(posargs: list[str]) -> tuple[list[str], list[str]]:
    """Our arguments, and those after a second `--`."""
    at = posargs.index("--") if "--" in posargs else len(posargs)
    return posargs[:at], posargs[at + 1 :]


def _paths(arguments: Namespace) -> list[str]:
    return [PARTS.get(word, word) for word in arguments.which] or list(PARTS.values())


def _run(arguments: Namespace, pytest: list[str]) -> bool:
    """Whether all passed. What did not run for lack of a Python is printed last, where it is seen."""
    from nox_rings_dev.checks import run_checks, tool_commands
    from nox_rings_dev.pythons import command_on, has_python

    not_run = ""
    with open_run(arguments) as run:
        options = [*_of_real_tests(arguments), *pytest]
        call = ("pytest", *_workers(arguments.which, arguments.jobs), *_paths(arguments), *options)
        python = arguments.python
        commands = [command_on(run, python, call)] if python else [*tool_commands(run, call)]
        if _runs_unit_part_again(arguments):
            if has_python(run, OTHER_PYTHON):
                again = ("pytest", *_workers(["unit"], arguments.jobs), PARTS["unit"], *pytest)
                commands.append(command_on(run, OTHER_PYTHON, again))
            else:
                not_run = f"NOT RUN: the unit tests on Python {OTHER_PYTHON}; uv finds none and can bring none"
        arguments.jobs = 1  # one call after the other, each with its workers
        ok = run_checks(run, arguments, commands)
    if not_run:
        print(f"{not_run}\n  try: uv python install {OTHER_PYTHON}", file=sys.stderr)
    return ok


def _of_real_tests(arguments: Namespace) -> list[str]:
    """Options of tests/real/conftest.py."""
    if not any(path.startswith(PARTS["real"]) for path in _paths(arguments)):
        return []
    seed = [] if arguments.seed is None else ["--seed", str(arguments.seed)]
    return [*(["--all"] if arguments.all else []), *seed]


def _workers(which: list[str], jobs: int) -> tuple[str, ...]:
    """A worker a core for whole parts; a path stays in one process, for a debugger and for output as it comes."""
    whole = jobs > 1 and all(word in PARTS for word in which)
    # tests/real/groups.py puts long groups first; xdist would order them by their number of tests.
    return ("-n", str(jobs), "--dist", "loadscope", "--no-loadscope-reorder") if whole else ()


def _runs_unit_part_again(arguments: Namespace) -> bool:
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    return not arguments.which and not arguments.python and running != OTHER_PYTHON
