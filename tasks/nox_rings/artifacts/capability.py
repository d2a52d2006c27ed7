"""Ring 2 of the SDKs: packed, checked, installed elsewhere, and called."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nox_rings.artifacts.kinds import ARTIFACT, INSTALL_CHECK, SMOKE
from nox_rings.artifacts.smoke import session
from nox_rings.engine.capability import NO_EXTRA_FACTS, Capability, ExtraFacts, MenuEntry
from nox_rings.engine.plan.targets import Target, subject_of

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView
    from nox_rings.engine.plan.graph import Graph
    from nox_rings.engine.run.steps import Step


def _derive(view: WorkspaceView) -> Iterator[Target]:
    from nox_rings.artifacts.derive import derive_artifacts

    return derive_artifacts(view)


def _steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    from nox_rings.artifacts.install_check.recipe import install_check_steps
    from nox_rings.artifacts.recipe import artifact_steps
    from nox_rings.artifacts.smoke.recipe import smoke_steps

    if target.kind == ARTIFACT:
        return artifact_steps(target, context)
    return (install_check_steps if target.kind == INSTALL_CHECK else smoke_steps)(target, context)


def _facts(target: Target, context: RecipeContext) -> ExtraFacts:
    """Packed artifacts and smoke tests depend on the version."""
    if target.kind == INSTALL_CHECK:
        return NO_EXTRA_FACTS
    version = context.versions.npm
    return ExtraFacts(facts={"version": version}, passed_on=version)


def _problems(view: WorkspaceView, graph: Graph) -> Iterator[str]:
    from nox_rings.members.ids import MemberIds
    from nox_rings.workspace.config import TABLE, SmokeConfig, one_of

    settings = view.config.smoke
    server = settings.server
    if not server and settings != SmokeConfig():
        yield f"{TABLE}.smoke: found no server, expected `server` beside the other keys, which do nothing without it"
    known = [str(each) for each in map(MemberIds(view).member, view.index.workspace.members)]
    if server and server not in known:
        yield f"{TABLE}.smoke.server: found {server}, expected {one_of(known)}"


def _uncompared(target: Target, view: WorkspaceView) -> Mapping[str, Collection[str]]:
    from nox_rings.ecosystems.model import ArtifactSubject

    return view.uncompared(subject_of(target, ArtifactSubject).member) if target.kind == ARTIFACT else {}


ARTIFACTS: Capability[WorkspaceView, RecipeContext] = Capability(
    name="artifacts",
    kinds=(ARTIFACT, INSTALL_CHECK, SMOKE),
    derive=_derive,
    steps=_steps,
    facts=_facts,
    problems=_problems,
    uncompared=_uncompared,
    sessions=(MenuEntry(function=session.smoke),),
)
