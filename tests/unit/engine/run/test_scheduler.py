"""The executor with real threads, a real state file and steps in Python instead of commands."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import pytest

from nox_rings.engine.errors import CommandFailedError, RunInterruptedError, StepFailedError
from nox_rings.engine.findings import Finding
from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.graph import Graph, graph_of
from nox_rings.engine.plan.plan import Plan, Purpose, plan_targets
from nox_rings.engine.plan.reasons import Reason
from nox_rings.engine.plan.records import Facts
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed, ProcessRunner
from nox_rings.engine.run.observing import Observe
from nox_rings.engine.run.report import Outcome, RunReport, TargetResult
from nox_rings.engine.run.scheduler import Scheduler
from nox_rings.engine.run.steps import Action, Explained, FindingsError, Inspection, Step, StepContext
from nox_rings.engine.run.target_locks import TargetLocks
from nox_rings.engine.store.state import load_state
from nox_rings.schema.findings import FindingKind
from unit.targets import a_target

PATIENCE_SECONDS = 60.0  # only for what never comes


@dataclass
class Listener:
    """A reporter that keeps what is reported; `on_finished` is called in the main thread."""

    started_ids: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    finished_ids: list[str] = field(default_factory=list)
    on_finished: Callable[[TargetResult], None] = lambda result: None
    on_note: Callable[[], None] = lambda: None

    def started(self, target: Target, reason: Reason) -> None:
        self.started_ids.append(target.id)

    def step(self, target: Target, text: str) -> None:
        self.steps.append(f"{target.id} {text}")

    def note(self, target: Target | None, text: str) -> None:
        self.notes.append(text)
        self.on_note()

    def finished(self, result: TargetResult) -> None:
        self.finished_ids.append(result.target.id)
        self.on_finished(result)

    def close(self) -> None: ...


class StoppableRunner(ProcessRunner):
    """Records when it was asked to end its children."""

    def __init__(self) -> None:
        super().__init__()
        self.was_stopped = threading.Event()

    def stop(self, signal_number: int, grace_seconds: float = 0.0) -> None:
        self.was_stopped.set()


class AnsweringRunner(StoppableRunner):
    """Knows what each command prints and its exit code, by its last word."""

    def __init__(self, **answers: tuple[str, int]) -> None:
        super().__init__()
        self._answers = answers
        self.asked: list[list[str]] = []

    def ask_all(self, commands: Sequence[Command]) -> list[Completed]:
        self.asked.append([command.render(Path("/w")) for command in commands])
        answers = [self._answers[command.argv[-1]] for command in commands]
        return [Completed(exit_code=exit_code, stdout=text, stderr="") for text, exit_code in answers]

    def run(self, command: Command, log: IO[bytes]) -> None:
        text, exit_code = self._answers[command.argv[-1]]
        log.write(text.encode())
        if exit_code:
            raise CommandFailedError(f"it ended with exit code {exit_code}", repeat="again", exit_code=exit_code)


class Watching:
    """An observation whose findings are given; `asked_after` is what had ended when they were asked for."""

    def __init__(self, runner: StoppableRunner, *paths: str) -> None:
        self.runner = runner
        self.paths = paths
        self.asked_after: list[str] = []
        self.ended: list[str] = []

    def findings(self) -> tuple[Finding, ...]:
        self.asked_after = list(self.ended)
        return tuple(Finding(kind="undeclared-read", path=path, message="x read it", fix="y") for path in self.paths)


class World:
    """A workspace in memory: what each target reads and writes, and what its step does."""

    def __init__(self, root: Path, *targets: Target) -> None:
        self.layout = Layout(root)
        self.graph: Graph = graph_of(targets)[0]
        self.inputs = dict.fromkeys(self.graph.targets, "1")
        self.outputs: dict[str, dict[str, str]] = {each: {} for each in self.graph.targets}
        self.does: dict[str, Callable[[StepContext], None]] = {}
        self.first: dict[str, tuple[Step, ...]] = {}
        self.ran: list[str] = []
        self.listener = Listener()
        self.runner = StoppableRunner()
        self.environment: Mapping[str, str] = {}

    def facts(self, target: Target) -> Facts:
        return Facts(inputs={f"{target.id}.txt": self.inputs[target.id]}, outputs=dict(self.outputs[target.id]))

    def steps(self, target: Target) -> tuple[Step, ...]:
        def act(context: StepContext) -> None:
            self.ran.append(target.id)
            if target.id in self.does:
                self.does[target.id](context)
            self.outputs[target.id].update(
                {path: f"of {self.inputs[target.id].partition(' ')[0]}" for path in target.outputs if path != "never"}
            )

        return (*self.first.get(target.id, ()), Action(description="act", act=act))

    def plan(self, selected: Iterable[str] = (), forced: tuple[str, ...] = ()) -> Plan:
        chosen = tuple(selected) or tuple(self.graph.targets)
        facts = {target_id: self.facts(target) for target_id, target in self.graph.targets.items()}
        return plan_targets(self.graph, chosen, facts=facts, records=load_state(self.layout).records, forced=forced)

    def run(
        self,
        plan: Plan | None = None,
        *,
        jobs: int = 1,
        purpose: Purpose = Purpose.MAKE,
        keep_going: bool = False,
        observe: Observe | None = None,
    ) -> RunReport:
        """Plan and carry out as one nox session would: with the state as it is on the disk."""
        self.ran.clear()
        executor = Scheduler(
            graph=self.graph,
            layout=self.layout,
            state=load_state(self.layout),
            runner=self.runner,
            reporter=self.listener,
            facts=self.facts,
            steps=self.steps,
            environment=lambda _: self.environment,
            jobs=jobs,
            purpose=purpose,
            keep_going=keep_going,
            observe=observe,
        )
        return executor.carry_out(plan or self.plan())


def target(target_id: str, *dependencies: str, outputs: tuple[str, ...] = (), problems: tuple[str, ...] = ()) -> Target:
    return a_target(target_id, path=target_id, dependencies=dependencies, outputs=outputs, problems=problems)


def outcomes(report: RunReport) -> dict[str, str]:
    return {result.target.id: str(result.outcome) for result in report.results}


def fail(context: StepContext) -> None:
    context.log.write(b"line one\nline two\n")
    raise CommandFailedError("tsc ended with exit code 2", repeat="cd a && tsc", exit_code=2)


def wait_for(event: threading.Event) -> None:
    assert event.wait(PATIENCE_SECONDS)


def test_each_target_runs_after_what_it_needs(tmp_path: Path) -> None:
    world = World(tmp_path, target("a", "b"), target("b", "c", "d"), target("c"), target("d", "c"))
    assert outcomes(world.run(jobs=4)) == {"c": "done", "d": "done", "b": "done", "a": "done"}
    assert world.ran == ["c", "d", "b", "a"]


def test_with_one_job_what_is_ready_runs_in_the_order_of_the_plan(tmp_path: Path) -> None:
    world = World(tmp_path, target("c"), target("a"), target("b"))
    world.run(jobs=1)
    assert world.ran == ["a", "b", "c"]


def test_as_many_targets_run_at_once_as_there_are_jobs(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"), target("b"))
    meeting = threading.Barrier(2)

    def meet(_: StepContext) -> None:
        meeting.wait(PATIENCE_SECONDS)

    world.does = {"a": meet, "b": meet}
    assert outcomes(world.run(jobs=2)) == {"a": "done", "b": "done"}


def test_what_succeeded_is_fresh_the_next_time_and_keeps_what_it_made(tmp_path: Path) -> None:
    world = World(tmp_path, target("a", outputs=("dist/a",)))
    world.does["a"] = lambda context: context.detail.update(version="1.0.0")
    assert world.run().results[0].detail == {"version": "1.0.0"}
    again = world.run()
    assert outcomes(again) == {"a": "fresh"}
    assert again.results[0].detail == {"version": "1.0.0"}
    assert world.ran == []


def test_a_forced_target_runs_though_fresh(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"), target("b", "a"))
    world.run()
    report = world.run(world.plan(forced=("a",)))
    assert outcomes(report) == {"a": "done", "b": "fresh"}
    assert [str(result.reason) for result in report.results] == ["forced", "fresh"]


def test_a_target_is_fresh_after_all_when_its_dependency_came_out_as_it_was(tmp_path: Path) -> None:
    world = World(tmp_path, target("a", outputs=("dist/a",)), target("b", "a", outputs=("dist/b",)), target("c", "b"))
    world.run()
    world.inputs["a"] = "1 with a comment"
    assert [str(planned.reason) for planned in world.plan().targets] == [
        "input-changed: a.txt",
        "dependency: a",
        "dependency: b",
    ]
    report = world.run()
    assert outcomes(report) == {"a": "done", "b": "fresh", "c": "fresh"}
    assert [str(result.reason) for result in report.results] == ["input-changed: a.txt", "fresh", "fresh"]
    assert world.ran == ["a"]


def test_a_dependency_that_came_out_different_runs_what_is_behind_it(tmp_path: Path) -> None:
    world = World(tmp_path, target("a", outputs=("dist/a",)), target("b", "a"))
    world.run()
    world.inputs["a"] = "2"
    assert outcomes(world.run()) == {"a": "done", "b": "done"}


def test_the_first_failure_starts_nothing_new_and_lets_running_work_end(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"), target("b"), target("c"), target("d", "a"), target("e", "b"))
    b_began, a_failed = threading.Event(), threading.Event()

    def fail_once_b_runs(context: StepContext) -> None:
        wait_for(b_began)
        fail(context)

    def end_after_the_failure(context: StepContext) -> None:
        b_began.set()
        wait_for(a_failed)

    world.does = {"a": fail_once_b_runs, "b": end_after_the_failure}
    world.listener.on_finished = lambda result: a_failed.set() if result.outcome is Outcome.FAILED else None
    report = world.run(jobs=2)
    assert outcomes(report) == {"a": "failed", "b": "done", "c": "not-run", "d": "not-run", "e": "not-run"}
    assert sorted(world.ran) == ["a", "b"]
    assert not report.ok


def test_who_keeps_going_runs_all_that_does_not_depend_on_a_failure(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"), target("b", "a"), target("c"), target("d", "c"))
    world.does = {"a": fail, "d": fail}
    report = world.run(keep_going=True)
    assert outcomes(report) == {"a": "failed", "b": "not-run", "c": "done", "d": "failed"}
    assert [result.target.id for result in report.failures] == ["a", "d"]


def test_a_target_with_problems_fails_with_all_of_them_and_stops_only_what_depends_on_it(tmp_path: Path) -> None:
    broken = target("a", problems=("a/go.mod:3: found x", "a/go.mod:4: found y"))
    world = World(tmp_path, broken, target("b", "a"), target("c"), target("d", "c"))
    report = world.run()
    assert outcomes(report) == {"a": "failed", "b": "not-run", "c": "done", "d": "done"}
    (failure,) = report.failures
    assert failure.error == "2 problems in this workspace:\n  a/go.mod:3: found x\n  a/go.mod:4: found y"
    assert failure.family == "workspace"
    assert world.ran == ["c", "d"]
    assert outcomes(world.run()) == {"a": "failed", "b": "not-run", "c": "fresh", "d": "fresh"}


@pytest.mark.parametrize("built_before", [False, True])
def test_an_input_that_cannot_be_read_is_a_problem_of_its_target_alone(tmp_path: Path, built_before: bool) -> None:
    world = World(tmp_path, target("a"), target("b"), target("c", "a"))
    if built_before:
        world.run()
    world.inputs["a"] = "?17:Permission denied"
    report = world.run(keep_going=True)
    assert outcomes(report) == {"a": "failed", "b": "fresh" if built_before else "done", "c": "not-run"}
    (failure,) = report.failures
    assert (failure.reason.kind, failure.family) == ("invalid", "workspace")
    assert failure.error == "a.txt: cannot be read (Permission denied), and a needs it"
    assert "a" not in world.ran
    world.inputs["a"] = "1"
    again = "fresh" if built_before else "done"
    assert outcomes(world.run()) == {"a": again, "b": "fresh", "c": again}


def test_an_input_that_cannot_be_read_any_more_when_its_turn_comes_is_one_too(tmp_path: Path) -> None:
    world = World(tmp_path, target("b", "a"), target("a"))
    world.does["a"] = lambda _: world.inputs.update(b="?17:found a pipe, expected a file")
    report = world.run()
    assert outcomes(report) == {"a": "done", "b": "failed"}
    assert report.failures[0].error == "b.txt: cannot be read (found a pipe, expected a file), and b needs it"


def test_what_the_machine_refuses_in_a_step_is_a_sentence(tmp_path: Path) -> None:
    def refused(_: StepContext) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "made/x"))

    world = World(tmp_path, target("a"))
    world.does["a"] = refused
    (failure,) = world.run().failures
    assert failure.error == "made/x: cannot be used (No space left on device)"


def test_what_another_run_left_unfinished_is_read_by_nobody(tmp_path: Path) -> None:
    """It was fresh when this run was planned; whatever lies there now is half of it."""
    world = World(tmp_path, target("a"), target("b", "a"), target("c", "b"), target("d"))
    world.run()
    world.inputs.update(c="2", d="2")
    plan = world.plan()
    state = load_state(world.layout)
    state.save_record("a", replace(state.records["a"], finished=False))
    report = world.run(plan, keep_going=True)
    assert outcomes(report) == {"a": "fresh", "b": "fresh", "c": "failed", "d": "done"}
    (failure,) = report.failures
    assert failure.error == "c: found a unfinished by another nox run, expected it made; nothing was run"
    assert failure.repeat == "the same command again"
    assert outcomes(world.run()) == {"a": "done", "b": "fresh", "c": "done", "d": "fresh"}


def test_a_target_runs_while_nobody_makes_what_it_needs(tmp_path: Path) -> None:
    """Another run that makes `a`, through which `c` reads, is waited for; one that reads `a` too is not."""
    world = World(tmp_path, target("a"), target("b", "a"), target("c", "b"))
    world.run()
    world.inputs["c"] = "2"
    other = TargetLocks(world.layout.lock)
    with other.held("elsewhere", ["a"], say=lambda _: None):
        assert outcomes(world.run())["c"] == "done"
    world.inputs["c"] = "3"
    taken, waits = threading.Event(), threading.Event()

    def hold() -> None:
        with other.held("a", [], say=lambda _: None):
            taken.set()
            wait_for(waits)
            assert world.ran == []

    world.listener.on_note = waits.set
    thread = threading.Thread(target=hold)
    thread.start()
    wait_for(taken)
    assert outcomes(world.run())["c"] == "done"
    thread.join(PATIENCE_SECONDS)
    assert [note.partition(" has since ")[0] for note in world.listener.notes] == [
        f"waits for a, which process {os.getpid()}"
    ]


def test_what_was_not_run_keeps_its_reason_and_its_position_in_the_report(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"), target("b", "a"), target("c", "b"))
    world.run()
    world.inputs.update(b="2")
    world.does["b"] = fail
    report = world.run()
    assert [(result.target.id, str(result.outcome), str(result.reason)) for result in report.results] == [
        ("a", "fresh", "fresh"),
        ("b", "failed", "input-changed: b.txt"),
        ("c", "not-run", "dependency: b"),
    ]
    assert sorted(world.listener.finished_ids[-3:]) == ["a", "b", "c"]


def test_a_failure_has_its_sentence_the_command_again_and_the_whole_output(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"))
    world.does["a"] = fail
    (failure,) = world.run().failures
    assert (failure.error, failure.family, failure.repeat) == ("tsc ended with exit code 2", "command", "cd a && tsc")
    assert failure.output == "line one\nline two\n"
    assert world.layout.log("a").read_text() == "line one\nline two\n"


def test_the_steps_of_an_observed_target_use_the_runner_of_its_observer(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"))
    watching = Watching(StoppableRunner())
    used: list[object] = []

    def act(context: StepContext) -> None:
        used.append(context.runner)
        context.closing.callback(lambda: watching.ended.append("server"))

    world.does["a"] = act
    seen: list[tuple[str, Facts]] = []

    def observe(each: Target, before: Facts) -> Watching:
        seen.append((each.id, before))
        return watching

    assert outcomes(world.run(observe=observe)) == {"a": "done"}
    assert used == [watching.runner]
    assert watching.asked_after == ["server"]
    assert seen == [("a", Facts(inputs={"a.txt": "1"}))]
    assert outcomes(world.run()) == {"a": "fresh"}


def test_an_observed_target_with_findings_fails_and_what_depends_on_it_is_observed_too(tmp_path: Path) -> None:
    world = World(tmp_path, target("a", outputs=("dist/a",)), target("b", "a"))
    found = {"a": ("secret.txt",), "b": ()}
    report = world.run(observe=lambda each, _: Watching(world.runner, *found[each.id]))
    assert outcomes(report) == {"a": "failed", "b": "done"}
    assert [(each.path, each.kind) for each in report.findings] == [("secret.txt", "undeclared-read")]
    again = world.run()
    assert outcomes(again) == {"a": "done", "b": "fresh"}
    assert str(again.results[0].reason) == "unfinished"


def test_findings_of_a_check_in_an_observed_run_stop_what_depends_on_it(tmp_path: Path) -> None:
    def refuse(_: StepContext) -> None:
        raise FindingsError([Finding(kind="x", path="a", message="broken")])

    world = World(tmp_path, target("a"), target("b", "a"))
    world.does["a"] = refuse
    report = world.run(observe=lambda each, _: Watching(world.runner))
    assert outcomes(report) == {"a": "failed", "b": "not-run"}


def test_what_failed_runs_again_and_what_succeeded_beside_it_does_not(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"), target("b"))
    world.does["b"] = fail
    assert outcomes(world.run()) == {"a": "done", "b": "failed"}
    world.does.clear()
    report = world.run()
    assert outcomes(report) == {"a": "fresh", "b": "done"}
    assert str(report.results[1].reason) == "unfinished"


def test_steps_that_leave_no_output_are_a_failed_target_that_names_it(tmp_path: Path) -> None:
    world = World(tmp_path, target("a", outputs=("dist/a", "never")), target("b", "a"), target("c"))
    report = world.run(jobs=1)
    assert outcomes(report) == {"a": "failed", "b": "not-run", "c": "not-run"}
    (failure,) = report.failures
    assert failure.error == "a: found nothing at never after its steps, expected its output"
    assert failure.family == "step"


def test_an_output_that_is_only_possible_may_be_missing_and_counts_once_it_was_there(tmp_path: Path) -> None:
    world = World(tmp_path, replace(target("a"), possible_outputs=("dist", "never")))
    world.does["a"] = lambda _: world.outputs["a"].update({"dist/a.js": "1"})
    assert outcomes(world.run()) == {"a": "done"}
    assert outcomes(world.run()) == {"a": "fresh"}
    world.outputs["a"].clear()
    assert str(world.plan().stale[0].reason) == "output-missing: dist/a.js"


def test_a_step_of_ours_that_fails_is_reported_with_its_hint(tmp_path: Path) -> None:
    def refuse(_: StepContext) -> None:
        raise StepFailedError("no artifact", hint="nox -s sdk-ts -- --pack")

    world = World(tmp_path, target("a"))
    world.does["a"] = refuse
    (failure,) = world.run().failures
    assert (failure.error, failure.repeat) == ("no artifact", "nox -s sdk-ts -- --pack")


def test_an_input_that_is_edited_during_the_run_is_seen_by_the_next_one(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"))
    world.does["a"] = lambda _: world.inputs.update(a="edited meanwhile")
    assert outcomes(world.run()) == {"a": "done"}
    assert [str(planned.reason) for planned in world.plan().targets] == ["input-changed: a.txt"]


def test_a_bug_is_raised_as_it_is(tmp_path: Path) -> None:
    def crash(_: StepContext) -> None:
        raise ZeroDivisionError

    world = World(tmp_path, target("a"))
    world.does["a"] = crash
    with pytest.raises(ZeroDivisionError):
        world.run()
    assert [str(planned.reason) for planned in world.plan().targets] == ["unfinished"]


def test_a_signal_stops_the_children_before_their_threads_are_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"), target("b"))
    stopped_in_time: list[bool] = []

    def interrupt(_: TargetResult) -> None:
        raise RunInterruptedError(15)

    world.does["b"] = lambda _: stopped_in_time.append(world.runner.was_stopped.wait(PATIENCE_SECONDS))
    world.listener.on_finished = interrupt
    with pytest.raises(RunInterruptedError):
        world.run(jobs=2)
    assert stopped_in_time == [True]


LINT = Finding(kind=FindingKind.LINT, path="b.proto", line=3, message="no", fix="edit b.proto:3")
DRIFT = Finding(kind=FindingKind.SCHEMA_DRIFT, path="a.json", message="changed", fix="nox -s proto")


def find(*findings: Finding, blocking: bool = False) -> Callable[[StepContext], None]:
    def look(_: StepContext) -> None:
        raise FindingsError(findings, blocking=blocking)

    return look


def test_findings_are_a_failed_target_that_reports_them_in_order_with_the_first_fix(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"))
    world.does["a"] = find(LINT, DRIFT, LINT)
    (failure,) = world.run().failures
    assert (failure.error, failure.family, failure.repeat) == ("2 findings", "findings", "nox -s proto")
    assert failure.findings == (DRIFT, LINT)
    world.does["a"] = find(LINT)
    assert world.run().failures[0].error == "1 finding"


def test_a_check_goes_on_after_findings_and_reports_those_of_every_target(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"), target("b", "a"), target("c", "b"), target("d"))
    world.does = {"a": find(LINT), "c": find(DRIFT)}
    report = world.run(purpose=Purpose.CHECK)
    assert outcomes(report) == {"a": "failed", "b": "done", "c": "failed", "d": "done"}
    assert report.findings == (DRIFT, LINT)
    assert not report.ok


def broken(_: StepContext) -> None:
    raise StepFailedError("no artifact")


@pytest.mark.parametrize("failure", [find(LINT, blocking=True), fail, broken], ids=["blocking", "a command", "a step"])
def test_a_check_stops_at_what_lets_nothing_behind_it_be_checked(
    tmp_path: Path, failure: Callable[[StepContext], None]
) -> None:
    world = World(tmp_path, target("a"), target("b", "a"), target("c"))
    world.does["a"] = failure
    report = world.run(purpose=Purpose.CHECK)
    assert outcomes(report) == {"a": "failed", "b": "not-run", "c": "not-run"}


@pytest.mark.parametrize("purpose", [Purpose.MAKE, Purpose.FIX])
def test_what_makes_something_stops_at_any_finding(tmp_path: Path, purpose: Purpose) -> None:
    world = World(tmp_path, target("a"), target("b", "a"), target("c"))
    world.does["a"] = find(LINT)
    report = world.run(purpose=purpose)
    assert outcomes(report) == {"a": "failed", "b": "not-run", "c": "not-run"}
    assert set(load_state(world.layout).records) == {"a"}
    assert [str(planned.reason) for planned in world.plan(["a"]).targets] == ["unfinished"]


@pytest.mark.parametrize("failure", [find(LINT), find(LINT, blocking=True), fail])
def test_a_failed_check_leaves_no_record(tmp_path: Path, failure: Callable[[StepContext], None]) -> None:
    world = World(tmp_path, target("a"))
    world.does["a"] = failure
    world.run(purpose=Purpose.CHECK)
    assert load_state(world.layout).records == {}


def test_a_failed_check_leaves_the_record_of_the_last_success(tmp_path: Path) -> None:
    """The tree is as it was: putting the input right is enough to be fresh again."""
    world = World(tmp_path, target("a"))
    world.run()
    before = dict(load_state(world.layout).records)
    world.inputs["a"] = "2"
    world.does["a"] = find(LINT)
    assert outcomes(world.run(purpose=Purpose.CHECK)) == {"a": "failed"}
    assert load_state(world.layout).records == before
    world.inputs["a"] = "1"
    assert outcomes(world.run(purpose=Purpose.CHECK)) == {"a": "fresh"}


def test_a_check_that_finds_nothing_is_recorded_and_need_not_be_repeated(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"), target("b", "a"))
    assert outcomes(world.run(purpose=Purpose.CHECK)) == {"a": "done", "b": "done"}
    assert outcomes(world.run()) == {"a": "fresh", "b": "fresh"}


@pytest.mark.parametrize(
    ("purpose", "reason"),
    [(Purpose.FIX, "fresh"), (Purpose.MAKE, "input-changed: a.txt"), (Purpose.CHECK, "input-changed: a.txt")],
)
def test_only_a_fix_takes_inputs_that_changed_meanwhile_for_its_own_work(
    tmp_path: Path, purpose: Purpose, reason: str
) -> None:
    world = World(tmp_path, target("a"))
    world.does["a"] = lambda _: world.inputs.update(a="formatted")
    world.run(purpose=purpose)
    assert [str(planned.reason) for planned in world.plan().targets] == [reason]


def command(*words: str) -> Command:
    return Command(argv=("buf", *words), cwd=Path("/w"))


def test_an_inspection_asks_what_is_wanted_side_by_side_and_reads_each_with_its_answer(tmp_path: Path) -> None:
    """Whatever their exit codes; what is wanted is asked when the inspection's turn comes."""
    world = World(tmp_path, target("a"))
    world.runner = runner = AnsweringRunner(format=("", 0), lint=("bad_name\n", 100), breaking=("never", 1))
    world.environment = {"GOFLAGS": "-x"}
    commands = (command("format"), command("lint"), command("breaking"))
    read: list[tuple[Command, Completed]] = []

    def look(answers: Sequence[tuple[Command, Completed]], context: StepContext) -> None:
        read.extend(answers)
        context.detail["proof"] = "2 files"

    world.first["a"] = (
        Inspection(
            commands=commands,
            description="side by side",
            read=look,
            wanted=lambda each: each.argv[-1] != "breaking",
        ),
    )
    (result,) = world.run().results
    assert (str(result.outcome), dict(result.detail)) == ("done", {"proof": "2 files"})
    assert runner.asked == [["GOFLAGS=-x buf format", "GOFLAGS=-x buf lint"]]
    assert read == [
        (commands[0], Completed(exit_code=0, stdout="", stderr="")),
        (commands[1], Completed(exit_code=100, stdout="bad_name\n", stderr="")),
    ]
    assert world.layout.log("a").read_text() == (
        "$ cd /w && GOFLAGS=-x buf format\n$ cd /w && GOFLAGS=-x buf lint\nbad_name\n"
    )
    assert world.listener.steps == ["a side by side", "a act"]


