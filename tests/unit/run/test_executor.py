"""The executor with real threads, a real state file and steps in Python instead of commands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nox_rings.domain.plan import Facts, Plan, Reason, plan_targets
from nox_rings.domain.report import Outcome, RunReport, TargetResult
from nox_rings.domain.targets import Graph, Kind, Target, graph_of
from nox_rings.errors import CommandFailedError, RunInterruptedError, StepFailedError
from nox_rings.paths import Layout
from nox_rings.process import Runner
from nox_rings.run.executor import Executor
from nox_rings.run.state import load_state
from nox_rings.run.steps import Action, Step, StepContext

PATIENCE_SECONDS = 5.0


@dataclass
class Listener:
    """A reporter that keeps what it is told; `on_finished` is called in the main thread."""

    started_ids: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    finished_ids: list[str] = field(default_factory=list)
    on_finished: Callable[[TargetResult], None] = lambda result: None

    def started(self, target: Target, reason: Reason) -> None:
        self.started_ids.append(target.id)

    def step(self, target: Target, text: str) -> None:
        self.steps.append(f"{target.id} {text}")

    def note(self, target: Target | None, text: str) -> None:
        self.notes.append(text)

    def finished(self, result: TargetResult) -> None:
        self.finished_ids.append(result.target.id)
        self.on_finished(result)

    def close(self) -> None: ...


class StoppableRunner(Runner):
    """Knows when it was told to end its children."""

    def __init__(self) -> None:
        super().__init__()
        self.was_stopped = threading.Event()

    def stop(self, signal_number: int, grace_seconds: float = 0.0) -> None:
        self.was_stopped.set()


class World:
    """A workspace in memory: what each target reads and writes, and what its step does."""

    def __init__(self, root: Path, *targets: Target) -> None:
        self.layout = Layout(root)
        self.graph: Graph = graph_of(targets)[0]
        self.inputs = dict.fromkeys(self.graph.targets, "1")
        self.outputs: dict[str, dict[str, str]] = {each: {} for each in self.graph.targets}
        self.does: dict[str, Callable[[StepContext], None]] = {}
        self.ran: list[str] = []
        self.listener = Listener()
        self.runner = StoppableRunner()

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

        return (Action(description="act", act=act),)

    def plan(self, selected: Iterable[str] = (), forced: tuple[str, ...] = ()) -> Plan:
        chosen = tuple(selected) or tuple(self.graph.targets)
        facts = {each.id: self.facts(each) for each in self.graph.targets.values()}
        return plan_targets(self.graph, chosen, facts=facts, records=load_state(self.layout).records, forced=forced)

    def run(self, plan: Plan | None = None, *, jobs: int = 1) -> RunReport:
        """Plan and carry out as one nox session would: with the state as it is on the disk."""
        self.ran.clear()
        executor = Executor(
            graph=self.graph,
            layout=self.layout,
            state=load_state(self.layout),
            runner=self.runner,
            reporter=self.listener,
            facts=self.facts,
            steps=self.steps,
            environment=lambda _: {},
            jobs=jobs,
        )
        return executor.carry_out(plan or self.plan())


def target(target_id: str, *dependencies: str, outputs: tuple[str, ...] = ()) -> Target:
    return Target(id=target_id, kind=Kind.PACKAGE, place=target_id, dependencies=dependencies, outputs=outputs)


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


def test_what_was_not_run_keeps_its_reason_and_its_place_in_the_report(tmp_path: Path) -> None:
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


def test_a_step_of_ours_that_fails_is_told_with_its_hint(tmp_path: Path) -> None:
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
