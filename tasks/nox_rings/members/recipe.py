"""Ring 1: install the workspaces, build and test their members."""

from __future__ import annotations

from collections.abc import Sequence

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.run.steps import Step
from nox_rings.members.siblings import sibling_steps
from nox_rings.workspace.model import InstallRoot

RECIPE = Recipe(version=1, source="4852822a1b82092b")


def install_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    root = subject_of(target, InstallRoot)
    return context.ecosystems[root.ecosystem].install_steps(root, context)


def member_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    subject = subject_of(target, MemberSubject)
    ecosystem = context.ecosystems[subject.member.ecosystem]
    return (*sibling_steps(subject, ecosystem, context), *ecosystem.check_steps(subject, context))
