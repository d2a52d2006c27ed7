"""Carries a plan out: one process, a few threads, dependencies first.

A target with problems fails without a step, and stops nothing but what depends on it. The first failure of another
stops new work, unless `keep_going`, and lets running work end. Before a target runs it is compared once more: where its
dependencies came out as they were, it is fresh after all."""

from __future__ import annotations

import queue
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import IO

from nox_rings.engine.errors import NoxRingsError, RunInterruptedError, StepFailedError, WorkspaceInvalidError
from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.plan import Plan, PlannedTarget, Purpose
from nox_rings.engine.plan.reasons import Reason, ReasonKind, reason_to_run
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.reading import expected_failure
from nox_rings.engine.run.carry_out import carry_out_step, failed_result
from nox_rings.engine.run.observing import Observe, ObservedError
from nox_rings.engine.run.progress import Reporter
from nox_rings.engine.run.report import Outcome, RunReport, TargetResult
from nox_rings.engine.run.steps import Step, StepContext, summary_of
from nox_rings.engine.run.target_locks import TargetLocks
from nox_rings.engine.store.state import State


@dataclass(kw_only=True)
class Scheduler:
    """`facts` are what is there now, `steps` what makes a target. `environment` installs its tools and returns the
    overlay that finds them, in which `secrets` name what is never shown, and `inherited` are patterns of what its
    commands get of our own environment. `observe` watches what commands do. A check goes on after findings, and an
    observed run after what was observed, to report all of them at once."""

    graph: Graph
    layout: Layout
    state: State
    runner: Runner
    reporter: Reporter
    facts: Callable[[Target], Facts]
    steps: Callable[[Target], Sequence[Step]]
    environment: Callable[[Target], Mapping[str, str]]
    jobs: int
    secrets: tuple[str, ...] = ()
    inherited: Callable[[Target], tuple[str, ...] | None] = lambda _: None
    purpose: Purpose = Purpose.MAKE
    keep_going: bool = False
    observe: Observe | None = None
    results: dict[str, TargetResult] = field(default_factory=dict)
    _ended: queue.SimpleQueue[TargetResult | BaseException] = field(default_factory=queue.SimpleQueue)
    _state_lock: threading.Lock = field(default_factory=threading.Lock)
    _interrupted_by: int | None = None

    def __post_init__(self) -> None:
        self._locks = TargetLocks(self.layout.lock, lambda: self._interrupted_by)

    def carry_out(self, plan: Plan) -> RunReport:
        """Run what is stale. Raises RunInterruptedError after every child has ended, and any bug of ours."""
        began = time.monotonic()
        for planned in plan.fresh:
            if not planned.again:
                self._settle(self._result(planned, Outcome.FRESH))
        for planned in plan.stale:
            if error := planned.refusal or _invalid(planned.reason):
                result = failed_result(planned.target, planned.reason, error, 0.0, "")
                # What helps against a refusal is its hint: to repeat the target would be refused again.
                self._settle(result._replace(repeat=error.hint) if planned.refusal else result)
        stale: dict[str, PlannedTarget] = {
            planned.target.id: planned for planned in plan.targets if planned.runs or planned.again
        }
        sorter: TopologicalSorter[str] = TopologicalSorter(self.graph.predecessors(stale))
        sorter.prepare()
        with ThreadPoolExecutor(max_workers=max(1, len(stale)), thread_name_prefix="target") as pool:
            try:
                self._schedule(sorter, stale, pool)
            except RunInterruptedError as interruption:
                self._interrupted_by = interruption.signal_number
                self.runner.stop(interruption.signal_number)  # before the pool waits for its threads
                raise
            except BaseException:
                self._interrupted_by = signal.SIGTERM  # nobody waits for another run any more
                raise
        for target_id, planned in stale.items():
            if target_id not in self.results:
                self._settle(self._result(planned, Outcome.NOT_RUN))
        order = [planned.target.id for planned in plan.targets]
        return RunReport(tuple(self.results[each] for each in order), time.monotonic() - began)

    def _schedule(
        self, sorter: TopologicalSorter[str], stale: Mapping[str, PlannedTarget], pool: ThreadPoolExecutor
    ) -> None:
        waiting: list[str] = []
        running, failed = 0, False
        while sorter.is_active() or running:
            ready = (each for each in sorter.get_ready() if each not in self.results)
            waiting = sorted([*waiting, *ready], key=lambda each: self.graph.targets[each].rank)
            while waiting and not failed and self._has_room(waiting[0], running):
                pool.submit(self._run_and_report, stale[waiting.pop(0)])
                running += 1
            if not running:
                return
            ended = self._ended.get()
            running -= 1
            if isinstance(ended, BaseException):
                raise ended
            self._settle(ended)
            checks = ended.observed or self.purpose is Purpose.CHECK
            goes_on = ended.outcome is not Outcome.FAILED or (checks and not ended.blocking)
            failed = failed or not (goes_on or self.keep_going)
            if goes_on:
                sorter.done(ended.target.id)

    def _has_room(self, target_id: str, running: int) -> bool:
        """Some kinds run whatever the cores, because each target waits for programs of its own. Only `--jobs 1` means
        one at a time."""
        aside = self.graph.targets[target_id].kind.beside_others and self.jobs > 1
        return aside or running < self.jobs

    def _settle(self, result: TargetResult) -> None:
        self.results[result.target.id] = result
        self.reporter.finished(result)

    def _result(self, planned: PlannedTarget, outcome: Outcome) -> TargetResult:
        record = self.state.records.get(planned.target.id)
        made = record.detail if record and outcome is Outcome.FRESH else {}
        return TargetResult(target=planned.target, outcome=outcome, reason=planned.reason, detail=made)

    def _run_and_report(self, planned: PlannedTarget) -> None:
        try:
            self._ended.put(self._run(planned))
        except BaseException as error:  # handed to the main thread, which raises it
            self._ended.put(error)

    def _run(self, planned: PlannedTarget) -> TargetResult:
        target = planned.target
        needs = self.graph.closure([target.id]) - {target.id}
        with self._locks.held(target.id, needs, say=lambda text: self.reporter.note(target, text)):
            self.state.refresh((target.id, *needs))  # other runs may have made them since
            if unfinished := self._unfinished(needs):
                error = StepFailedError(
                    f"{target.id}: found {unfinished} unfinished by another nox run, expected it made; nothing was run",
                    hint="the same command again",
                )
                return failed_result(target, planned.reason, error, 0.0, "")
            now = self.facts(target)
            reason = planned.reason
            if reason.kind != ReasonKind.FORCED:
                reason = reason_to_run(target, now, self.state.records)
            if reason.kind == ReasonKind.FRESH:
                return self._result(planned, Outcome.FRESH)._replace(reason=Reason(ReasonKind.FRESH))
            if reason.kind == ReasonKind.INVALID:
                return failed_result(target, reason, WorkspaceInvalidError(reason.detail), 0.0, "")
            return self._carry_out(target, reason, now)

    def _carry_out(self, target: Target, reason: Reason, before: Facts) -> TargetResult:
        self.reporter.started(target, reason)
        log_path = self.layout.log(target.id)
        began = time.monotonic()
        try:
            if self.purpose is not Purpose.CHECK:  # which leaves the tree as it was, whatever its result
                self._save(target, Record(facts=before, finished=False))
            watching = self.observe(target, before) if self.observe else None
            with _opened(log_path) as log, ExitStack() as closing:
                context = StepContext(
                    root=self.layout.root,
                    runner=watching.runner if watching else self.runner,
                    log=log,
                    say=lambda text: self.reporter.note(target, text),
                    closing=closing,
                    environment=self.environment(target),
                    secrets=self.secrets,
                    inherited=self.inherited(target),
                )
                for step in self.steps(target):
                    self.reporter.step(target, summary_of(step))
                    carry_out_step(step, context)
            seconds = time.monotonic() - began
            record = self._record(target, before, seconds, context.detail)
            found = watching.findings() if watching else ()
            self._save(target, replace(record, finished=not found))
            if found:
                raise ObservedError(found)
        except RunInterruptedError:
            raise
        except (NoxRingsError, OSError) as raised:
            error = raised if isinstance(raised, NoxRingsError) else expected_failure(raised, self.layout.root)
            seconds = time.monotonic() - began
            text = log_path.read_text(encoding="utf-8", errors="replace") if log_path.exists() else ""
            return failed_result(target, reason, error, seconds, text)
        return TargetResult(
            target=target, outcome=Outcome.DONE, reason=reason, seconds=seconds, detail=dict(context.detail)
        )

    def _record(self, target: Target, before: Facts, seconds: float, detail: Mapping[str, str]) -> Record:
        """Inputs as they were before the run: what was edited meanwhile is seen by the next one. A fix edits them
        itself."""
        after = self.facts(target)
        outputs = after.outputs
        inputs = after.inputs if self.purpose is Purpose.FIX else before.inputs
        missing = [
            path
            for path in (() if target.listing else target.outputs)
            if not any(made == path or made.startswith(f"{path}/") for made in outputs)
        ]
        missing += [sign for sign in target.signs if not sign.endswith("/") and sign not in after.signs]
        if missing:
            raise StepFailedError(
                f"{target.id}: found nothing at {', '.join(missing)} after its steps, expected its output"
            )
        return Record(
            facts=replace(before, inputs=inputs, outputs=outputs, signs=after.signs),
            dependencies={
                other: self.state.records[other].digest for other in target.dependencies if other in self.state.records
            },
            exposed=target.exposed,
            seconds=seconds,
            detail=dict(detail),
        )

    def _unfinished(self, needs: frozenset[str]) -> str | None:
        """When a target has its turn, all it needs is made or fresh: what is unfinished then another run has begun
        since. A check records no beginning, and goes on behind findings."""
        if self.purpose is Purpose.CHECK:
            return None
        records = self.state.records
        failed = {each for each, result in self.results.items() if result.outcome is Outcome.FAILED}  # and observed
        left = (each for each in sorted(needs - failed) if each in records and not records[each].finished)
        return next(left, None)

    def _save(self, target: Target, record: Record) -> None:
        with self._state_lock:
            self.state.save_record(target.id, record)


def _invalid(reason: Reason) -> NoxRingsError | None:
    return WorkspaceInvalidError(reason.detail) if reason.kind == ReasonKind.INVALID else None


def _opened(log_path: Path) -> IO[bytes]:
    """Raises StepFailedError where no log can be written."""
    try:
        log_path.parent.mkdir(parents=True, exist_ok=True)
        return log_path.open("w+b")
    except OSError as error:
        hint = f"ls -ld {log_path.parent}; df -h {log_path.parent}"
        raise StepFailedError(f"{log_path}: the log cannot be written: {error.strerror or error}", hint=hint) from error
