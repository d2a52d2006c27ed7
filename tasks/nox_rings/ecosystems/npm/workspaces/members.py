"""Members of install roots, and the edges between them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from nox_rings.ecosystems.npm.builds.outputs import Built, built_by, packed_by
from nox_rings.ecosystems.npm.builds.outside import reads_outside, settings_texts
from nox_rings.ecosystems.npm.builds.scripts import called_packages, copied_files, environment_files, programs, reached
from nox_rings.ecosystems.npm.builds.settings import installed_frameworks, is_plain, loads_environment_files
from nox_rings.ecosystems.npm.locks.files import Lockfile
from nox_rings.ecosystems.npm.locks.links import ARCHIVES, ELSEWHERE, Links
from nox_rings.ecosystems.npm.workspaces.managers import Manager
from nox_rings.ecosystems.npm.workspaces.manifest import Need, Package, Packages
from nox_rings.ecosystems.npm.workspaces.roots import Root
from nox_rings.ecosystems.npm.workspaces.specs import Rule, UnansweredError, rule_of
from nox_rings.engine.paths import at_or_above, files_under, is_under, joined
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources

ECOSYSTEM = "npm"
ENVIRONMENT_FILES = (".env", ".env.*")
# They refuse a workspace with two packages of one name; pnpm does not.
NEEDS_NAMES = frozenset({Manager.NPM, Manager.YARN, Manager.BERRY, Manager.BUN})
AS_MEMBER = "list `.` among the members of the workspace, or move them into a member"


@dataclass(frozen=True, slots=True)
class Edges:
    """Folders a package depends on, and those of them that only its tests need, or that may be missing. `reads` are
    folders that are no package of any root."""

    all: frozenset[str] = frozenset()
    development: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()


def members_of(sources: Sources, packages: Packages, root: Root, edges: Mapping[str, Edges]) -> Iterator[Member]:
    """`edges` are by the folders of packages."""
    own = packages.at(root.folder)
    folders = root.packages if _is_member(root, edges) else root.members
    if root.has_own and root.folder not in folders and own.checks:
        sources.pass_over(
            own.path,
            f"found the scripts {', '.join(own.checks)} of the root of a workspace with members; they are not run, "
            "because they are mostly those that call the members'",
            AS_MEMBER,
        )
    _add_names(sources, packages, root, folders)
    installed = _lockfile_text(sources, root)
    names = _names_of(packages, root, edges)
    for folder in folders:
        called = {*_called(packages, folder, names)} - {folder}
        found = edges[folder]
        more = Edges(found.all | called, found.development | (called - found.all), found.reads)
        yield member_of(sources, packages, folder, root.folder, more, installed)


def member_of(
    sources: Sources,
    packages: Packages,
    folder: str,
    install_root: str,
    edges: Edges | None = None,
    installed: str | None = "",
) -> Member:
    """`installed` is the text of the lockfile that its packages come from; None where that cannot be read."""
    package, found = packages.at(folder), edges or Edges()
    scripts = package.document.get("scripts") or {}
    texts = reached(scripts, package.checks)
    called = programs(texts, scripts)
    named = reads_outside(sources, folder, texts) if package.checks else ()
    built = built_by(sources, package, packages.ignore, packages.compiler) if "build" in package.checks else Built()
    return Member(
        folder=package.folder,
        ecosystem=ECOSYSTEM,
        name=package.name,
        install_root=install_root,
        depends_on=tuple(sorted(found.all)),
        development=tuple(sorted(found.development)),
        reads=tuple(
            sorted(
                {
                    *packages.compiler.reads_outside(folder, texts),
                    *found.reads,
                    *packages.settings.above(folder, called),
                    *named,
                }
            )
        ),
        checks=package.checks,
        outputs=built.folders,
        exposed=built.exposed or bool(found.all - found.development),
        private=package.document.get("private") is True,
        embedded=(
            *environment_files(texts, folder),
            *(each for each in copied_files(texts, folder) if not sources.under(each)),
            *_environment_files(folder, install_root, called, installed),
        ),
        variables=() if is_plain(called) else installed_frameworks(installed),
        packed=packed_by(package),
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Folders of packages by name: `all` of a root, and those `shared` that the root itself requires: node finds these
    from every package below it."""

    all: Mapping[str, str]
    shared: Mapping[str, str]


def _names_of(packages: Packages, root: Root, edges: Mapping[str, Edges]) -> Names:
    shared = edges[root.folder].all if root.folder in edges else ()
    return Names(
        {packages.at(each).name: each for each in root.members},
        {packages.at(each).name: each for each in shared if each in root.members},
    )


