"""One target under the tracer: its commands are traced, and what they used is compared with what it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.findings import Finding
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.store.trees import empty_folder
from nox_rings.tracing.accesses import Accesses
from nox_rings.tracing.judging import (
    STRAY_WRITE,
    UNDECLARED_READ,
    Allowed,
    Seen,
    Wording,
    findings_of,
    stray_writes,
    undeclared_reads,
)
from nox_rings.tracing.lines import parse_calls
from nox_rings.tracing.runner import TracingRunner
from nox_rings.tracing.used import UsedFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """What all targets of a run share: `program` is the tracer, `list_files` what git lists now; commands that are
    `exempt` are not traced."""

    root: Path
    runner: Runner
    program: str
    list_files: Callable[[], tuple[str, ...]]
    exempt: Callable[[Command], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """About a target: its id, and the edit that declares a path as read or as written by it."""

    target_id: str
    declare_read: Callable[[str], str]
    declare_written: Callable[[str], str]


class TracedTarget:
    """An `Observation`. `allowed` is asked for after the last step, because outputs are then there."""

    def __init__(self, tracing: Tracing, folder: Path, advice: Advice, allowed: Callable[[], Allowed]) -> None:
        self._tracing, self._advice, self._allowed = tracing, advice, allowed
        self._listed = tracing.list_files()
        self.runner = TracingRunner(tracing.runner, tracing.program, empty_folder(folder), exempt=tracing.exempt)

    def findings(self) -> tuple[Finding, ...]:
        """Without any the traces are removed."""
        used = self._used()
        root = self._tracing.root
        seen = Seen(
            read=used.read,
            written=used.written,
            removed=used.removed,
            listed=frozenset((*self._listed, *self._tracing.list_files())),
            is_there=lambda path: (root / path).is_symlink() or (root / path).is_file(),
        )
        found = tuple(self._reported(seen, self._allowed()))
        if not found:
            for trace in self.runner.traces:
                trace.file.unlink(missing_ok=True)
        return found

    def _reported(self, seen: Seen, allowed: Allowed) -> Iterator[Finding]:
        advice = self._advice
        of_reads = Wording(
            UNDECLARED_READ,
            lambda program: (
                f"{advice.target_id}: {program} read it, and no input or dependency of the target covers it"
            ),
            advice.declare_read,
        )
        of_writes = Wording(
            STRAY_WRITE,
            lambda program: f"{advice.target_id}: {program} wrote it, and it is no output of the target",
            advice.declare_written,
        )
        yield from findings_of(undeclared_reads(seen, allowed), of_reads)
        yield from findings_of(stray_writes(seen, allowed), of_writes)

    def _used(self) -> UsedFiles:
        """Raises StepFailedError where a command left no trace: then nothing is known about it."""
        used = UsedFiles(str(self._tracing.root.resolve()))
        for trace in self.runner.traces:
            try:
                with trace.file.open(encoding="utf-8", errors="surrogateescape") as lines:
                    calls = parse_calls(lines)
            except OSError as error:
                raise StepFailedError(f"{trace.file}: found no trace of {trace.command.render()}") from error
            if not calls:
                raise StepFailedError(f"{trace.file}: found an empty trace of {trace.command.render()}")
            program = Path(trace.command.argv[0]).name
            used.add(Accesses(cwd=str(trace.command.cwd.resolve()), program=program).of(calls))
        return used
