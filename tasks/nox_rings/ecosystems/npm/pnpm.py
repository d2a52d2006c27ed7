"""pnpm ≥ 12: the commands that pack packages, publish them and install them elsewhere (https://pnpm.io/pnpm-cli)."""

from __future__ import annotations

import json
from pathlib import Path

from nox_rings.engine.process.command import Command

# No prompts, no colour, and no change of its own version: with a `packageManager` pin pnpm 12 would record itself for
# every platform (https://pnpm.io/settings#pmonfail).
ENVIRONMENT = {"CI": "1", "NO_COLOR": "1", "PNPM_CONFIG_PM_ON_FAIL": "ignore"}


def pack_command(package: Path, destination: Path) -> Command:
    """`pnpm pack` turns workspace: and catalog: ranges into versions; `npm pack` leaves them
    (https://pnpm.io/workspaces#publishing-workspace-packages)."""
    return Command(
        argv=("pnpm", "pack", "--config.ignore-scripts=true", "--pack-destination", str(destination)),
        cwd=package,
        env=ENVIRONMENT,
        description=f"pnpm pack {package.name}",
    )


def script_command(package: Path, name: str) -> Command:
    """Node ≥ 22 runs a script of the manifest with the programs in `node_modules/.bin` of all folders above
    (https://nodejs.org/api/cli.html#--run)."""
    return Command(argv=("node", "--run", name), cwd=package, env=ENVIRONMENT, description=f"node --run {name}")


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