def _called(packages: Packages, folder: str, names: Names) -> Iterator[str]:
    """Packages that one uses without requiring them: whose scripts it runs (`pnpm --filter NAME`), and of those that
    the root requires, the ones that its settings name."""
    package = packages.at(folder)
    texts = reached(package.document.get("scripts") or {}, package.checks)
    yield from (names.all[each] for each in called_packages(texts) if each in names.all)
    if names.shared and package.checks:
        settings = settings_texts(packages.sources, folder)
        extended = packages.compiler.packages(folder)
        for name, found in names.shared.items():
            if name in extended or any(re.search(rf"[\"']{re.escape(name)}[\"'/]", each) for each in settings):
                yield found


def _lockfile_text(sources: Sources, root: Root) -> str | None:
    """None where there is none, and with bun, which reads `.env` itself (https://bun.sh/docs/runtime/env)."""
    try:
        return None if root.manager is Manager.BUN else sources.loose_text(root.lockfile)
    except OSError:
        return None


def _environment_files(folder: str, install_root: str, called: Collection[str], installed: str | None) -> Iterator[str]:
    """`.env` and its like, in the package and above it within its workspace, where a program may load them."""
    if not is_plain(called) and loads_environment_files(installed):
        between = (each for each in at_or_above(folder) if is_under(each, install_root))
        yield from (joined(each, name) for each in between for name in ENVIRONMENT_FILES)


def _is_member(root: Root, edges: Mapping[str, Edges]) -> bool:
    """Whether the root's own package is more than the container of the others."""
    needed = any(root.folder in each.all for folder, each in edges.items() if folder != root.folder)
    return root.has_own and (root.names_own or not root.members or needed)


def edges_of(
    sources: Sources, packages: Packages, root: Root, locks: Mapping[str, Lockfile], known: Collection[str]
) -> dict[str, Edges]:
    """Of each package of the root. `known` are the folders of all packages of the repository."""
    rule = rule_of(sources, packages, root)
    return {
        folder: _edges_of(sources, packages, packages.at(folder), locks[folder], rule, known)
        for folder in root.packages
    }


def _edges_of(
    sources: Sources, packages: Packages, package: Package, lock: Lockfile, rule: Rule, known: Collection[str]
) -> Edges:
    needed: dict[str, bool] = {}
    reads: set[str] = set()
    for need in lock.needs(package):
        try:
            targets = _targets(package, need, lock.links, rule)
        except UnansweredError:
            sources.add_problem(
                package.path,
                f"{packages.location(package, need.name)}: {need.table}.{need.name}: found {need.spec}, "
                "expected the name of a package of this workspace",
            )
            continue
        for target in targets:
            if target in known and target != package.folder:
                needed[target] = needed.get(target, True) and need.development
            elif target != package.folder and files_under(sources.all_files, target):
                reads.add(target)
            elif maker := _maker(package.folder, target, known):
                needed[maker] = needed.get(maker, True) and need.development
            elif target != package.folder:
                reason = (
                    f"{need.table}.{need.name}: it leads to {target}, which git does not list: edits there are not seen"
                )
                sources.pass_over(package.path, reason, f"git add {target}")
    return Edges(frozenset(needed), frozenset(folder for folder, aside in needed.items() if aside), frozenset(reads))


def _maker(folder: str, target: str, known: Collection[str]) -> str | None:
    """The package whose build makes a folder that git does not list (https://pnpm.io/package_json#publishconfigdirectory);
    not one that `folder` lies in."""
    above = (each for each in at_or_above(target) if each in known and not target.endswith(ARCHIVES))
    return next((each for each in above if not is_under(folder, each)), None)


def _targets(package: Package, need: Need, links: Links, rule: Rule) -> tuple[str, ...]:
    target = links.target(package, need)
    if target is None:
        return rule.targets(package, need)
    return () if target == ELSEWHERE else (target,)


def _add_names(sources: Sources, packages: Packages, root: Root, folders: tuple[str, ...]) -> None:
    if root.manager not in NEEDS_NAMES:
        return
    first: dict[str, str] = {}
    for folder in folders:
        package = packages.at(folder)
        name = package.document.get("name")
        if not name and root.manager is Manager.YARN and folder != root.folder and package.document:
            sources.add_problem(package.path, f"{package.path}: name: found nothing, expected one: yarn 1 requires it")
        if name in first:
            for one, other in ((folder, first[name]), (first[name], folder)):
                location = packages.location(packages.at(one), "name")
                sources.add_problem(
                    joined(one, "package.json"),
                    f"{location}: name: found {name}, which {joined(other, 'package.json')} has too; "
                    f"{root.manager.program} expects a name of its own",
                )
        elif name:
            first[name] = folder
