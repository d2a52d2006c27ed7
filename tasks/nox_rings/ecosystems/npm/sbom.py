"""The components of an npm package, by `pnpm sbom`."""

from __future__ import annotations

import json
import shutil

from nox_rings.ecosystems.model import Packing, SbomSource
from nox_rings.ecosystems.npm import pnpm
from nox_rings.engine.paths import joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import StepContext
from nox_rings.engine.versions import version_at_least

LOCKFILE = "pnpm-lock.yaml"
LEAST_PNPM = "12"  # `pnpm sbom`


def command(packing: Packing) -> Command:
    root = packing.member.install_root
    store = packing.context.layout.root / root / "node_modules" / ".pnpm"
    return pnpm.sbom_command(packing.copy / root, packing.member.name, store)


def source(packing: Packing, step: StepContext) -> SbomSource | None:
    """Runs in the stamped copy, which has the version; the lockfile is no part of a package and is copied for it.
    Reports a pnpm from PATH that is too old."""
    if not version_at_least(found := packing.tools["pnpm"], LEAST_PNPM):
        step.say(f"NO sbom: found pnpm {found}, expected {LEAST_PNPM} or newer")
        step.detail["sbom"] = "none"
        return None
    lockfile = joined(packing.member.install_root, LOCKFILE)
    if not (packing.context.layout.root / lockfile).is_file():
        step.say(f"NO sbom: found no {lockfile}, which `pnpm sbom` reads")
        step.detail["sbom"] = "none"
        return None
    shutil.copyfile(packing.context.layout.root / lockfile, packing.copy / lockfile)
    document = json.loads(step.runner.require(step.command(command(packing))))
    manifest = json.loads((packing.copy / packing.member.folder / "package.json").read_text(encoding="utf-8"))
    return SbomSource(document=document, license=str(manifest.get("license", "")))
