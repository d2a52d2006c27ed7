"""Consumers of packed npm packages: manifests that install them, programs that import them, and their compiler."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from nox_rings.ecosystems.artifact import NPM, Artifact
from nox_rings.ecosystems.npm import consumer as consumer_npm
from nox_rings.ecosystems.npm.entry_points import Mode, entry_points, unreached
from nox_rings.ecosystems.npm.gate.manifest import ROOT, manifest_of
from nox_rings.ecosystems.packed_set import Packed, PackedSet, write
from nox_rings.engine.paths import joined
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import StepContext
from nox_rings.engine.store.trees import copy_files

MANIFEST, COMPILER, PACKED = "package.json", "typescript", "packed"


def find_compiler(sdk: Packed, root: Path) -> Path | None:
    """Where the SDK's scripts find `tsc`, as its lockfile pins it: its manifest or that of its workspace names it."""
    for folder in (sdk.member.folder, sdk.member.install_root):
        manifest = root / joined(folder, MANIFEST)
        document = json.loads(file_text(manifest)) if manifest.is_file() else {}
        if any(COMPILER in document.get(table, {}) for table in ("devDependencies", "dependencies")):
            return root / folder / "node_modules" / ".bin" / "tsc"
    return None


def settings_of(sdk: Packed, packed: PackedSet, mode: Mode) -> tuple[str, ...]:
    """Names of the compiler's settings: for the generated program, and for those of the SDK's own."""
    return (f"{mode}.json", f"smoke-{mode}.json") if _has_own_programs(sdk, packed) else (f"{mode}.json",)


def _has_own_programs(sdk: Packed, packed: PackedSet) -> bool:
    folder = f"{sdk.member.folder}/smoke/"
    return any(path.startswith(folder) and path.endswith(consumer_npm.OWN_SUFFIXES) for path in packed.files)


def write_consumers(packed: PackedSet, context: StepContext) -> None:
    tarballs = {sdk.member.name: (sdk.version, f"{PACKED}/{sdk.path(NPM)}") for sdk in packed.sdks}
    settings = consumer_npm.render_settings(tarballs, packed.absent)
    proofs = []
    for sdk in packed.sdks:
        for other in packed.sdks:
            copy_files(other.folder, [other.path(NPM)], sdk.home / PACKED)
        packed.copy_own_programs(sdk)
        tarball = sdk.opened(NPM)
        manifest = manifest_of(tarball) or {}
        types = consumer_npm.type_packages(manifest) if _has_own_programs(sdk, packed) else ()
        programs = _programs(packed, tarball, context)
        texts = {MANIFEST: consumer_npm.render_manifest(manifest, types), "pnpm-workspace.yaml": settings}
        write(sdk.home, {**programs, **_compiler_settings(types), **texts})
        imports = sum(text.count("import ") for text in programs.values())
        if find_compiler(sdk, packed.root):
            proofs.append(f"{imports} imports, tsc --strict ({', '.join(Mode)})")
        else:
            path = joined(sdk.member.folder, MANIFEST)
            proofs.append(f"{sdk.member.name} NOT type-checked: no {COMPILER} in the devDependencies of {path}")
            context.say(proofs[-1])
    context.detail["proof"] = "; ".join(proofs)


def _programs(packed: PackedSet, tarball: Artifact, context: StepContext) -> dict[str, str]:
    """A program for each mode: conditions may make different entry points of one package."""
    manifest = manifest_of(tarball) or {}
    files = [entry.path.removeprefix(ROOT) for entry in tarball.entries]
    found = {mode: entry_points(manifest, files, mode) for mode in Mode}
    if not any(found.values()):
        packed.refuse([packed.nothing_to_import(tarball.name, "an entry point under the condition `import`")])
    if left := unreached(manifest):
        context.say(f"{tarball.name}: no import reaches {', '.join(left)}: NOT type-checked")
    return {f"{mode}.ts": consumer_npm.render_program(specifiers) for mode, specifiers in found.items()}


def _compiler_settings(types: Sequence[str]) -> dict[str, str]:
    names = [each.removeprefix(consumer_npm.TYPES) for each in types]
    render = consumer_npm.render_compiler_settings
    return {
        **{f"{mode}.json": render(mode, [f"{mode}.ts"]) for mode in Mode},
        **{f"smoke-{mode}.json": render(mode, consumer_npm.OWN_PROGRAMS, names) for mode in Mode},
    }
