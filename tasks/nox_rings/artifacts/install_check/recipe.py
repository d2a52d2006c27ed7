"""Ring 2, before anything is published: install the packed set in clean places, and type-check programs that use it
(docs/install-check.md).

Whatever an SDK requires of the workspace comes from the set, everything else from the registries of this machine. Each
SDK has a place of its own outside the work tree: beside its siblings it would find what it forgot to require."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nox_rings.artifacts.seal.sealing import require_sealed
from nox_rings.ecosystems.go.install_check import go_steps
from nox_rings.ecosystems.npm.install_check import npm_steps
from nox_rings.ecosystems.packed_set import Packed, PackedSet
from nox_rings.ecosystems.pypi.install_check import pypi_steps
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.run.steps import Action, Step
from nox_rings.engine.store.trees import empty_folder
from nox_rings.sessions.kitchen import Kitchen
from nox_rings.sessions.packed_targets import InstallSource
from nox_rings.workspace.language import Language

STEPS: Mapping[Language, Callable[[PackedSet, Target], Sequence[Step]]] = {
    Language.TS: npm_steps,
    Language.PY: pypi_steps,
    Language.GO: go_steps,
}
FIX = {
    Language.TS: "declare as dependencies what it imports, with its types; then nox -s sdk-ts -- --pack",
    Language.PY: "declare as dependencies what it imports, and ship py.typed; then nox -s sdk-py -- --pack",
    Language.GO: "GOWORK=off go mod tidy in the module; then nox -s sdk-go -- --pack",
}


def install_check_steps(target: Target, source: InstallSource, kitchen: Kitchen) -> Sequence[Step]:
    place = kitchen.scratch / target.id.replace(":", "-")
    packed = _packed_set(source, kitchen, place)
    folders = ", ".join(folder for folder, _ in source.sdks)
    return (
        Action(description=f"compare {folders} with their manifests", act=lambda _: _begin(packed, place)),
        *STEPS[source.language](packed, target),
        Action(description=f"remove {place}", act=lambda _: shutil.rmtree(place)),
    )


def _packed_set(source: InstallSource, kitchen: Kitchen, place: Path) -> PackedSet:
    root = kitchen.layout.root
    sdks = tuple(
        Packed(
            member=member,
            folder=root / folder,
            place=place / folder.rpartition("/")[2],
            version=kitchen.versions.of(source.language),
        )
        for folder, member in source.sdks
    )
    taken = {sdk.member.name for sdk in sdks}
    speaking = (member.name for member in kitchen.workspace.members if member.language is source.language)
    absent = tuple(dict.fromkeys(name for name in speaking if name and name not in taken))
    return PackedSet(
        sdks=sdks,
        absent=absent,
        generated_roots=kitchen.workspace.generated_roots,
        root=root,
        files=kitchen.files,
        fix=FIX[source.language],
    )


def _begin(packed: PackedSet, place: Path) -> None:
    """Nothing is started for artifacts that are not what was packed."""
    for sdk in packed.sdks:
        require_sealed(sdk.folder)
    empty_folder(place)
