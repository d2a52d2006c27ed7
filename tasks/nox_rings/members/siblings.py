"""Before a member is built: is each of its siblings the copy in this workspace, and not one from a registry?

A build against the published package of yesterday passes whatever the workspace holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nox_rings.ecosystems.base import Ecosystem
from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.findings import FindingKind
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.engine.findings import Finding
from nox_rings.engine.paths import joined
from nox_rings.engine.run.steps import Action, FindingsError, Step, StepContext


def sibling_steps(subject: MemberSubject, ecosystem: Ecosystem, context: RecipeContext) -> Sequence[Step]:
    """One step, where the member has siblings."""
    if not subject.siblings:
        return ()
    names = ", ".join(sibling.name for sibling in subject.siblings)
    return (
        Action(
            description=f"check that {names} {'come' if len(subject.siblings) > 1 else 'comes'} from this workspace",
            act=lambda step: _check(subject, ecosystem, context, step),
        ),
    )


def _check(subject: MemberSubject, ecosystem: Ecosystem, context: RecipeContext, step: StepContext) -> None:
    findings = list(_findings(subject, ecosystem, context, step))
    if findings:
        raise FindingsError(findings, blocking=True)


def _findings(
    subject: MemberSubject, ecosystem: Ecosystem, context: RecipeContext, step: StepContext
) -> Iterator[Finding]:
    root = context.layout.root.resolve()
    for sibling in subject.siblings:
        path = ecosystem.find_sibling(subject, sibling, context, step)
        if path is None or path.resolve() != root / sibling.folder:
            yield Finding(
                kind=FindingKind.FOREIGN_SIBLING,
                path=joined(subject.member.folder, ecosystem.manifest),
                message=f"found {sibling.name} at {path or 'nothing'}, expected {sibling.folder}",
                fix=ecosystem.sibling_fix,
            )
