"""pnpm ≥ 12: workspaces and packages (https://pnpm.io/pnpm-workspace_yaml), and the commands that build them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypedDict

from nox_rings.ecosystems.npm.globs import glob_problems, takes_member
from nox_rings.engine.paths import is_under, joined
from nox_rings.engine.process.command import Command
from nox_rings.workspace.model import InstallRoot, Member
from nox_rings.workspace.sources import Sources, folder_of, nearest

ECOSYSTEM = "npm"
DependencyTable = Literal["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"]
DEPENDENCY_TABLES: tuple[DependencyTable, ...] = (
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
)
CHECKS = ("build", "test")


class PackageJson(TypedDict, total=False):
    name: str
    scripts: dict[str, str]
    dependencies: dict[str, str]
    devDependencies: dict[str, str]
    optionalDependencies: dict[str, str]
    peerDependencies: dict[str, str]


class PnpmWorkspace(TypedDict, total=False):
    packages: list[str]


# No prompts, no colour, and no change of its own version: with a `packageManager` pin pnpm 12 would record itself for
# every platform (https://pnpm.io/settings#pmonfail).
ENVIRONMENT = {"CI": "1", "NO_COLOR": "1", "PNPM_CONFIG_PM_ON_FAIL": "ignore"}


def find_install_roots(sources: Sources) -> tuple[InstallRoot, ...]:
    """Folders with a pnpm-workspace.yaml, and packages outside any of them with a lockfile of their own."""
    workspaces = {folder_of(path) for path in sources.named("pnpm-workspace.yaml")}
    alone = {
        folder_of(path)
        for path in sources.named("pnpm-lock.yaml")
        if nearest(folder_of(path), workspaces) is None and joined(folder_of(path), "package.json") in sources.known
    }
    return tuple(_install_root(sources, folder) for folder in sorted(workspaces | alone))


def _install_root(sources: Sources, folder: str) -> InstallRoot:
    lockfile = joined(folder, "pnpm-lock.yaml")
    if lockfile not in sources.known:
        manifest = joined(folder, "pnpm-workspace.yaml")
        sources.add_problem(
            lockfile,
            f"{manifest}: found no pnpm-lock.yaml beside it, expected a committed lockfile "
            f"(run `pnpm install` in {folder})",
        )
    manifests = [joined(package, "package.json") for package in _packages(sources, folder)]
    settings = [joined(folder, name) for name in ("package.json", "pnpm-workspace.yaml", ".npmrc")]
    files = sorted({path for path in (*manifests, *settings, lockfile) if path in sources.known})
    return InstallRoot(folder=folder, ecosystem=ECOSYSTEM, lockfile=lockfile, files=tuple(files))


def _packages(sources: Sources, install_root: str) -> tuple[str, ...]:
    """Folders of the packages that an install root installs; the root of a workspace with members is their container,
    not one of them. A pnpm-workspace.yaml may hold settings only, for the package beside it."""
    manifest = joined(install_root, "pnpm-workspace.yaml")
    own = (install_root,) if joined(install_root, "package.json") in sources.known else ()
    if manifest not in sources.known:
        return own
    globs = sources.yaml(manifest, PnpmWorkspace).get("packages") or ()
    folders = [folder_of(path) for path in sources.named("package.json")]
    inside = [folder for folder in folders if is_under(folder, install_root) and folder != install_root]
    for problem in glob_problems(globs):
        sources.add_problem(joined(install_root, "pnpm-lock.yaml"), f"{manifest}: packages: {problem}")
    return tuple(folder for folder in inside if takes_member(_relative(folder, install_root), globs)) or own


def _relative(folder: str, install_root: str) -> str:
    return folder if install_root == "." else folder[len(install_root) + 1 :]


def find_members(sources: Sources, roots: tuple[InstallRoot, ...]) -> Iterator[Member]:
    for root in roots:
        manifests = {
            package: sources.json(joined(package, "package.json"), PackageJson)
            for package in _packages(sources, root.folder)
        }
        named: dict[str, list[str]] = {}
        for package, manifest in manifests.items():
            named.setdefault(str(manifest.get("name", "")), []).append(package)
        for package, manifest in manifests.items():
            yield Member(
                folder=package,
                ecosystem=ECOSYSTEM,
                name=str(manifest.get("name", "")),
                install_root=root.folder,
                depends_on=tuple(sorted(set(_local_dependencies(sources, package, manifests, named)))),
                checks=tuple(check for check in CHECKS if check in (manifest.get("scripts") or {})),
            )


def _local_dependencies(
    sources: Sources, package: str, manifests: dict[str, PackageJson], named: dict[str, list[str]]
) -> Iterator[str]:
    """`named` are packages of the pnpm workspace by name. Only `workspace:`, `link:` and `file:` are resolved in the
    workspace; a plain range goes to the registry (linkWorkspacePackages is off by default)."""
    for table in DEPENDENCY_TABLES:
        for name, spec in (manifests[package].get(table) or {}).items():
            if str(spec).startswith("workspace:"):
                found = named.get(name, [])
                yield from found
                if not found:
                    sources.add_problem(
                        joined(package, "package.json"),
                        f"{joined(package, 'package.json')}: {table}.{name}: found {spec}, "
                        f"expected the name of a package of this pnpm workspace",
                    )
            elif str(spec).startswith(("link:", "file:")):
                folder = joined(package, str(spec).partition(":")[2])
                yield from (folder,) if folder in manifests else ()


def install_command(install_root: Path) -> Command:
    return Command(
        argv=("pnpm", "install", "--frozen-lockfile", "--reporter=append-only"),
        cwd=install_root,
        env=ENVIRONMENT,
        description="pnpm install",
    )


def script_command(package: Path, script: str) -> Command:
    return Command(
        argv=("pnpm", "run", script), cwd=package, env=ENVIRONMENT, description=f"pnpm run {script} in {package.name}"
    )


def pack_command(package: Path, destination: Path) -> Command:
    """`pnpm pack` turns workspace: and catalog: ranges into versions; `npm pack` leaves them
    (https://pnpm.io/workspaces#publishing-workspace-packages)."""
    return Command(
        argv=("pnpm", "pack", "--config.ignore-scripts=true", "--pack-destination", str(destination)),
        cwd=package,
        env=ENVIRONMENT,
        description=f"pnpm pack {package.name}",
    )


def sbom_command(install_root: Path, package: str, store: Path) -> Command:
    """Prints a CycloneDX document of what the lockfile in `install_root` records for a package; licenses come from the
    packages that are installed below `store`."""
    arguments = ("--filter", package, "sbom", "--sbom-format", "cyclonedx", "--sbom-spec-version", "1.6", "--prod")
    argv = ("pnpm", *arguments, f"--config.virtual-store-dir={store}")
    return Command(argv=argv, cwd=install_root, env=ENVIRONMENT, description="pnpm sbom")


# By default pnpm 12 ignores versions younger than a day (https://pnpm.io/settings#minimumreleaseage).
FRESH_VERSIONS = {**ENVIRONMENT, "PNPM_CONFIG_MINIMUM_RELEASE_AGE": "0"}


def publish_command(tarball: Path, registry: str, cwd: Path) -> Command:
    argv = ("pnpm", "publish", str(tarball), "--registry", registry, "--no-git-checks", "--tag", "smoke")
    return Command(argv=argv, cwd=cwd, env=FRESH_VERSIONS, description="pnpm publish")


def add_command(name: str, version: str, cwd: Path) -> Command:
    """Install exactly this version in `cwd`, without the workspace of a parent folder."""
    argv = ("pnpm", "add", "--ignore-workspace", "--save-exact", f"{name}@{version}")
    return Command(argv=argv, cwd=cwd, env=FRESH_VERSIONS, description="pnpm add")


def install_alone_command(install_root: Path) -> Command:
    """Install the project in `install_root`, which is its own workspace, as a new one: no lockfile, no scripts of
    packages."""
    argv = ("pnpm", "install", "--no-frozen-lockfile", "--ignore-scripts", "--reporter=ndjson")
    return Command(argv=argv, cwd=install_root, env=ENVIRONMENT, description="pnpm install of the tarballs")


def cause_of(ndjson: str) -> str:
    """Why an installation failed, from the output of the ndjson reporter; the other one breaks lines at 80
    characters."""
    lines = [json.loads(line) for line in ndjson.splitlines() if line.startswith("{")]
    return " ".join(" ".join(str(each.get("message", "")) for each in lines if each.get("level") == "error").split())
