"""An npm package, copied and stamped, and what its artifact is compared with."""

from __future__ import annotations

import json
from pathlib import Path

from nox_rings.ecosystems.model import GateSettings, Packing
from nox_rings.ecosystems.npm.builds.outputs import published
from nox_rings.ecosystems.npm.workspaces.manifest import Package
from nox_rings.engine.paths import joined
from nox_rings.engine.reading import file_text
from nox_rings.engine.store.trees import copy_files, files_in
from nox_rings.workspace.model import Member

MANIFEST = "package.json"
# The prefix that pnpm writes for a workspace range (https://pnpm.io/workspaces#publishing-workspace-packages).
WORKSPACE_RANGES = {"workspace:*": "", "workspace:^": "^", "workspace:~": "~"}
DEPENDENCY_TABLES = ("peerDependencies", "optionalDependencies", "dependencies")


def stamp(member: Member, packing: Packing) -> None:
    """Copy the member's build, with what else it publishes and git ignores, and write the version of this release into
    the copy of its manifest."""
    root, folder = packing.context.layout.root, member.folder
    manifest = packing.copy / folder / MANIFEST
    document = json.loads(file_text(manifest))
    named = (joined(folder, each) for each in published(Package(folder, document)))
    for path in dict.fromkeys((joined(folder, "dist"), *member.outputs, *named)):
        copy_files(root, _files_at(root, path), packing.copy)
    document["version"] = packing.version
    manifest.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _files_at(root: Path, path: str) -> tuple[str, ...]:
    if (root / path).is_file():
        return (path,)
    found = (joined(path, each) for each in files_in(root / path))
    return tuple(each for each in found if "node_modules" not in each.split("/"))


def copy_settings(packing: Packing) -> None:
    """The settings of the member's workspace, which pnpm reads to replace workspace ranges."""
    member = packing.member
    if member.install_root != member.folder:
        settings = (joined(member.install_root, name) for name in (MANIFEST, "pnpm-workspace.yaml"))
        copy_files(packing.context.layout.root, settings, packing.copy)


def gate_settings(packing: Packing) -> GateSettings:
    """All packages of a workspace are released together: an installation of one gets the others of the same release."""
    names = [sibling.name for sibling in packing.subject.source.siblings]
    ranges = _ranges(packing.context.layout.root / packing.member.folder / MANIFEST) if names else {}
    siblings = {name: WORKSPACE_RANGES.get(ranges.get(name, ""), "") + packing.version for name in names}
    return GateSettings(siblings=siblings)


def _ranges(manifest: Path) -> dict[str, str]:
    document = json.loads(file_text(manifest))
    return {name: wanted for table in DEPENDENCY_TABLES for name, wanted in document.get(table, {}).items()}
