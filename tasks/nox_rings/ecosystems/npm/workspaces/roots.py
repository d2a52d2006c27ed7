"""Install roots: workspaces of pnpm, npm, yarn and bun, and packages with a lockfile of their own."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from nox_rings.ecosystems.npm.builds.lifecycle import read_by_installation
from nox_rings.ecosystems.npm.builds.outside import loaded_by
from nox_rings.ecosystems.npm.globs import glob_problems, takes_member
from nox_rings.ecosystems.npm.workspaces.managers import (
    ALL_LOCKFILES,
    PATCHES,
    SETTINGS,
    Manager,
    lockfile_of,
    manager_of,
)
from nox_rings.ecosystems.npm.workspaces.manifest import MANIFEST, Package, Packages
from nox_rings.ecosystems.npm.workspaces.minimatch import member_test
from nox_rings.engine.paths import at_or_above, below, files_under, joined
from nox_rings.workspace.sources import Sources, folder_of

PNPM_WORKSPACE, PNPM_LOCK = "pnpm-workspace.yaml", "pnpm-lock.yaml"
HOOKS = (".cjs", ".mjs", ".js")
OTHER_MANIFESTS = ("package.yaml", "package.json5")
# Where nox-rings finds the pins of its own tools (toolchain/providers.py).
PINS = re.compile(r"(?:.*/pins/)?tools/npm[^/]*")

OWN_LOCKFILES = re.compile(r"^\s*shared-workspace-lockfile\s*=\s*false\b", re.MULTILINE)


class PnpmWorkspace(TypedDict, total=False):
    packages: list[str]
    linkWorkspacePackages: Any
    sharedWorkspaceLockfile: Any
    virtualStoreDir: str
    modulesDir: str
    nodeLinker: str
    overrides: dict[str, Any]
    catalog: dict[str, Any]
    catalogs: dict[str, Any]
    patchedDependencies: dict[str, Any]
    pnpmfile: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A folder that is installed as a whole. `members` are the folders of its packages, the root's own not among them;
    `has_own` is whether a package lies at the root, `names_own` whether its globs say that it is a member. `settings`
    are those of pnpm-workspace.yaml."""

    folder: str
    manager: Manager
    lockfile: str
    members: tuple[str, ...]
    has_own: bool
    names_own: bool
    settings: PnpmWorkspace
    apart: bool = False

    @property
    def packages(self) -> tuple[str, ...]:
        return (self.folder, *self.members) if self.has_own else self.members


def find_roots(sources: Sources, packages: Packages) -> tuple[Root, ...]:
    """In the order of their folders; a package belongs to the outermost root that takes it."""
    manifests = sources.named(MANIFEST)
    pnpm = {folder_of(path) for path in sources.named(PNPM_WORKSPACE)}
    locked = {folder_of(path) for path in sources.named(*ALL_LOCKFILES)}
    folders = {folder_of(path) for path in manifests}
    declared = {each for each in folders if packages.at(each).globs is not None} | pnpm
    # The globs of a workspace name its members, wherever they lie.
    hidden = (path for path in sources.hidden if path.endswith(f"/{MANIFEST}") and "/node_modules/" not in f"/{path}")
    named = tuple(sorted((*manifests, *hidden)))
    claimed: set[str] = set()
    found: list[Root] = []
    for folder in sorted(declared | (locked & folders), key=_depth):
        if folder in claimed or (PINS.fullmatch(folder) and folder not in declared):
            continue
        root = _root(sources, packages, folder, named, claimed)
        claimed |= {folder, *root.members}
        found.append(root)
    by_folder = {each.folder: each for each in found}
    return tuple(_apart(by_folder, each) for each in sorted(found, key=lambda each: each.folder))


def _depth(folder: str) -> tuple[int, str]:
    return -1 if folder == "." else folder.count("/"), folder


def _apart(roots: Mapping[str, Root], root: Root) -> Root:
    """pnpm installs the workspace above it, wherever it is called, unless it is told that there is none."""
    above = (roots.get(each) for each in at_or_above(root.folder) if each != root.folder)
    inside = any(each and each.manager is Manager.PNPM and each.settings.get("packages") for each in above)
    return replace(root, apart=True) if inside and root.manager is Manager.PNPM and not root.settings else root


def _root(
    sources: Sources, packages: Packages, folder: str, manifests: tuple[str, ...], claimed: Iterable[str]
) -> Root:
    package = packages.at(folder)
    manager = manager_of(sources, package)
    workspace = joined(folder, PNPM_WORKSPACE)
    is_pnpm = manager is Manager.PNPM and workspace in sources.known
    settings: PnpmWorkspace = sources.yaml(workspace, PnpmWorkspace) if is_pnpm else {}
    lockfile = lockfile_of(sources, folder, manager)
    globs = tuple(settings.get("packages") or ()) if manager is Manager.PNPM else package.globs or ()
    if is_pnpm:
        for problem in glob_problems(globs):
            sources.add_problem(lockfile, f"{workspace}: packages: {problem}")
    takes: Callable[[str], bool] = (
        (lambda each: takes_member(each, globs)) if manager is Manager.PNPM else member_test(globs, manager)
    )
    inside = [folder_of(path) for path in files_under(manifests, folder)] if globs else []
    members = {each for each in inside if each != folder and each not in claimed and takes(below(folder, each))}
    if globs:
        _tell_others(sources, folder, takes, is_pnpm=manager is Manager.PNPM)
    if manager is Manager.BERRY:
        members |= {*_nested(packages, sorted(members), manifests)} - {folder, *claimed}
    return Root(
        folder=folder,
        manager=manager,
        lockfile=lockfile,
        members=tuple(sorted(members)),
        has_own=packages.has(folder),
        names_own=any(posixpath.normpath(each) == "." for each in globs),
        settings=settings,
    )


