"""Ring 2, before anything is published: install the packed set in clean folders, and type-check programs that use it
(docs/install-check.md).

Requirements in the workspace come from the set, all others from the registries of this machine. Each SDK has a folder
of its own outside the work tree: beside its siblings it would find packages that it does not require."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from nox_rings.artifacts.model import InstallCheckSubject
from nox_rings.artifacts.seal.sealing import require_sealed
from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.packed_set import Packed, PackedSet
from nox_rings.engine.layout import file_name
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.run.steps import Action, Step
from nox_rings.engine.store.trees import empty_folder

RECIPE = Recipe(version=1, source="f639da30af0c2c68")


def install_check_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    subject = subject_of(target, InstallCheckSubject)
    clean = context.layout.scratch / file_name(target.id)
    packed = _packed_set(subject, context, clean)
    folders = ", ".join(folder for folder, _ in subject.sdks)
    return (
        Action(description=f"compare {folders} with their manifests", act=lambda _: _begin(packed, clean, context)),
        *context.ecosystems[subject.ecosystem].install_check_steps(packed, target.tools),
        Action(description=f"remove {clean}", act=lambda _: shutil.rmtree(clean)),
    )


def _packed_set(subject: InstallCheckSubject, context: RecipeContext, clean: Path) -> PackedSet:
    root, ecosystem = context.layout.root, context.ecosystems[subject.ecosystem]
    version = ecosystem.version(context.versions)
    sdks = tuple(
        Packed(member=member, folder=root / folder, clean=clean / folder.rpartition("/")[2], version=version)
        for folder, member in subject.sdks
    )
    return PackedSet(
        sdks=sdks,
        absent=subject.absent,
        generated_roots=subject.generated_roots,
        root=root,
        files=context.files,
        fix=ecosystem.install_check_fix,
    )


def _begin(packed: PackedSet, clean: Path, context: RecipeContext) -> None:
    """Nothing is started for artifacts that differ from their manifest."""
    for sdk in packed.sdks:
        require_sealed(sdk.folder)
    context.layout.make_scratch()
    empty_folder(clean)
