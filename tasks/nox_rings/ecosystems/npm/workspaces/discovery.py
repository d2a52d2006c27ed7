"""The packages of a repository, whatever manages them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from nox_rings.ecosystems.model import Discovered
from nox_rings.ecosystems.npm.builds.gitignore import GitIgnore
from nox_rings.ecosystems.npm.builds.settings import SettingsFiles
from nox_rings.ecosystems.npm.builds.tsconfig import CompilerSettings
from nox_rings.ecosystems.npm.locks.files import Lockfile, locks_of
from nox_rings.ecosystems.npm.locks.parts import Parts
from nox_rings.ecosystems.npm.workspaces.commands import find_own_yarn
from nox_rings.ecosystems.npm.workspaces.managers import Manager
from nox_rings.ecosystems.npm.workspaces.manifest import MANIFEST, Packages
from nox_rings.ecosystems.npm.workspaces.marks import marks_of
from nox_rings.ecosystems.npm.workspaces.members import ECOSYSTEM, Edges, edges_of, member_of, members_of
from nox_rings.ecosystems.npm.workspaces.roots import PINS, Root, add_missing_lockfile, files_of, find_roots
from nox_rings.ecosystems.npm.workspaces.settings import is_parted, settings_digest
from nox_rings.ecosystems.npm.workspaces.versions import tell_versions
from nox_rings.engine.paths import at_or_above
from nox_rings.workspace.model import InstallRoot, Member
from nox_rings.workspace.sources import Sources, folder_of


def discover(sources: Sources) -> Discovered:
    packages = Packages(sources, GitIgnore(sources), CompilerSettings(sources), SettingsFiles(sources))
    roots = find_roots(sources, packages)
    locks = {root.folder: locks_of(sources, packages, root) for root in roots}
    known = frozenset(folder for root in roots for folder in root.packages)
    alone = tuple(_alone(sources, packages, {root.folder for root in roots}, known))
    known |= {each.folder for each in alone}
    edges = {root.folder: edges_of(sources, packages, root, locks[root.folder], known) for root in roots}
    by_root = {root.folder: tuple(members_of(sources, packages, root, edges[root.folder])) for root in roots}
    members = [*(each for found in by_root.values() for each in found), *alone]
    for root in roots:
        add_missing_lockfile(sources, root)
    tell_versions(sources, packages, roots)
    installed = tuple(_install_root(sources, packages, root, locks[root.folder]) for root in roots)
    return Discovered(
        install_roots=installed,
        members=tuple(sorted(members, key=lambda each: each.folder)),
        parts=_parts(packages, locks, edges, by_root),
    )


def _parts(
    packages: Packages,
    locks: Mapping[str, Mapping[str, Lockfile]],
    edges: Mapping[str, Mapping[str, Edges]],
    members: Mapping[str, Iterable[Member]],
) -> Mapping[str, Mapping[str, str]]:
    """By the folders of members; one whose lockfile does not say what it gets has none."""
    parts = Parts(
        packages,
        {folder: lock for one in locks.values() for folder, lock in one.items()},
        {folder: found for one in edges.values() for folder, found in one.items()},
    )
    found = {each.folder: parts.of(root, each.folder) for root, listed in members.items() for each in listed}
    return {folder: part for folder, part in found.items() if part is not None}


def _install_root(sources: Sources, packages: Packages, root: Root, locks: Mapping[str, Lockfile]) -> InstallRoot:
    files = files_of(sources, packages, root)
    is_yarn = root.manager in (Manager.YARN, Manager.BERRY)
    return InstallRoot(
        folder=root.folder,
        ecosystem=ECOSYSTEM,
        lockfile=root.lockfile,
        files=files,
        parted=tuple(path for path in files if is_parted(path, locks)),
        settings=settings_digest(sources, packages, root),
        manager=root.manager.value,
        program=find_own_yarn(sources, root.folder) if is_yarn else "",
        installed=marks_of(sources, packages, root, {folder: each.links for folder, each in locks.items()}),
        apart=root.apart,
    )


def _alone(sources: Sources, packages: Packages, roots: Collection[str], known: Collection[str]) -> Iterator[Member]:
    """Packages that no root installs. One without any dependency needs no installation; of the others it is told."""
    for path in sources.named(MANIFEST):
        folder = folder_of(path)
        if folder in known:
            continue
        package = packages.at(folder)
        if PINS.fullmatch(folder):
            sources.pass_over(path, "it pins tools of nox-rings")
            continue
        needs = any(True for _ in package.needs)
        if package.checks and not needs and not any(each in roots for each in at_or_above(folder)):
            yield member_of(sources, packages, folder, folder)
        elif package.checks or needs:
            sources.pass_over(
                path,
                "no lockfile lies beside it, and no workspace has it as a member",
                f"add it to the members of a workspace, or commit the lockfile that an installation in {folder} writes",
            )
