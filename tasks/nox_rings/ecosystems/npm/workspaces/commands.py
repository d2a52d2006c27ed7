"""The commands of npm, pnpm, yarn and bun: installing exactly what the lockfile records, and running scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from nox_rings.ecosystems.npm.pnpm import ENVIRONMENT as PNPM
from nox_rings.ecosystems.npm.workspaces.managers import LOCKFILES, Manager
from nox_rings.engine.paths import joined
from nox_rings.engine.process.command import Command
from nox_rings.workspace.model import InstallRoot
from nox_rings.workspace.sources import Sources

QUIET = {"CI": "1", "NO_COLOR": "1"}
# No question before a download, and no refusal of a package manager that `packageManager` does not name: the version
# is that of the tools of this run.
ENVIRONMENTS: Mapping[Manager, Mapping[str, str]] = {
    Manager.PNPM: PNPM,
    Manager.NPM: {**QUIET, "COREPACK_ENABLE_STRICT": "0"},
    Manager.YARN: {**QUIET, "COREPACK_ENABLE_STRICT": "0", "SKIP_YARN_COREPACK_CHECK": "1"},
    Manager.BERRY: {**QUIET, "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0"},
    Manager.BUN: QUIET,
}
INSTALL: Mapping[Manager, tuple[str, ...]] = {
    Manager.PNPM: ("install", "--frozen-lockfile", "--reporter=append-only"),
    Manager.NPM: ("ci", "--no-audit", "--no-fund", "--no-update-notifier"),
    Manager.YARN: ("install", "--frozen-lockfile", "--non-interactive"),
    Manager.BERRY: ("install", "--immutable"),
    Manager.BUN: ("install", "--frozen-lockfile"),
}
# `yarnPath: .yarn/releases/yarn-4.9.1.cjs` of .yarnrc.yml, `yarn-path "…"` of .yarnrc.
OWN_YARN = re.compile(r"^(?:yarnPath:|yarn-path)\s*[\"']?([^\"'\s]+)", re.MULTILINE)


def install_command(manager: Manager, folder: Path, program: tuple[str, ...], *, apart: bool = False) -> Command:
    """`program` is what starts the manager."""
    alone = ("--ignore-workspace",) if apart else ()
    return Command(
        argv=(*program, *INSTALL[manager], *alone),
        cwd=folder,
        env=ENVIRONMENTS[manager],
        description=f"{manager.program} {INSTALL[manager][0]}",
    )


def script_command(manager: Manager, package: Path, program: tuple[str, ...], script: str) -> Command:
    return Command(
        argv=(*program, "run", script),
        cwd=package,
        env=ENVIRONMENTS[manager],
        description=f"{manager.program} run {script} in {package.name}",
    )


def manager_of_lockfile(lockfile: str) -> Manager:
    """yarn 1 and its successors run scripts alike. What has no lockfile is run by npm, which node brings."""
    name = lockfile.rpartition("/")[2]
    return next((each for each, names in LOCKFILES.items() if name in names), Manager.NPM)


def manager_of_root(root: InstallRoot) -> Manager:
    return Manager(root.manager) if root.manager else manager_of_lockfile(root.lockfile)


def tools_of(manager: Manager, program: str) -> tuple[str, ...]:
    """Programs that have to be there; a copy of yarn in the repository needs node alone."""
    if manager is Manager.BUN:
        return ("bun",)
    return ("node",) if program else ("node", manager.program)


def program_of(manager: Manager, copy: Path | None) -> tuple[str, ...]:
    return ("node", str(copy)) if copy else (manager.program,)


def find_own_yarn(sources: Sources, folder: str) -> str:
    """The yarn that the repository brings; empty where it brings none."""
    for name in (".yarnrc.yml", ".yarnrc"):
        path = joined(folder, name)
        found = OWN_YARN.search(sources.loose_text(path)) if path in sources.known else None
        if found and joined(folder, found[1]) in sources.listed:
            return joined(folder, found[1])
    return ""
