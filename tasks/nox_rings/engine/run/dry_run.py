"""A dry run: the exact commands of what would run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from nox_rings.engine.plan.plan import Plan, PlannedTarget
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.command import quoted_path
from nox_rings.engine.run.show import shown_target
from nox_rings.engine.run.steps import Step, rendered


class DryRun(Protocol):
    """What a dry run asks: the steps of a target, and the overlay with which its tools are found."""

    def steps(self, target: Target) -> Sequence[Step]: ...

    def tool_environment(self, target: Target) -> Mapping[str, str]: ...


def _commands(run: DryRun, root: Path, planned: PlannedTarget) -> list[str]:
    if planned.refusal:
        return [f"# {line}" for line in str(planned.refusal).splitlines()]
    return [rendered(step, root) for step in run.steps(planned.target)]


def print_dry_run(run: DryRun, root: Path, plan: Plan, *, as_json: bool) -> None:
    """The exact commands of everything stale, in order; none is run and nothing is installed."""
    commands = {each.target.id: _commands(run, root, each) for each in plan.stale}
    if as_json:
        shown = [{**shown_target(each), "commands": commands.get(each.target.id, [])} for each in plan.targets]
        print(json.dumps({"targets": shown}, indent=2))
        return
    exported: dict[str, str] = {}
    for each in plan.stale:
        print(f"\n# {each.target.id}  ({each.reason})")
        for name, value in sorted(run.tool_environment(each.target).items()):
            if exported.get(name) != value:
                exported[name] = value
                print(f"export {name}={quoted_path(value)}")
        print("\n".join(commands[each.target.id]))
    print(f"\n# {len(plan.stale)} of {len(plan.targets)} targets would run")