def test_what_an_inspection_finds_ends_its_target(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"))
    world.runner = AnsweringRunner(lint=("bad_name", 100))
    look = find(LINT)
    inspection = Inspection(commands=(command("lint"),), description="look", read=lambda _, context: look(context))
    world.first["a"] = (inspection,)
    (failure,) = world.run().failures
    assert (failure.findings, world.ran) == ((LINT,), [])
    assert failure.output == "$ cd /w && buf lint\nbad_name"


def test_an_inspection_of_which_nothing_is_wanted_reads_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"))
    world.runner = AnsweringRunner()
    read: list[int] = []
    world.first["a"] = (
        Inspection(
            commands=(command("lint"),),
            description="look",
            read=lambda answers, _: read.append(len(answers)),
            wanted=lambda _: False,
        ),
    )
    assert outcomes(world.run()) == {"a": "done"}
    assert read == [0]


def test_a_failure_that_can_be_explained_is_reported_by_what_the_command_printed(tmp_path: Path) -> None:
    """And by nothing that an earlier step printed."""
    world = World(tmp_path, target("a"))
    world.runner = AnsweringRunner(generate=("plugin x: out of ideas\n", 1))
    heard: list[tuple[str, str]] = []

    def explain(error: CommandFailedError, printed: str) -> FindingsError:
        heard.append((error.message, printed))
        return FindingsError((LINT,), blocking=True)

    def say(context: StepContext) -> None:
        context.log.write(b"earlier\n")

    world.first["a"] = (
        Action(description="say", act=say),
        Explained(command=command("generate"), explain=explain),
    )
    (failure,) = world.run().failures
    assert heard == [("it ended with exit code 1", "$ cd /w && buf generate\nplugin x: out of ideas\n")]
    assert (failure.family, failure.findings, failure.blocking) == ("findings", (LINT,), True)
    assert failure.output == "earlier\n$ cd /w && buf generate\nplugin x: out of ideas\n"


def test_a_failure_that_nothing_explains_is_reported_as_it_is(tmp_path: Path) -> None:
    world = World(tmp_path, target("a"))
    world.runner = AnsweringRunner(generate=("what?\n", 3))
    world.first["a"] = (Explained(command=command("generate"), explain=lambda error, _: error),)
    (failure,) = world.run().failures
    assert (failure.family, failure.error, failure.repeat) == ("command", "it ended with exit code 3", "again")


def test_a_command_that_succeeds_needs_no_explanation(tmp_path: Path) -> None:
    def explain(error: CommandFailedError, printed: str) -> CommandFailedError:
        raise AssertionError(printed)

    world = World(tmp_path, target("a"))
    world.runner = AnsweringRunner(generate=("done\n", 0))
    world.first["a"] = (Explained(command=command("generate"), explain=explain),)
    assert outcomes(world.run()) == {"a": "done"}


def test_what_was_fresh_before_its_dependency_ran_is_compared_again(tmp_path: Path) -> None:
    """The dependency came out as it was, then otherwise than a change of its parts would make it."""
    install = replace(target("install", outputs=("made",)), parted=("install.txt",))
    world = World(tmp_path, install, target("app", "install"), target("tests", "app"))
    world.run()
    world.inputs["install"] = "1 and a comment"
    assert [str(each.reason) for each in world.plan().targets] == ["input-changed: install.txt", "fresh", "fresh"]
    assert outcomes(world.run()) == {"install": "done", "app": "fresh", "tests": "fresh"}
    assert sorted(world.listener.finished_ids) == sorted(["install", "app", "tests"] * 2)
    world.inputs["install"] = "2"
    assert outcomes(world.run()) == {"install": "done", "app": "done", "tests": "done"}
    assert world.ran == ["install", "app", "tests"]


def test_what_was_fresh_is_not_run_where_its_dependency_fails(tmp_path: Path) -> None:
    install = replace(target("install", outputs=("made",)), parted=("install.txt",))
    world = World(tmp_path, install, target("app", "install"), target("other"))
    world.run()
    world.inputs["install"] = "2"
    world.does["install"] = fail
    assert outcomes(world.run()) == {"install": "failed", "app": "not-run", "other": "fresh"}


def test_a_sign_that_is_not_there_after_the_steps_is_a_failure_and_a_folder_may_be_empty(tmp_path: Path) -> None:
    install = replace(target("install"), signs=("modules/",))
    assert outcomes(World(tmp_path / "a", install).run()) == {"install": "done"}
    install = replace(target("install"), signs=("modules/a",))
    assert outcomes(World(tmp_path / "b", install).run()) == {"install": "failed"}
