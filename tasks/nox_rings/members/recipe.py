"""Ring 1: install the workspaces, build and test their members."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Step
from nox_rings.members.siblings import sibling_steps
from nox_rings.workspace.model import InstallRoot

FOUND = "..."
RECIPE = Recipe(version=2, source="fd0767ff2f080934")


def install_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    root = subject_of(target, InstallRoot)
    return context.ecosystems[root.ecosystem].install_steps(root, context)


def member_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    subject = subject_of(target, MemberSubject)
    ecosystem = context.ecosystems[subject.member.ecosystem]
    if subject.skipped:
        return ()
    found = (*sibling_steps(subject, ecosystem, context), *ecosystem.check_steps(subject, context))
    return tuple(step for each in subject.checks for step in _configured(each, found, subject, context)) or found


def _configured(check: str, found: Sequence[Step], subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
    if check == FOUND:
        return found
    ecosystem, folder = context.ecosystems[subject.member.ecosystem], subject.member.folder
    command = Command(
        argv=tuple(shlex.split(check)),
        cwd=context.layout.root / folder,
        env=ecosystem.check_variables(subject, context),
        description=f"{check} in {folder}",
    )
    return (command,)
