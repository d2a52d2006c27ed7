"""What every session that runs targets shares: gather facts, plan, show the plan or carry it out, report."""

from __future__ import annotations

import gc
import json
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from nox_rings.engine.errors import NoxRingsError, RunInterruptedError, UsageError
from nox_rings.sessions.arguments import Parser
from nox_rings.sessions.output import forgiving_streams

if TYPE_CHECKING:
    import nox

    from nox_rings.engine.plan.plan import Plan
    from nox_rings.engine.run.report import RunReport
    from nox_rings.sessions.run import Run

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen ids; what they depend on is added, and --force means them alone. `empty` is the sentence for a selection
    of none, which is no failure."""

    ids: tuple[str, ...]
    empty: str = "found nothing to build"


Select = Callable[["Run", Namespace], Selection]


def run_targets(session: nox.Session, parser: Parser, select: Select) -> None:
    """Parse what came after `--`, plan the selection and carry it out. Ends the nox session on any expected error."""
    as_json = "--json" in session.posargs
    with reported_errors(session, as_json=as_json):
        arguments = parser.parse(session.posargs)
        if not arguments.help_shown:
            run_parsed(session, arguments, select)


def run_parsed(session: nox.Session, arguments: Namespace, select: Select) -> None:
    """`run_targets` for a session that parses its arguments itself, inside `reported_errors`."""
    from nox_rings.engine.run.show import print_report

    began = time.monotonic()
    with open_run(arguments) as run:
        selection, plan = planned(run, arguments, select)
        if not selection.ids and not arguments.json:
            print(selection.empty)
            return
        if arguments.dry_run:
            from nox_rings.engine.run.dry_run import print_dry_run

            print_dry_run(run, run.layout.root, plan, as_json=arguments.json)
            return
        report = carried_out(run, plan, arguments, began=began)._replace(notes=run.notes)
        print_report(report, as_json=arguments.json, asked=selection.ids)
    if not report.ok:
        sys.stdout.flush()
        session.error()


def planned(run: Run, arguments: Namespace, select: Select) -> tuple[Selection, Plan]:
    """From one look at the files."""
    with run.digests.one_look():
        selection = select(run, arguments)
        forced: Collection[str] = selection.ids if arguments.force else ()
        return selection, run.planner().plan(selection.ids, forced=forced)


def carried_out(run: Run, plan: Plan, arguments: Namespace, *, began: float) -> RunReport:
    """`began` is when the session first read the workspace, on the monotonic clock."""
    from nox_rings.engine.run.report import Outcome, RunReport, TargetResult

    if not plan.stale:
        records = run.state.records
        return RunReport(
            tuple(
                TargetResult(
                    target=each.target,
                    outcome=Outcome.FRESH,
                    reason=each.reason,
                    detail=records[each.target.id].detail,
                )
                for each in plan.fresh
            ),
            time.monotonic() - began,
        )
    gc.enable()
    return run.carry_out(
        plan,
        jobs=arguments.jobs,
        as_json=arguments.json,
        keep_going=arguments.keep_going,
        trace=arguments.trace,
    )


@contextmanager
def open_run(arguments: Namespace) -> Iterator[Run]:
    """The workspace nox runs in (nox changes to the noxfile's folder). No child outlives this block."""
    from nox_rings.engine.plan.plan import Intent, Purpose
    from nox_rings.sessions.children import new_runner
    from nox_rings.sessions.run import Run

    runner = new_runner()
    with _signals_raise(), _no_collection():
        try:
            system = getattr(arguments, "system_tools", False)
            intent = Intent(
                purpose=getattr(arguments, "purpose", Purpose.MAKE),
                against=getattr(arguments, "against", ""),
                allow_shallow=getattr(arguments, "allow_shallow", False),
            )
            yield Run(
                Path.cwd(),
                runner,
                tools_source="system" if system else "pinned",
                intent=intent,
                strict_environment=getattr(arguments, "strict_env", False),
            )
        except RunInterruptedError as interruption:
            runner.stop(interruption.signal_number)
            raise
        finally:
            runner.close()


@contextmanager
def _no_collection() -> Iterator[None]:
    """A plan makes many values and drops few: to look for cycles among them takes a tenth of its time, and a last look
    at all of them when the process ends as long again. What is carried out afterwards takes long, and collects."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


@contextmanager
def _signals_raise() -> Iterator[None]:
    """nox leaves SIGTERM and SIGHUP alone, and kills only its direct child on SIGINT (facts/tools.md §1.3)."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise RunInterruptedError(number)

    before = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        for number in SIGNALS:
            if before[number] is not signal.SIG_IGN:
                signal.signal(number, interrupt)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _expected(error: OSError) -> NoxRingsError:
    """Raises the error itself where it is a bug of ours."""
    from nox_rings.engine.reading import expected_failure

    return expected_failure(error, Path.cwd())


@contextmanager
def reported_errors(session: nox.Session, *, as_json: bool) -> Iterator[None]:
    """Expected errors are one sentence on standard error (and a document on standard output with --json).

    nox ends with 1 for a failed session; usage errors and signals end the whole run with their own code."""
    with forgiving_streams() as problem:
        try:
            yield
        except NoxRingsError as error:
            _report(session, error, as_json=as_json)
        except OSError as error:
            _report(session, _expected(error), as_json=as_json)
        if text := problem():
            print(text, file=sys.stderr, flush=True)
            session.error()


def _report(session: nox.Session, error: NoxRingsError, *, as_json: bool) -> NoReturn:
    if as_json:
        shown = {"family": error.family, "message": error.message, "hint": error.hint}
        print(json.dumps({"ok": False, "error": shown}, indent=2))
    sys.stdout.flush()
    print(error, file=sys.stderr, flush=True)
    if isinstance(error, RunInterruptedError):
        raise SystemExit(128 + error.signal_number) from None
    if isinstance(error, UsageError):
        raise SystemExit(error.exit_code) from None
    session.error()
