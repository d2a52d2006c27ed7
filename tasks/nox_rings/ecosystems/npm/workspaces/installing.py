"""Steps that install a root and run the scripts of its members, and where a member finds another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.ecosystems.npm.workspaces.commands import (
    OWN_YARN,
    install_command,
    manager_of_lockfile,
    manager_of_root,
    program_of,
    script_command,
)
from nox_rings.ecosystems.npm.workspaces.managers import Manager
from nox_rings.ecosystems.npm.workspaces.manifest import MANIFEST, PACKAGE_MANAGER, TABLES
from nox_rings.ecosystems.npm.workspaces.versions import differs
from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.paths import at_or_above, joined
from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.reading import file_bytes, file_text
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.workspace.model import InstallRoot, Member
from nox_rings.workspace.tools import Tools

MODULES = re.compile(r"^\s*(?:modulesDir:|modules-dir\s*=)\s*[\"']?([^\"'\s]+)", re.MULTILINE)


def record_path(root: InstallRoot) -> str:
    """Our own record of an installation: a workspace without any dependency leaves none in its folders."""
    name = "" if root.folder == "." else f"-{root.folder.replace('+', '++').replace('/', '+')}"
    return f"{OWN_FOLDER}/installs/npm{name}.json"


def install_steps(root: InstallRoot, context: RecipeContext) -> Sequence[Step]:
    manager, home = manager_of_root(root), context.layout.root
    program = program_of(manager, home / root.program if root.program else None)
    return (
        install_command(manager, home / root.folder, program, apart=root.apart),
        Action(
            description=f"record what {manager.program} installed",
            act=lambda step: _record(root, manager, context, step),
        ),
    )


def _record(root: InstallRoot, manager: Manager, context: RecipeContext, step: StepContext) -> None:
    """What decides the content of node_modules for all members alike: of lockfiles and manifests each has its part."""
    read = (path for path in root.files if path not in root.parted)
    files = {path: _digest(context.layout.root / path) for path in read}
    record = {"manager": manager.value, "settings": root.settings, "files": files}
    path = context.layout.root / record_path(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(record, indent=1).encode())
    wanted = PACKAGE_MANAGER.match(str(_manifest(context.layout.root / root.folder).get("packageManager", "")))
    if wanted and wanted["name"] == manager.program and not root.program:
        used = _version(manager.program, context.tools())
        if differs(wanted["version"] or "", used):
            location = joined(root.folder, MANIFEST)
            step.say(f"{location}: packageManager names {manager.program} {wanted['version']}, {used} was used")


def _version(program: str, tools: Tools) -> str:
    """npm comes with Node, whose version is the one that is pinned: npm's own is in its manifest."""
    pin = tools.pin(program)
    if pin is None or pin.package == program:
        return tools.versions(program)[program]
    return str(_manifest(tools.path(program).resolve().parents[1]).get("version", ""))


def _digest(path: Path) -> str:
    return sha256(file_bytes(path)).hexdigest() if path.is_file() else ""


def check_steps(subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
    manager = manager_of_lockfile(subject.lockfile)
    copy = _own_yarn(context.layout.root, subject.member) if manager is Manager.YARN else None
    folder, program = context.layout.root / subject.member.folder, program_of(manager, copy)
    return tuple(script_command(manager, folder, program, script) for script in subject.member.checks)


def _own_yarn(root: Path, member: Member) -> Path | None:
    home = root / member.install_root
    for name in (".yarnrc.yml", ".yarnrc"):
        found = OWN_YARN.search(_text(home / name))
        if found and (home / found[1]).is_file():
            return home / found[1]
    return None


def find_sibling(subject: MemberSubject, sibling: Member, root: Path) -> Path | None:
    """Where Node finds it: in the node_modules of the member or of a folder above it, under its name or an alias."""
    member = subject.member
    if (root / member.install_root / ".pnp.cjs").is_file():
        return root / sibling.folder  # there are no folders to look into; the lockfile links it
    wanted = (root / sibling.folder).resolve()
    found = list(_places(member, sibling, root))
    inside = next((each for each in found if each.resolve() == wanted or _is_copy(each)), None)
    if inside is not None:
        return wanted
    return found[0].resolve() if found else None


def _places(member: Member, sibling: Member, root: Path) -> Iterator[Path]:
    """Its own name first, so that what is reported is the foreign package in its place."""
    manifest = _manifest(root / member.folder)
    tables = (manifest.get(table) for table in TABLES)
    names = dict.fromkeys([sibling.name, *(name for table in tables if isinstance(table, dict) for name in table)])
    modules = _modules(root / member.install_root)
    for name in names:
        folders = (root / each / modules / name for each in at_or_above(member.folder))
        if (place := next((each for each in folders if each.exists()), None)) is not None:
            is_own = name == sibling.name or place.resolve() == (root / sibling.folder).resolve()
            yield from (place,) if is_own else ()


def _is_copy(place: Path) -> bool:
    """pnpm's copy of a package of the workspace (https://pnpm.io/package_json#dependenciesmetainjected), or yarn 1's of
    a `file:`."""
    return "@file+" in str(place.resolve())


def _modules(install_root: Path) -> str:
    found = MODULES.search(_text(install_root / "pnpm-workspace.yaml") or _text(install_root / ".npmrc"))
    return found[1] if found else "node_modules"


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(_text(folder / MANIFEST) or "{}")
    except ValueError:
        return {}  # which its target reports
    return document if isinstance(document, dict) else {}


def _text(path: Path) -> str:
    return file_text(path, errors="replace") if path.is_file() else ""
