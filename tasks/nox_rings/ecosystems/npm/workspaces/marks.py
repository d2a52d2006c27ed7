"""What shows that a root is still installed: records of the manager, links and manifests that it surely writes by its
settings in the repository, and the names in the folders that it fills.

A package that was removed, or its link, is missed there, by a stat of each folder. What lies inside of a package is not
looked at: that would be a walk of node_modules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nox_rings.ecosystems.npm.locks.links import ELSEWHERE, BunLinks, Links, NpmLinks, PnpmLinks
from nox_rings.ecosystems.npm.workspaces.managers import Manager
from nox_rings.ecosystems.npm.workspaces.manifest import Package, Packages
from nox_rings.ecosystems.npm.workspaces.roots import Root
from nox_rings.engine.paths import below, joined
from nox_rings.workspace.sources import Sources

# Settings that move what is installed, in files that not every version of a manager reads.
MOVES = re.compile(
    r"^\s*[\"-]*(?:modules-?dir|modules-?folder|virtual-?store-?dir|node-?linker|install-?strategy|global-?style"
    r"|install-?links|package-?lock|shared-?workspace-?lockfile|pnp)\b",
    re.MULTILINE | re.IGNORECASE,
)
LINKER = re.compile(r"^nodeLinker:\s*[\"']?([\w-]+)", re.MULTILINE)
# Of a package in package-lock.json: it may be left out.
UNSURE = ("optional", "devOptional", "link", "peer")
BUN_LINKER = re.compile(r"^\s*linker\s*=\s*[\"'](\w+)", re.MULTILINE)
RUNTIMES = frozenset({"node", "deno", "bun"})


def marks_of(sources: Sources, packages: Packages, root: Root, links: dict[str, Links]) -> tuple[str, ...]:
    """`links` are what lockfiles record, by the folders of packages."""
    if any(MOVES.search(_text(sources, root, name)) for name in (".npmrc", ".yarnrc")):
        return ()
    if root.manager is Manager.PNPM:
        found = _pnpm(packages, root, links)
    elif root.manager is Manager.NPM:
        found = _npm(root, links)
    elif root.manager is Manager.YARN:
        found = iter((joined(root.folder, "node_modules/.yarn-integrity"),))
    elif root.manager is Manager.BERRY:
        found = _berry(sources, root)
    else:
        found = _bun(sources, packages, root, links)
    marks = [*found]
    if not (root.manager is Manager.BERRY and ".pnp.cjs" in map(_name, marks)):
        marks += _folders(packages, root)
    return tuple(sorted(path for path in dict.fromkeys(marks) if not path.startswith(("/", ".."))))


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _folders(packages: Packages, root: Root) -> Iterator[str]:
    """The node_modules of the root and of each package, with the scopes in them that packages require."""
    modules = root.settings.get("modulesDir") or "node_modules"
    scopes: dict[str, set[str]] = {}
    for folder in (root.folder, *root.members):
        names = (need.name for need in packages.at(folder).needs)
        scopes[folder] = {name.partition("/")[0] for name in names if name.startswith("@")}
    shared = {scope for each in scopes.values() for scope in each}
    for folder, own in scopes.items():
        yield joined(folder, modules) + "/"
        yield from (joined(folder, f"{modules}/{scope}") + "/" for scope in (shared if folder == root.folder else own))


def _text(sources: Sources, root: Root, name: str) -> str:
    path = joined(root.folder, name)
    return sources.loose_text(path) if path in sources.known else ""


def _pnpm(packages: Packages, root: Root, links: dict[str, Links]) -> Iterator[str]:
    """A copy of the lockfile beside the store (node_modules/.modules.yaml contains times), and a link in each package
    that has dependencies."""
    modules = root.settings.get("modulesDir") or "node_modules"
    store = root.settings.get("virtualStoreDir") or f"{modules}/.pnpm"
    isolated = (root.settings.get("nodeLinker") or "isolated") == "isolated"
    shared = links.get(root.folder)
    if isinstance(shared, PnpmLinks) and any(shared.importers.values()) and not _is_split(root, links):
        yield joined(root.folder, f"{store}/lock.yaml")
        yield joined(root.folder, store) + "/"
    for folder, found in links.items() if isolated else ():
        if isinstance(found, PnpmLinks):
            yield from _first_link(packages.at(folder), found, modules)


def _is_split(root: Root, links: dict[str, Links]) -> bool:
    return root.settings.get("sharedWorkspaceLockfile") is False or any(
        each is not links[root.folder] for each in links.values()
    )


def _last_name(key: str) -> str:
    """`a/@b/c` is the `@b/c` of `a`."""
    before, _, name = key.rpartition("/")
    scope = before.rpartition("/")[2]
    return f"{scope}/{name}" if scope.startswith("@") else name


def _first_link(package: Package, links: Links, modules: str) -> Iterator[str]:
    """Of a package from elsewhere its manifest, behind the link; of a sibling the link alone."""
    found = _required(package, links)
    for name in sorted(found, key=lambda each: (found[each] != ELSEWHERE, each))[:1]:
        yield joined(package.folder, f"{modules}/{name}{'/package.json' if found[name] == ELSEWHERE else ''}")


def _required(package: Package, links: Links) -> dict[str, str]:
    """What is installed in any case: name → where the lockfile leads to."""
    needs = [each for each in package.needs if each.table in ("dependencies", "devDependencies")]
    optional = {each.name for each in package.needs if each.table == "optionalDependencies"} | RUNTIMES
    found = {each.name: links.target(package, each) for each in needs if each.name not in optional}
    return {name: target for name, target in found.items() if target is not None}


def _npm(root: Root, links: dict[str, Links]) -> Iterator[str]:
    """npm's own record, its links to packages of the workspace, and of each package that has a node_modules of its own
    a manifest in there."""
    shared = links.get(root.folder)
    if not isinstance(shared, NpmLinks):
        return
    installed = [path for path in shared.packages if "node_modules/" in path]
    if installed:
        yield joined(root.folder, "node_modules/.package-lock.json")
    for path in installed:
        entry = shared.packages[path]
        if isinstance(entry, dict) and entry.get("link") and not any(entry.get(key) for key in UNSURE if key != "link"):
            yield joined(root.folder, path)
    seen: set[str] = set()
    members = {below(root.folder, each) for each in root.members}
    for path in installed:
        owner = path.partition("/node_modules/")[0]
        package = shared.packages[path]
        plain = isinstance(package, dict) and not any(package.get(key) for key in UNSURE)
        if owner in members and owner not in seen and plain:
            seen.add(owner)
            yield joined(root.folder, f"{path}/package.json")


def _berry(sources: Sources, root: Root) -> Iterator[str]:
    linker = LINKER.search(_text(sources, root, ".yarnrc.yml"))
    if linker and linker[1] == "node-modules":
        yield joined(root.folder, "node_modules/.yarn-state.yml")
    elif not linker or linker[1] == "pnp":
        yield joined(root.folder, ".pnp.cjs")


def _bun(sources: Sources, packages: Packages, root: Root, links: dict[str, Links]) -> Iterator[str]:
    """It leaves no record: a link in each package, or a package that all share."""
    shared = links.get(root.folder)
    if not isinstance(shared, BunLinks):
        return
    linker = BUN_LINKER.search(_text(sources, root, "bunfig.toml"))
    if linker[1] == "isolated" if linker else shared.isolated:
        yield joined(root.folder, "node_modules/.bun") + "/"
        for folder in links:
            yield from _first_link(packages.at(folder), shared, "node_modules")
    else:
        own = {name for key in shared.packages if (name := _last_name(key)) != key}
        needs = (each for folder in links for each in _required(packages.at(folder), shared) if each not in own)
        yield from (joined(root.folder, f"node_modules/{name}/package.json") for name in list(needs)[:1])
