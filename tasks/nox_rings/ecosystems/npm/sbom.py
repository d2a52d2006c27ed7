"""The bill of materials of an npm package, by `pnpm sbom`."""

from __future__ import annotations

import json
import shutil

from nox_rings.artifacts.sbom.recipe import Bill, Packing
from nox_rings.ecosystems.npm import pnpm
from nox_rings.engine.paths import joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import StepContext
from nox_rings.engine.versions import version_at_least

LOCKFILE = "pnpm-lock.yaml"
LEAST_PNPM = "12"  # `pnpm sbom`


def npm_command(packing: Packing) -> Command:
    home = packing.member.home
    store = packing.kitchen.layout.root / home / "node_modules" / ".pnpm"
    return pnpm.bill_command(packing.copy / home, packing.member.name, store)


def npm_bill(packing: Packing, context: StepContext) -> Bill | None:
    """In the stamped copy, which knows the version; it lacks the lockfile, which is no part of a package. Says so where
    pnpm comes from PATH and is too old."""
    if not version_at_least(found := packing.target.tools["pnpm"], LEAST_PNPM):
        context.say(f"NO bill of materials: found pnpm {found}, expected {LEAST_PNPM} or newer")
        context.detail["sbom"] = "none"
        return None
    lockfile = joined(packing.member.home, LOCKFILE)
    shutil.copyfile(packing.kitchen.layout.root / lockfile, packing.copy / lockfile)
    document = json.loads(context.runner.require(context.command(npm_command(packing))))
    manifest = json.loads((packing.copy / packing.member.folder / "package.json").read_text(encoding="utf-8"))
    return Bill(document=document, license=str(manifest.get("license", "")))