def _tell_others(sources: Sources, root: str, takes: Callable[[str], bool], *, is_pnpm: bool) -> None:
    """What the manager takes for a package beside those with a package.json that git lists: manifests in the other
    formats of pnpm, and submodules."""
    for path in sources.named(*OTHER_MANIFESTS) if is_pnpm else ():
        folder = folder_of(path)
        if takes(below(root, folder)) and joined(folder, MANIFEST) not in sources.known:
            name = path.rpartition("/")[2]
            sources.pass_over(path, f"a package of pnpm without a {MANIFEST}: no member", f"write {name} as {MANIFEST}")
    for path in files_under(sources.listed, root):
        if takes(below(root, path)) and sources.exists(joined(path, MANIFEST)):
            kind = "link to" if os.path.islink(sources.root / path) else "submodule with"  # noqa: PTH114
            reason = f"a {kind} a package of the workspace: no member, because git lists none of its files"
            named = "name the folder that it leads to in the globs of the workspace"
            sources.pass_over(
                path, reason, named if kind == "link to" else "list it in the inputs of the members that use it"
            )


def _nested(packages: Packages, members: Iterable[str], manifests: tuple[str, ...]) -> Iterator[str]:
    """Members of members, which yarn calls worktrees (https://yarnpkg.com/features/workspaces)."""
    for member in members:
        globs = packages.at(member).globs
        if globs:
            takes = member_test(globs, Manager.BERRY)
            inside = (folder_of(path) for path in files_under(manifests, member))
            found = [each for each in inside if each != member and takes(below(member, each))]
            yield from found
            yield from _nested(packages, found, manifests)


def files_of(sources: Sources, packages: Packages, root: Root) -> tuple[str, ...]:
    """What an installation reads; settings of the manager whether git lists them or not."""
    manifests = [joined(folder, MANIFEST) for folder in (root.folder, *root.members)]
    settings = {joined(root.folder, name) for name in SETTINGS[root.manager]}
    settings |= {joined(root.folder, each) for each in _named_files(packages, root)}
    settings = {path for path in settings if path in sources.known or sources.exists(path)}
    locks = [root.lockfile]
    if root.manager is Manager.PNPM:
        locks += [joined(folder, PNPM_LOCK) for folder in root.members]
    patches = [path for name in PATCHES for path in files_under(sources.listed, joined(root.folder, name))]
    hooks = [each for path in settings if path.endswith(HOOKS) for each in loaded_by(sources, root.folder, path)]
    return tuple(
        sorted(
            {path for path in (*manifests, *locks) if path in sources.known or path in sources.hidden}
            | {*settings, *patches, *hooks, *_run_files(sources, packages, root)}
        )
    )


def _run_files(sources: Sources, packages: Packages, root: Root) -> Iterator[str]:
    """What the scripts read that an installation runs."""
    for folder in (root.folder, *root.members):
        package = packages.at(folder)
        scripts = package.document.get("scripts") or {}
        is_root = folder == root.folder and bool(root.members)
        is_built = "build" in package.checks and not is_root
        yield from read_by_installation(sources, folder, scripts, is_built=is_built, is_root=is_root)


def _named_files(packages: Packages, root: Root) -> Iterator[str]:
    """Patches, wherever they lie, and a hook of pnpm by another name."""
    document = packages.at(root.folder).document if packages.has(root.folder) else {}
    own = document.get("pnpm")
    tables = (
        root.settings.get("patchedDependencies"),
        document.get("patchedDependencies"),
        own.get("patchedDependencies") if isinstance(own, dict) else None,
    )
    hooks = root.settings.get("pnpmfile") or ()
    named = [*([hooks] if isinstance(hooks, str) else hooks), *(each for one in tables for each in _values(one))]
    yield from (
        each for each in named if isinstance(each, str) and not posixpath.normpath(each).startswith(("/", ".."))
    )


def _values(table: Any) -> Iterable[Any]:
    return table.values() if isinstance(table, dict) else ()


def add_missing_lockfile(sources: Sources, root: Root) -> None:
    settings = joined(root.folder, ".npmrc")
    own = root.settings.get("sharedWorkspaceLockfile") is False or (
        settings in sources.known and bool(OWN_LOCKFILES.search(sources.loose_text(settings)))
    )
    if root.lockfile in sources.known or any(own and joined(each, PNPM_LOCK) in sources.known for each in root.members):
        return
    workspace = joined(root.folder, PNPM_WORKSPACE)
    beside = workspace if workspace in sources.known and root.manager is Manager.PNPM else joined(root.folder, MANIFEST)
    name = root.lockfile.rpartition("/")[2]
    sources.add_problem(
        root.lockfile,
        f"{beside}: found no {name} beside it, expected a committed lockfile "
        f"(run `{root.manager.program} install` in {root.folder})",
    )


def project_of(package: Package) -> bool:
    """Whether somebody could build or test it: a package.json may hold no more than `type`."""
    return bool(package.checks or any(True for _ in package.needs))
