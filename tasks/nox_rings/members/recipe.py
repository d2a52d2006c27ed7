"""Ring 1: install the workspaces, build and test their members."""

from __future__ import annotations

from collections.abc import Sequence

from nox_rings.ecosystems.go import go
from nox_rings.ecosystems.npm import pnpm
from nox_rings.ecosystems.pypi import uv
from nox_rings.engine.paths import files_under, is_under
from nox_rings.engine.run.steps import Step
from nox_rings.members.siblings import sibling_steps
from nox_rings.sessions.derivation import python_environment
from nox_rings.sessions.kitchen import Kitchen
from nox_rings.workspace.language import Language
from nox_rings.workspace.model import Home, Member


def install_steps(home: Home, kitchen: Kitchen) -> Sequence[Step]:
    root = kitchen.layout.root
    if home.language is Language.TS:
        return (pnpm.install_command(root / home.folder),)
    return (uv.sync_command(root / home.folder, root / python_environment(home), home.groups),)


def member_steps(member: Member, kitchen: Kitchen) -> Sequence[Step]:
    return (*sibling_steps(member, kitchen), *_check_steps(member, kitchen))


def _check_steps(member: Member, kitchen: Kitchen) -> Sequence[Step]:
    folder = kitchen.layout.root / member.folder
    if member.language is Language.TS:
        return tuple(pnpm.script_command(folder, script) for script in member.checks)
    if member.language is Language.GO:
        nested = [
            other.folder
            for other in kitchen.workspace.members
            if other.language is Language.GO and other.folder != member.folder and is_under(other.folder, member.folder)
        ]
        listed = files_under(kitchen.files, member.folder)
        own = [path for path in listed if not any(is_under(path, each) for each in nested)]
        tested = go.tested_folders(own, member.folder, kitchen.workspace.generated_roots)
        return go.check_commands(folder, tested, in_workspace=member.in_workspace)
    home = next(
        home for home in kitchen.workspace.homes if home.folder == member.home and home.language is member.language
    )
    environment = kitchen.layout.root / python_environment(home)
    imports = uv.import_command(folder, environment, kitchen.files, member)
    return (*imports, *((uv.pytest_command(folder, environment),) if "test" in member.checks else ()))
