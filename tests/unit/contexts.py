"""What recipes receive in tests: a real context of small real objects. Nothing in it starts a process."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from nox_rings.capabilities import CAPABILITIES
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.context import RecipeContext
from nox_rings.engine.layout import Layout
from nox_rings.engine.once import Once, Resources
from nox_rings.engine.plan.plan import Intent, Purpose
from nox_rings.engine.plan.records import digest_of
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.steps import Step, rendered
from nox_rings.engine.store.state import load_state
from nox_rings.workspace.tools import Tools
from nox_rings.workspace.versions import CommitVersions, compute_versions
from unit.reference import FixedTools

PORT = re.compile(r"(?:(?<=127\.0\.0\.1:)|(?<=PORT=)|(?<= -p ))\d+")
SECONDS = 1_700_000_000
# The version of the commit at that time, after the release 1.2.2.
NPM = "1.2.3-dev.20231114221320.gaaaaaaaaaaaa"


def a_context(
    root: Path,
    *,
    files: tuple[str, ...] = (),
    purpose: Purpose = Purpose.MAKE,
    baselines: dict[str, list[dict[str, str]]] | None = None,
) -> RecipeContext:
    """`baselines` are what schemas are compared with, by their folders, as git was asked for it before."""
    state = load_state(Layout(root))
    state.baselines = {"key": digest_of("refs", ""), "of": baselines or {}}
    return RecipeContext(
        layout=Layout(root),
        runner=ProcessRunner(),
        files=files,
        intent=Intent(purpose=purpose),
        ecosystems={each.name: each for each in ECOSYSTEMS},
        tools=Once(_tools),
        commit=Once(_commit),
        resources=Resources(),
        state=state,
        history_key="refs",
        say=print,
    )


def _tools() -> Tools:
    return FixedTools()


def _commit() -> CommitVersions:
    sha = "a" * 40
    versions = compute_versions(sha=sha, time_seconds=SECONDS, tags=("v1.2.2",), tags_here=(), seed="0.1.0")
    return CommitVersions(sha=sha, time_seconds=SECONDS, versions=versions)


def shown(steps: Sequence[Step], context: RecipeContext) -> str:
    """The steps as a dry run prints them, without the folders of this machine, and ports as PORT1, PORT2, …"""
    layout = context.layout
    text = "".join(f"{rendered(step, layout.root)}\n" for step in steps)
    text = text.replace(str(layout.scratch), "SCRATCH").replace(str(layout.root), "ROOT")
    ports = {port: f"PORT{number}" for number, port in enumerate(dict.fromkeys(PORT.findall(text)), 1)}
    return PORT.sub(lambda found: ports[found[0]], text)


def shown_steps(target: Target, context: RecipeContext) -> str:
    """What the capability that owns a target makes it by; see `shown`."""
    (owner,) = (each for each in CAPABILITIES if target.kind in each.kinds)
    return shown(owner.steps(target, context), context)
