from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.npm import pnpm
from nox_rings.engine.process.command import Command
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

QUIET = {"CI": "1", "NO_COLOR": "1", "PNPM_CONFIG_PM_ON_FAIL": "ignore"}


def test_install_never_changes_the_lockfile() -> None:
    assert pnpm.install_command(Path("/w")) == Command(
        argv=("pnpm", "install", "--frozen-lockfile", "--reporter=append-only"),
        cwd=Path("/w"),
        env=QUIET,
        description="pnpm install",
    )


def test_a_script_runs_in_its_package() -> None:
    assert pnpm.script_command(Path("/w/sdk/ts"), "test") == Command(
        argv=("pnpm", "run", "test"), cwd=Path("/w/sdk/ts"), env=QUIET, description="pnpm run test in ts"
    )


def test_pack_runs_no_script_of_the_package() -> None:
    assert pnpm.pack_command(Path("/stage/sdk/ts"), Path("/stage/packed")) == Command(
        argv=("pnpm", "pack", "--config.ignore-scripts=true", "--pack-destination", "/stage/packed"),
        cwd=Path("/stage/sdk/ts"),
        env=QUIET,
        description="pnpm pack ts",
    )


@pytest.mark.parametrize(
    ("table", "spec", "depends_on"),
    [
        ("dependencies", "workspace:*", ("a",)),
        ("devDependencies", "workspace:^1.0.0", ("a",)),
        ("peerDependencies", "workspace:~", ("a",)),
        ("optionalDependencies", "workspace:*", ("a",)),
        ("dependencies", "link:../a", ("a",)),
        ("dependencies", "file:../a", ("a",)),
        ("dependencies", "file:../a/a.tgz", ()),
        ("dependencies", "link:../../elsewhere", ()),
        ("dependencies", "^1.0.0", ()),
        ("dependencies", "catalog:", ()),
    ],
)
def test_a_dependency_is_local_only_where_pnpm_resolves_it_in_the_workspace(
    write_tree: WriteTree, table: str, spec: str, depends_on: tuple[str, ...]
) -> None:
    texts = {
        "pnpm-workspace.yaml": "packages: ['*']\n",
        "pnpm-lock.yaml": "",
        "a/package.json": '{"name": "@x/a"}',
        "b/package.json": f'{{"name": "@x/b", "{table}": {{"@x/a": "{spec}"}}}}',
    }
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    members = {
        member.folder: member.depends_on for member in pnpm.find_members(sources, pnpm.find_install_roots(sources))
    }
    assert members == {"a": (), "b": depends_on}
    assert sources.problems == []
