"""What comes after `--`: one small argparse a session, with one-line errors."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from nox_rings.engine.errors import UsageError

NAMES_SHOWN = 12


class Parser(argparse.ArgumentParser):
    """`prog` is what the user typed; errors are raised, and an unknown option names the nearest one there is."""

    def __init__(self, session: str, description: str) -> None:
        super().__init__(
            prog=f"nox -s {session} --",
            description=description,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.session = session

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.session}: {message}", hint=f"nox -s {self.session} -- --help")

    def parse(self, posargs: Sequence[str]) -> argparse.Namespace:
        """Raises UsageError for what is not known, and SystemExit(0) never: `--help` sets `help_shown`."""
        if {"-h", "--help"} & set(posargs):
            self.print_help()
            sys.stdout.flush()
            return argparse.Namespace(help_shown=True)
        arguments, unknown = self.parse_known_intermixed_args(list(posargs))
        if unknown:
            known = [text for action in self._actions for text in action.option_strings]
            self.error(f"found the unknown argument {unknown[0]}; {nearest(unknown[0].partition('=')[0], known)}")
        arguments.help_shown = False
        return arguments


def nearest(word: str, known: Sequence[str]) -> str:
    """`did you mean X?`, or what is known."""
    import difflib  # only for a mistake

    close = difflib.get_close_matches(word, known, n=1)
    if close:
        return f"did you mean {close[0]}?"
    more = f" and {len(known) - NAMES_SHOWN} more" if len(known) > NAMES_SHOWN else ""
    return f"expected one of {', '.join(sorted(known)[:NAMES_SHOWN])}{more}"


def add_run_options(parser: Parser) -> None:
    """The options every session that runs targets takes."""
    group = parser.add_argument_group("how to run")
    group.add_argument("--dry-run", action="store_true", help="print the exact commands and run none")
    group.add_argument("--force", action="store_true", help="run the chosen targets even where they are fresh")
    group.add_argument(
        "--trace",
        action="store_true",
        help="watch what runs with strace: reads that no input covers and writes beside the outputs are failures; "
        "with --force what is fresh is watched too",
    )
    group.add_argument(
        "--keep-going", action="store_true", help="go on after a failure with what does not depend on it"
    )
    group.add_argument(
        "--jobs",
        type=positive,
        metavar="N",
        default=guessed_jobs(os.cpu_count() or 1),
        help="targets at once (default: %(default)s, guessed from the cores)",
    )
    add_reading_options(group)
    group.add_argument(
        "--strict-env",
        action="store_true",
        default=os.environ.get("NOX_RINGS_STRICT_ENV") == "1",
        help="hide from commands every variable that is neither declared nor needed to find programs and servers "
        "(also NOX_RINGS_STRICT_ENV=1; docs/freshness.md)",
    )


def add_reading_options(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Those of a session that only looks, too."""
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output instead of lines")
    parser.add_argument(
        "--allow-shallow",
        action="store_true",
        help="where this clone lacks history or tags, let versions count from what it has; the summary says so",
    )
    parser.add_argument(
        "--system-tools",
        action="store_true",
        default=os.environ.get("NOX_RINGS_TOOLS") == "system",
        help="use the tools on PATH where they satisfy the minimum versions (also NOX_RINGS_TOOLS=system)",
    )


def guessed_jobs(cores: int) -> int:
    """A little more than the cores, because targets wait for disks, sockets and clocks too. The numbers are those of
    ninja (GuessParallelism in its src/ninja.cc)."""
    return cores + 1 if cores < 3 else cores + 2


def positive(text: str) -> int:
    """The type of an argument that counts something."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text}, expected 1 or more")
    return int(text)
