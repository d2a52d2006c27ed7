"""An npm package, copied and stamped, and what its artifact is compared with."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nox_rings.ecosystems.model import GateSettings, Packing
from nox_rings.ecosystems.npm import pnpm
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.targets import Inputs
from nox_rings.engine.reading import file_text
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.engine.store.wildcards import has_wildcard
from nox_rings.workspace.model import Member

MANIFEST = "package.json"
WORKSPACE = "pnpm-workspace.yaml"
# Of the workspace: ranges, catalogs and what is ignored; hooks (https://pnpm.io/pnpmfile); and the license, which pnpm
# packs where a package has none.
SETTINGS = (MANIFEST, WORKSPACE, ".pnpmfile.cjs", ".pnpmfile.mjs", ".gitignore", ".npmignore")
LICENSES = "LICEN[CS]E*"
# No package contains the first, unless it is bundled; hidden files that git ignores are settings of one machine.
NEVER_PACKED = ("**/node_modules", "**/.*")
# The prefix that pnpm writes for a workspace range (https://pnpm.io/workspaces#publishing-workspace-packages).
WORKSPACE_RANGES = {"workspace:*": "", "workspace:^": "^", "workspace:~": "~"}
DEPENDENCY_TABLES = ("peerDependencies", "optionalDependencies", "dependencies")
RUN = re.compile(r"(?:npm|pnpm|yarn|bun)(?: run)? (\S+)")


def pack_inputs(own: Inputs, member: Member) -> Inputs:
    """`own` with what `pnpm pack` reads of the member that git does not list, and of its workspace."""
    folder, root = member.folder, member.install_root
    whole = tuple(each for each in member.packed if each != folder and not has_wildcard(each))
    globs = [each for each in member.packed if each not in whole]
    settings = [] if root == folder else [joined(root, name) for name in SETTINGS]
    return replace(
        own,
        files=tuple(dict.fromkeys((*own.files, *settings))),
        globs=(*globs, *([] if root == folder else [joined(root, LICENSES)])),
        context=folder,
        ignore=NEVER_PACKED,
        whole=(*own.whole, *whole),
    )


def stamp(member: Member, packing: Packing) -> None:
    """Write the version of this release into the copy of the member's manifest, and of the one that is published
    instead of it."""
    folder = packing.copy / member.folder
    document = _stamp(folder / MANIFEST, packing.version)
    publish = document.get("publishConfig")
    directory = publish.get("directory") if isinstance(publish, dict) else None
    if isinstance(directory, str) and (instead := folder / directory / MANIFEST).is_file():
        _stamp(instead, packing.version)


def _stamp(manifest: Path, version: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(file_text(manifest))
    document["version"] = version
    manifest.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return document


def complete_copy(packing: Packing) -> None:
    """Of a workspace that another package manager installs, a description that pnpm reads: what is ignored at its root
    holds for its packages, for npm as for pnpm."""
    root, member = packing.copy / packing.member.install_root, packing.member
    if member.install_root != member.folder and not (root / WORKSPACE).exists():
        prefix = "" if member.install_root == "." else f"{member.install_root}/"
        packages = [each.folder.removeprefix(prefix) for each in packing.subject.copied]
        root.mkdir(parents=True, exist_ok=True)
        (root / WORKSPACE).write_text(json.dumps({"packages": packages}), encoding="utf-8")  # JSON is YAML


def pack_step(packing: Packing) -> Step:
    """`pnpm pack`, after the script `prepack` where that makes more than what was built already."""
    command = pnpm.pack_command(packing.copy / packing.member.folder, packing.packed)
    prepack = _scripts(packing.context.layout.root / packing.member.folder / MANIFEST).get("prepack", "")
    if is_built(prepack, packing.member.checks):
        return command
    before = pnpm.script_command(packing.copy / packing.member.folder, "prepack")
    settings = packing.reproducible

    def act(step: StepContext) -> None:
        links = _link_installed(packing)
        step.run(replace(before, env={**before.env, **settings}))
        for link in links:
            link.unlink(missing_ok=True)
        step.run(replace(command, env={**command.env, **settings}))

    return Action(description=f"{' '.join(before.argv)} in the copy, then {' '.join(command.argv)}", act=act)


def is_built(script: str, checks: Sequence[str]) -> bool:
    """Whether a script only calls those among `checks`, which ran before."""
    calls = [each.strip() for each in script.split("&&") if each.strip()]
    return all((found := RUN.fullmatch(each)) and found[1] in checks for each in calls)


def _scripts(manifest: Path) -> dict[str, str]:
    try:
        document = json.loads(file_text(manifest))
    except (OSError, ValueError):
        return {}
    scripts = document.get("scripts") if isinstance(document, dict) else None
    return scripts if isinstance(scripts, dict) else {}


def _link_installed(packing: Packing) -> list[Path]:
    """Links to what is installed in the workspace, where the copy has nothing."""
    made = []
    for folder in dict.fromkeys((packing.member.folder, packing.member.install_root)):
        installed, link = packing.context.layout.root / folder / "node_modules", packing.copy / folder / "node_modules"
        if installed.is_dir() and not link.exists():
            link.symlink_to(installed)
            made.append(link)
    return made


def gate_settings(packing: Packing) -> GateSettings:
    """All packages of a workspace are released together: an installation of one gets the others of the same release."""
    names = [sibling.name for sibling in packing.subject.source.siblings]
    ranges = _ranges(packing.context.layout.root / packing.member.folder / MANIFEST) if names else {}
    siblings = {name: WORKSPACE_RANGES.get(ranges.get(name, ""), "") + packing.version for name in names}
    return GateSettings(siblings=siblings)


def _ranges(manifest: Path) -> dict[str, str]:
    document = json.loads(file_text(manifest))
    return {name: wanted for table in DEPENDENCY_TABLES for name, wanted in document.get(table, {}).items()}
