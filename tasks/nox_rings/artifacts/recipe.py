"""Ring 2: the artifacts of an SDK, packed from a stamped copy. The work tree itself is only read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nox_rings.artifacts.copying import copy_inputs
from nox_rings.artifacts.gate.recipe import gate_steps
from nox_rings.artifacts.sbom.recipe import sbom_steps
from nox_rings.artifacts.seal.sealing import seal, show_version
from nox_rings.ecosystems.archives import kind_of
from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.model import ArtifactSubject, Packing
from nox_rings.engine.layout import hide_folder
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.targets import Inputs, Target, subject_of
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.engine.store.trees import empty_folder, normalize_metadata, sync_tree
from nox_rings.workspace.git.worktree import Worktree

RECIPE = Recipe(version=2, source="ef4ae23af049830e")
EARLIEST_SECONDS = 315532800  # 1980: a zip file cannot hold an earlier time


def artifact_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    """Copy, stamp, pack into a scratch folder, then seal the packed artifacts and copy them into `dist/`.

    No output path contains the version: outputs are known before the commit is. `dist/VERSION/` lists them by
    version."""
    packing, folder = _packing(target, context), target.outputs[0]
    member, version, ecosystem = packing.member, packing.version, packing.ecosystem
    begin = Action(
        description=f"copy {member.folder} and stamp the copy with {version}",
        act=lambda step: _stamped_copy(packing, target.inputs, step),
    )
    pack = ecosystem.pack_step(packing)
    end = Action(
        description=f"seal the packed artifacts and copy them into {folder}",
        act=lambda step: _keep(packing, context.layout.root / folder, step),
    )
    reproducible = replace(pack, env={**pack.env, **packing.reproducible}) if isinstance(pack, Command) else pack
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


def _stamped_copy(packing: Packing, inputs: Inputs, step: StepContext) -> None:
    """Of all that the target reads, so that nothing else can be packed; versions only in the copy."""
    empty_folder(packing.copy)
    empty_folder(packing.packed)
    left_out = copy_inputs(packing.context, inputs, packing.copy, with_links=packing.ecosystem.packs_links)
    if left_out:
        step.detail["left out"] = f"{left_out[0]}{f' and {len(left_out) - 1} more' if left_out[1:] else ''}"
    for member in packing.subject.copied:
        packing.ecosystem.stamp(member, packing)
    packing.ecosystem.complete_copy(packing)
    normalize_metadata(packing.copy, packing.time_seconds)


def _keep(packing: Packing, folder: Path, step: StepContext) -> None:
    (packing.packed / ".gitignore").unlink(missing_ok=True)  # uv build leaves one in every output folder
    sources = [member.folder for member in packing.subject.copied]
    manifest = seal(packing.packed, packing.version, Worktree(step.runner, step.root).list_uncommitted(sources))
    dist = packing.context.layout.root / "dist"
    by_version = dist / packing.context.versions.npm
    hide_folder(folder.parent)
    sync_tree(packing.packed, folder)
    hide_folder(by_version)
    show_version(folder, by_version / folder.relative_to(dist))
    step.detail["version"] = packing.version
    if manifest.uncommitted:
        step.detail["uncommitted"] = f"{len(manifest.uncommitted)} uncommitted"
    kinds = packing.ecosystem.artifact_kinds()
    for path, sealed in manifest.artifacts.items():
        if kind_of(path, kinds):
            step.detail[f"sha256 {path.rpartition('/')[2]}"] = sealed.sha256
