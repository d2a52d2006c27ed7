"""Carries out one step of a target, and turns its failure into an error."""

from __future__ import annotations

from nox_rings.engine.errors import CommandFailedError, NoxRingsError, StepFailedError
from nox_rings.engine.plan.reasons import Reason
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.command import without_escapes
from nox_rings.engine.process.runner import wait_until
from nox_rings.engine.run.observing import ObservedError
from nox_rings.engine.run.report import Outcome, TargetResult
from nox_rings.engine.run.steps import Action, Explained, FindingsError, Inspection, Server, Step, StepContext


def carry_out_step(step: Step, context: StepContext) -> None:
    if isinstance(step, Action):
        step.act(context)
    elif isinstance(step, Server):
        command = context.command(step.command)
        context.log_command(command)
        child = context.runner.start(command, context.log)
        context.closing.callback(child.stop)
        if not wait_until(step.ready, child, timeout_seconds=step.timeout_seconds):
            raise StepFailedError(
                f"{command.description or command.argv[0]} did not answer within {step.timeout_seconds:.0f} s",
                hint=command.render(),
            )
    elif isinstance(step, Inspection):
        wanted = [command for command in step.commands if step.wanted(command)]
        step.read(list(zip(wanted, context.ask_all(wanted), strict=True)), context)
    elif isinstance(step, Explained):
        if failed := context.attempt(step.command):
            raise step.explain(*failed) from failed[0]
    else:
        context.run(step)


def failed_result(target: Target, reason: Reason, error: NoxRingsError, seconds: float, log: str) -> TargetResult:
    return TargetResult(
        target=target,
        outcome=Outcome.FAILED,
        reason=reason,
        seconds=seconds,
        error=error.message,
        family=error.family,
        repeat=target.repeat or (error.repeat if isinstance(error, CommandFailedError) else error.hint),
        output=without_escapes(log),
        findings=error.findings if isinstance(error, FindingsError) else (),
        blocking=not isinstance(error, FindingsError) or error.blocking,
        observed=isinstance(error, ObservedError),
    )
