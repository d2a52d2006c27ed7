"""The commands of the package managers, and the tools they need."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.npm.ecosystem import Npm
from nox_rings.ecosystems.npm.workspaces.commands import install_command, program_of, script_command
from nox_rings.ecosystems.npm.workspaces.managers import Manager
from nox_rings.workspace.model import InstallRoot
from unit.conftest import WriteTree
from unit.ecosystems.npm.workspaces.trees import found_in, package

QUIET = "CI=1 NO_COLOR=1"


@pytest.mark.parametrize(
    ("manager", "install", "run"),
    [
        (Manager.NPM, "npm ci --no-audit --no-fund --no-update-notifier", "npm run build"),
        (Manager.PNPM, "pnpm install --frozen-lockfile --reporter=append-only", "pnpm run build"),
        (Manager.YARN, "yarn install --frozen-lockfile --non-interactive", "yarn run build"),
        (Manager.BERRY, "yarn install --immutable", "yarn run build"),
        (Manager.BUN, "bun install --frozen-lockfile", "bun run build"),
    ],
)
def test_an_installation_never_changes_the_lockfile(manager: Manager, install: str, run: str) -> None:
    program = program_of(manager, None)
    assert " ".join(install_command(manager, Path("/w"), program).argv) == install
    script = script_command(manager, Path("/w/a"), program, "build")
    assert (" ".join(script.argv), script.cwd) == (run, Path("/w/a"))
    assert {script.env["CI"], script.env["NO_COLOR"]} == {"1"}


def test_a_root_inside_the_workspace_of_another_is_installed_without_it() -> None:
    command = install_command(Manager.PNPM, Path("/w/docs"), ("pnpm",), apart=True)
    assert command.argv[-1] == "--ignore-workspace"


@pytest.mark.parametrize(
    ("manager", "program", "installer", "tools"),
    [
        ("npm", "", "npm", ("node", "npm")),
        ("pnpm", "", "pnpm", ("node", "pnpm")),
        ("yarn", "", "yarn", ("node", "yarn")),
        ("yarn-berry", "", "yarn", ("node", "yarn")),
        ("yarn-berry", ".yarn/releases/yarn-4.1.0.cjs", "yarn", ("node",)),
        ("bun", "", "bun", ("bun",)),
    ],
)
def test_a_root_needs_the_tools_of_its_manager(
    manager: str, program: str, installer: str, tools: tuple[str, ...]
) -> None:
    root = InstallRoot(folder=".", ecosystem="npm", lockfile="l", files=(), manager=manager, program=program)
    assert (Npm().installer_of(root), Npm().tools_of(root)) == (installer, tools)


def test_a_package_without_a_root_is_run_by_npm() -> None:
    assert Npm().tools_of(None) == ("node", "npm")


@pytest.mark.parametrize(
    ("settings", "text"),
    [(".yarnrc.yml", "yarnPath: .yarn/releases/yarn.cjs\n"), (".yarnrc", 'yarn-path ".yarn/releases/yarn.cjs"\n')],
)
def test_a_yarn_in_the_repository_is_the_one_that_runs(write_tree: WriteTree, settings: str, text: str) -> None:
    texts = {
        "web/package.json": package("web"),
        "web/yarn.lock": "# yarn lockfile v1\n",
        f"web/{settings}": text,
    }
    assert found_in(write_tree, texts).roots["web"].program == ""
    texts["web/.yarn/releases/yarn.cjs"] = ""
    assert found_in(write_tree, texts).roots["web"].program == "web/.yarn/releases/yarn.cjs"
    assert program_of(Manager.BERRY, Path("/w/yarn.cjs")) == ("node", "/w/yarn.cjs")
