"""A plan, a workbench and the parts that carry it out, put together."""

from __future__ import annotations

from collections.abc import Mapping

from nox_rings.engine.plan.plan import Facts, Plan
from nox_rings.engine.plan.targets import Kind, Target
from nox_rings.engine.run.progress import choose_reporter
from nox_rings.engine.run.report import RunReport
from nox_rings.engine.run.scheduler import Executor
from nox_rings.sessions.workbench import Workbench


def carry_out(bench: Workbench, plan: Plan, *, jobs: int, as_json: bool) -> RunReport:
    reporter = choose_reporter(json=as_json)
    bench.announce = lambda text: reporter.note(None, text)
    executor = Executor(
        graph=bench.graph,
        layout=bench.layout,
        state=bench.state,
        runner=bench.runner,
        reporter=reporter,
        facts=lambda target: _facts(bench, target),
        steps=bench.steps,
        environment=lambda target: _environment(bench, target),
        jobs=jobs,
        purpose=bench.intent.purpose,
    )
    try:
        return executor.carry_out(plan)
    finally:
        bench.close()
        reporter.close()


def _facts(bench: Workbench, target: Target) -> Facts:
    """Generating may add files that git did not list before."""
    if target.kind in (Kind.STUBS, Kind.SDK):
        bench.relist()
    return bench.facts(target)


def _environment(bench: Workbench, target: Target) -> Mapping[str, str]:
    """Look for the token where a remote needs one, install the target's tools if they are not there, then say how to
    find them."""
    credentials = bench.credentials(target)
    bench.toolchain.require(*target.tools)
    return {**bench.toolchain.environment(*target.tools), **credentials}
