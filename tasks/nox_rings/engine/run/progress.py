"""Progress reports: a live line per running target on a terminal, plain lines elsewhere, nothing but JSON for
machines."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Protocol

from nox_rings.engine.plan.reasons import Reason
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.run.report import Outcome, TargetResult

if TYPE_CHECKING:
    from rich.console import RenderableType

MARK = {Outcome.DONE: "✓", Outcome.FAILED: "✗", Outcome.FRESH: "·", Outcome.NOT_RUN: "-"}
STYLE = {Outcome.DONE: "green", Outcome.FAILED: "bold red", Outcome.FRESH: "dim", Outcome.NOT_RUN: "yellow"}


class Reporter(Protocol):
    def started(self, target: Target, reason: Reason) -> None: ...
    def step(self, target: Target, text: str) -> None: ...
    def note(self, target: Target | None, text: str) -> None: ...
    def finished(self, result: TargetResult) -> None: ...
    def close(self) -> None: ...


def choose_reporter(*, json: bool) -> Reporter:
    if json:
        return SilentReporter()
    return LiveReporter() if sys.stdout.isatty() else PlainReporter()


class SilentReporter:
    """For --json: standard output belongs to the document; long waits are reported on standard error."""

    def started(self, target: Target, reason: Reason) -> None: ...

    def step(self, target: Target, text: str) -> None: ...

    def note(self, target: Target | None, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def finished(self, result: TargetResult) -> None: ...

    def close(self) -> None: ...


class PlainReporter:
    """One line an event, without colour, in the order things happen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def _line(self, text: str) -> None:
        with self._lock:
            print(text, flush=True)

    def started(self, target: Target, reason: Reason) -> None:
        self._line(f"▶ {target.id}  ({reason})")

    def step(self, target: Target, text: str) -> None: ...

    def note(self, target: Target | None, text: str) -> None:
        self._line(f"  {target.id}: {text}" if target else f"  {text}")

    def finished(self, result: TargetResult) -> None:
        if result.outcome in (Outcome.DONE, Outcome.FAILED):
            self._line(f"{MARK[result.outcome]} {result.target.id}  {result.outcome} in {result.seconds:.1f} s")

    def close(self) -> None: ...


class LiveReporter:
    """Finished targets scroll by above one live line for each running one."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self._lock = threading.Lock()
        self._console = Console()
        self._running: dict[str, tuple[float, str]] = {}
        self._live = Live(get_renderable=self._lines, console=self._console, refresh_per_second=8, transient=True)
        self._live.start()

    def _lines(self) -> RenderableType:
        from rich.spinner import Spinner
        from rich.table import Table

        now = time.monotonic()
        table = Table.grid(padding=(0, 1))
        with self._lock:
            for target_id, (began, doing) in self._running.items():
                table.add_row(
                    Spinner("dots"),
                    f"[bold]{target_id}[/]",
                    f"{now - began:5.1f} s",
                    _shortened(doing, self._console.width),
                )
        return table

    def started(self, target: Target, reason: Reason) -> None:
        with self._lock:
            self._running[target.id] = (time.monotonic(), str(reason))

    def step(self, target: Target, text: str) -> None:
        with self._lock:
            if target.id in self._running:
                self._running[target.id] = (self._running[target.id][0], text)

    def note(self, target: Target | None, text: str) -> None:
        self._console.print(f"  {target.id}: {text}" if target else f"  {text}", markup=False, highlight=False)

    def finished(self, result: TargetResult) -> None:
        with self._lock:
            self._running.pop(result.target.id, None)
        if result.outcome in (Outcome.DONE, Outcome.FAILED):
            self._console.print(
                f"{MARK[result.outcome]} {result.target.id}  {result.seconds:.1f} s  ({result.reason})",
                style=STYLE[result.outcome],
                markup=False,
                highlight=False,
            )

    def close(self) -> None:
        self._live.stop()


def _shortened(text: str, width: int) -> str:
    from rich.markup import escape

    room = max(20, width - 45)
    first = text.splitlines()[0] if text else ""
    return escape(first if len(first) <= room else f"{first[: room - 1]}…")
