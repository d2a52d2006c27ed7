"""Ring 2: the artifacts of an SDK, packed from a stamped copy. The work tree itself is only read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nox_rings.artifacts.gate.recipe import gate_steps
from nox_rings.artifacts.sbom.recipe import sbom_steps
from nox_rings.artifacts.seal.sealing import seal, show_version
from nox_rings.ecosystems.archives import kind_of
from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.model import BUILD_FOLDERS, ArtifactSubject, Packing
from nox_rings.engine.paths import files_under, is_under, joined
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.engine.store.trees import copy_files, empty_folder, normalize_metadata, sync_tree
from nox_rings.workspace.git.worktree import Worktree

RECIPE = Recipe(version=1, source="ac7ffd3fc55a56c0")
EARLIEST_SECONDS = 315532800  # 1980: a zip file cannot hold an earlier time


def artifact_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    """Copy, stamp, pack into a scratch folder, then seal the packed artifacts and copy them into `dist/`.

    No output path contains the version: outputs are known before the commit is. `dist/VERSION/` lists them by
    version."""
    packing, folder = _packing(target, context), target.outputs[0]
    member, version, ecosystem = packing.member, packing.version, packing.ecosystem
    begin = Action(
        description=f"copy {member.folder} and stamp the copy with {version}",
        act=lambda _: _stamped_copy(packing),
    )
    pack = ecosystem.pack_step(packing)
    end = Action(
        description=f"seal the packed artifacts and copy them into {folder}",
        act=lambda step: _keep(packing, context.layout.root / folder, step),
    )
    reproducible = _reproducible(pack, packing.time_seconds) if isinstance(pack, Command) else pack
    return (begin, reproducible, *gate_steps(packing), *sbom_steps(packing), end)


def _packing(target: Target, context: RecipeContext) -> Packing:
    stage = context.layout.stage(target.id)
    return Packing(
        subject=subject_of(target, ArtifactSubject),
        tools=target.tools,
        context=context,
        copy=stage / "tree",
        packed=stage / "packed",
        stage=stage,
        time_seconds=max(context.time_seconds, EARLIEST_SECONDS),
    )


def _reproducible(command: Command, time_seconds: int) -> Command:
    """With the commit's time for now, and without the locale and the time zone of this machine."""
    settings = {"LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": str(time_seconds)}
    return replace(command, env={**command.env, **settings})


def _stamped_copy(packing: Packing) -> None:
    """The package, what is packed with it, and the settings of its workspace; versions only in the copy."""
    root, files = packing.context.layout.root, packing.context.files
    empty_folder(packing.copy)
    empty_folder(packing.packed)
    for member in packing.subject.copied:
        built = [joined(member.folder, name) for name in BUILD_FOLDERS]
        own = [path for path in files_under(files, member.folder) if not any(is_under(path, each) for each in built)]
        copy_files(root, own, packing.copy)
        packing.ecosystem.stamp(member, packing)
    packing.ecosystem.complete_copy(packing)
    normalize_metadata(packing.copy, packing.time_seconds)


def _keep(packing: Packing, folder: Path, step: StepContext) -> None:
    (packing.packed / ".gitignore").unlink(missing_ok=True)  # uv build leaves one in every output folder
    sources = [member.folder for member in packing.subject.copied]
    manifest = seal(packing.packed, packing.version, Worktree(step.runner, step.root).list_uncommitted(sources))
    sync_tree(packing.packed, folder)
    dist = packing.context.layout.root / "dist"
    show_version(folder, dist / packing.context.versions.npm / folder.relative_to(dist))
    step.detail["version"] = packing.version
    if manifest.uncommitted:
        step.detail["uncommitted"] = f"{len(manifest.uncommitted)} uncommitted"
    kinds = packing.ecosystem.artifact_kinds()
    for path, sealed in manifest.artifacts.items():
        if kind_of(path, kinds):
            step.detail[f"sha256 {path.rpartition('/')[2]}"] = sealed.sha256
