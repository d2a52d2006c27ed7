"""Ring 2: the distributable of an SDK, packed from a stamped copy. The tree itself is only read."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nox_rings.artifacts.gate.recipe import contract_steps
from nox_rings.artifacts.sbom.recipe import Packing, write_bills
from nox_rings.artifacts.seal.sealing import seal, show_version
from nox_rings.ecosystems.archives import kind_of
from nox_rings.ecosystems.go import module_proxy
from nox_rings.ecosystems.go.sbom import go_bill, go_command
from nox_rings.ecosystems.npm import pnpm
from nox_rings.ecosystems.npm.sbom import npm_bill, npm_command
from nox_rings.ecosystems.pypi import uv
from nox_rings.ecosystems.pypi.requirements import bind_siblings
from nox_rings.ecosystems.pypi.sbom import pypi_bill, pypi_command
from nox_rings.engine.paths import files_under, is_under, joined
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.engine.store.trees import copy_files, empty_folder, files_in, level, mirror
from nox_rings.sessions.kitchen import Kitchen
from nox_rings.sessions.packed_targets import BUILD_FOLDERS
from nox_rings.workspace.git import worktree as git
from nox_rings.workspace.language import Language
from nox_rings.workspace.model import Member

BILLS = {
    Language.TS: (npm_command, npm_bill),
    Language.PY: (pypi_command, pypi_bill),
    Language.GO: (go_command, go_bill),
}
EARLIEST_SECONDS = 315532800  # 1980: a zip file knows no time before
LICENSE = "LICENSE"


def artifact_steps(target: Target, member: Member, kitchen: Kitchen) -> Sequence[Step]:
    """Copy, stamp, pack into a scratch folder, then seal what was packed and mirror it into `dist/`.

    The version is in no output's path: outputs are known before the commit is. `dist/VERSION/` shows them by it."""
    root, stage = kitchen.layout.root, kitchen.layout.stage(target.id)
    copy, packed, place = stage / "tree", stage / "packed", root / target.outputs[0]
    version, seconds = kitchen.versions.of(member.language), max(kitchen.time_seconds, EARLIEST_SECONDS)
    view = root / "dist" / kitchen.versions.npm / place.relative_to(root / "dist")
    begin = Action(
        description=f"copy {member.folder} and stamp the copy with {version}",
        act=lambda _: level(_stamped_copy(member, kitchen, stage), seconds),
    )
    end = Action(
        description=f"seal what was packed and mirror it into {target.outputs[0]}",
        act=lambda context: _keep(packed, place, view, version, _with_dependencies(member, kitchen), context),
    )
    if member.language is Language.TS:
        pack: Step = _settled(pnpm.pack_command(copy / member.folder, packed), seconds)
    elif member.language is Language.PY:
        pack = _settled(uv.build_command(copy / member.folder, packed), seconds)
    else:
        pack = module_proxy.pack_step(copy / member.folder, packed, member.name, version, seconds)
    packing = Packing(target=target, member=member, kitchen=kitchen, copy=copy, packed=packed, stage=stage)
    command, source = BILLS[member.language]
    bill = Action(
        description=f"write a bill of materials of what this tells: {command(packing).render(root)}",
        act=lambda context: write_bills(packing, source, context),
    )
    return (begin, pack, *contract_steps(target, member, kitchen, packed), bill, end)


def _settled(command: Command, time_seconds: int) -> Command:
    """With the commit's time for now, and neither the language nor the time zone of whoever packs."""
    settings = {"LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": str(time_seconds)}
    return replace(command, env={**command.env, **settings})


def _stamped_copy(member: Member, kitchen: Kitchen, stage: Path) -> Path:
    """The package, what it depends on locally, and the settings of its workspace; versions only in the copy."""
    root, tree = kitchen.layout.root, empty_folder(stage / "tree")
    empty_folder(stage / "packed")
    folders = _with_dependencies(member, kitchen)
    for folder in folders:
        built = [joined(folder, name) for name in BUILD_FOLDERS]
        own = [path for path in files_under(kitchen.files, folder) if not any(is_under(path, each) for each in built)]
        copy_files(root, own, tree)
        if member.language is Language.TS:
            # Elsewhere a `dist` is not what our build made: git ignores it, and it differs from checkout to checkout.
            copy_files(root, (joined(folder, f"dist/{path}") for path in files_in(root / folder / "dist")), tree)
            _stamp_json(tree / folder / "package.json", kitchen.versions.npm)
        elif member.language is Language.PY:
            _stamp_toml(tree / folder / "pyproject.toml", kitchen.versions.pypi, kitchen.workspace.siblings(member))
    if member.language is Language.TS and member.home != member.folder:
        settings = (joined(member.home, name) for name in ("package.json", "pnpm-workspace.yaml"))
        copy_files(root, settings, tree)
    if member.language is Language.GO and not (tree / member.folder / LICENSE).exists():
        # As the go command does for a module in a subfolder (https://go.dev/ref/mod#vcs-license).
        copy_files(root, (path for path in kitchen.files if path == LICENSE), tree / member.folder)
    return tree


def _with_dependencies(member: Member, kitchen: Kitchen) -> list[str]:
    found, waiting = [], [member.folder]
    while waiting:
        folder = waiting.pop()
        if folder not in found and (known := kitchen.workspace.member_at(folder, member.language)):
            found.append(folder)
            waiting.extend(known.depends_on if member.language is Language.TS else ())
    return found


def _stamp_json(manifest: Path, version: str) -> None:
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["version"] = version
    manifest.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _stamp_toml(manifest: Path, version: str, siblings: Sequence[Member]) -> None:
    import tomli_w
    from packaging.utils import canonicalize_name

    document = tomllib.loads(manifest.read_text(encoding="utf-8"))
    document["project"]["version"] = version
    bind_siblings(document["project"], {canonicalize_name(sibling.name): version for sibling in siblings})
    # Where a requirement comes from in this workspace is nothing a consumer could use.
    document.get("tool", {}).get("uv", {}).pop("sources", None)
    manifest.write_text(tomli_w.dumps(document), encoding="utf-8")


def _keep(packed: Path, place: Path, view: Path, version: str, sources: Sequence[str], context: StepContext) -> None:
    (packed / ".gitignore").unlink(missing_ok=True)  # uv build leaves one in every output folder
    manifest = seal(packed, version, git.list_uncommitted(context.runner, context.root, sources))
    mirror(packed, place)
    show_version(place, view)
    context.detail["version"] = version
    if manifest.uncommitted:
        context.detail["uncommitted"] = f"{len(manifest.uncommitted)} uncommitted"
    for path, sealed in manifest.artifacts.items():
        if kind_of(Path(path)):
            context.detail[f"sha256 {path.rpartition('/')[2]}"] = sealed.sha256
