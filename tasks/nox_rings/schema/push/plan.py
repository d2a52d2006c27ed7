"""A push to a schema registry as it is printed: before, after, and as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from nox_rings.engine.tables import table
from nox_rings.schema.push.model import PROTO, SchemaModule, SchemaPush


@dataclass(frozen=True, slots=True, kw_only=True)
class PushPlan:
    """`sizes` are bytes by the path of a module, `uncommitted` paths of the schema that differ from `git_commit`, and
    `token_lacking` the sentence about a token that is not set, which only a dry run checks."""

    label: str
    git_commit: str
    pushes: tuple[SchemaPush, ...]
    sizes: Mapping[str, int]
    uncommitted: tuple[str, ...] = ()
    token_lacking: str = ""

    @property
    def modules(self) -> tuple[SchemaModule, ...]:
        return tuple(module for push in self.pushes for module in push.modules)

    @property
    def repeat(self) -> str:
        return f"nox -s proto -- --push {shlex.quote(self.label)}"


def plan_lines(plan: PushPlan) -> tuple[str, ...]:
    """What will be pushed, where to, from which state, and what the registry has to have already."""
    rows = [
        (module.name, f"{len(module.protos)} {PROTO}", f"{plan.sizes[module.path] / 1000:.1f} kB", module.path)
        for module in plan.modules
    ]
    registries = " and ".join(dict.fromkeys(push.registry for push in plan.pushes))
    state = f", but {uncommitted_message(plan)}" if plan.uncommitted else ""
    commit = plan.git_commit[:12] or "none yet"
    return (
        *table(rows, ("module", "files", "size", "from")).splitlines(),
        f"to {registries} under the label {plan.label}, from commit {commit}{state}",
        *(_dependency_line(push, each) for push in plan.pushes for each in push.dependencies),
    )


def _dependency_line(push: SchemaPush, dependency: str) -> str:
    return f"with {dependency} as {f'{push.lock} pins it' if push.lock else 'it is on the registry now'}"


def uncommitted_message(plan: PushPlan) -> str:
    first, *others = plan.uncommitted
    return f"{first} and {len(others)} more are not committed" if others else f"{first} is not committed"


def dry_run_lines(plan: PushPlan) -> tuple[str, ...]:
    """What would stop the push itself comes first."""
    return (
        *((f"it would be refused: {uncommitted_message(plan)}",) if plan.uncommitted else ()),
        *((f"it would need a token: {plan.token_lacking}",) if plan.token_lacking else ()),
        "dry run: nothing was pushed",
    )


def pushed_lines(plan: PushPlan, commits: Mapping[str, str]) -> tuple[str, ...]:
    """`commits` are the registry's, by the name of a module."""
    return tuple(f"pushed {name}: {plan.label} is now commit {commit}" for name, commit in commits.items())


def plan_document(plan: PushPlan, commits: Mapping[str, str]) -> dict[str, object]:
    """For --json; a module that was not pushed has no commit."""
    modules = [
        {
            "name": module.name,
            "registry": module.registry,
            "path": module.path,
            "protos": len(module.protos),
            "files": list(module.files),
            "bytes": plan.sizes[module.path],
            "commit": commits.get(module.name),
        }
        for module in plan.modules
    ]
    return {
        "label": plan.label,
        "git_commit": plan.git_commit,
        "uncommitted": list(plan.uncommitted),
        "token_lacking": plan.token_lacking or None,
        "dependencies": [each for push in plan.pushes for each in push.dependencies],
        "modules": modules,
    }
