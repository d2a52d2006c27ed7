"""Ring 1: workspaces are installed, their members built and tested."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nox_rings.engine.capability import Capability, MenuEntry
from nox_rings.engine.plan.targets import Target
from nox_rings.members import session
from nox_rings.members.kinds import INSTALL, PACKAGE, SDK, SERVICE

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView
    from nox_rings.engine.plan.graph import Graph
    from nox_rings.engine.run.steps import Step
    from nox_rings.workspace.config import MemberConfig


# Tools give variables more characters than a shell does (`npm_config_//registry.example.com/:always-auth`).
VARIABLE = re.compile(r"[^=@!\s]+@?")


def _derive(view: WorkspaceView) -> Iterator[Target]:
    from nox_rings.members.derive import derive_members

    return derive_members(view)


def _steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    from nox_rings.members.recipe import install_steps, member_steps

    return (install_steps if target.kind == INSTALL else member_steps)(target, context)


def _uncompared(target: Target, view: WorkspaceView) -> Mapping[str, Collection[str]]:
    from nox_rings.ecosystems.model import MemberSubject
    from nox_rings.engine.plan.targets import subject_of
    from nox_rings.workspace.model import InstallRoot

    if target.kind == INSTALL:
        return view.uncompared_by_install(subject_of(target, InstallRoot))
    return view.uncompared(subject_of(target, MemberSubject).member)


def _problems(view: WorkspaceView, graph: Graph) -> Iterator[str]:
    from nox_rings.workspace.config import TABLE, one_of

    folders = {member.folder for member in view.index.workspace.members}
    for folder in view.config.members:
        if folder not in folders:
            yield f"{TABLE}.members.{folder}: found no member there, expected {one_of(folders)}"
    for folder, member in view.config.members.items():
        yield from _path_problems(f"{TABLE}.members.{folder}", member)
        yield from _command_problems(f"{TABLE}.members.{folder}", member)
        for name in member.env:
            if VARIABLE.fullmatch(name) is None:
                found = name or "nothing"
                yield f"{TABLE}.members.{folder}.env: found {found}, expected the name of a variable, or a pattern"
        for needed in member.needs:
            if needed not in graph.targets:
                yield f"{TABLE}.members.{folder}.needs: found {needed}, expected {one_of(graph.targets)}"


def _path_problems(table: str, member: MemberConfig) -> Iterator[str]:
    from posixpath import normpath

    for key, paths in (("inputs", member.inputs), ("outputs", member.outputs)):
        for path in paths:
            top = normpath(path).split("/")[0]
            is_folder = not path.startswith("/") and top not in ("..", ".", ".git", ".nox-rings") and path
            if not is_folder or (key == "outputs" and set(path) & {*"*?["}):
                yield f"{table}.{key}: found {path or 'nothing'}, expected a path below the root"


def _command_problems(table: str, member: MemberConfig) -> Iterator[str]:
    import shlex

    for command in member.checks:
        try:
            words = shlex.split(command)
        except ValueError as error:
            yield f"{table}.checks: found {command!r} ({str(error).lower()}), expected a command as a shell reads it"
        else:
            if not words:
                yield f"{table}.checks: found nothing, expected a command"


MEMBERS: Capability[WorkspaceView, RecipeContext] = Capability(
    name="members",
    kinds=(INSTALL, SDK, PACKAGE, SERVICE),
    derive=_derive,
    steps=_steps,
    problems=_problems,
    uncompared=_uncompared,
    sessions=(
        MenuEntry(function=session.sdk),
        MenuEntry(function=session.sdk_ts),
        MenuEntry(function=session.sdk_go),
        MenuEntry(function=session.sdk_py),
    ),
)
