"""Settings above a package, and variables and files of frameworks, for the packages that read them."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from nox_rings.ecosystems.npm.builds.settings import FRAMEWORKS, installed_frameworks
from nox_rings.ecosystems.npm.workspaces.discovery import discover
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

ABOVE = (
    *("babel.config.cjs", "vite.config.ts", "vitest.config.mts", "vitest.workspace.ts", "jest.config.js", ".swcrc"),
    *("eslint.config.mjs", ".eslintrc.json", "biome.json", "turbo.json", "apps/.browserslistrc", "README.md"),
)
LOCK = "lockfileVersion: '9.0'\npackages:\n  vite@7.1.0: {}\n  vitest@3.0.0: {}\n"


def member(
    write_tree: WriteTree, scripts: Mapping[str, str], lock: str = LOCK, more: tuple[str, ...] = ABOVE
) -> Member:
    texts = {
        "package.json": "{}",
        "pnpm-workspace.yaml": "packages: ['apps/*']",
        "pnpm-lock.yaml": lock,
        "apps/web/package.json": json.dumps({"name": "web", "scripts": dict(scripts)}),
        **dict.fromkeys(more, ""),
    }
    files = tuple(sorted(texts))
    (found,) = discover(Sources(root=write_tree(texts), files=files, listed=files)).members
    return found


BUNDLERS = {"babel.config.cjs", "apps/.browserslistrc", "vite.config.ts", "vitest.config.mts", "vitest.workspace.ts"}
LINTERS = {"eslint.config.mjs", ".eslintrc.json", "biome.json"}


@pytest.mark.parametrize(
    ("script", "read"),
    [
        ("tsc", set()),
        ("tsc && eslint .", {"eslint.config.mjs", ".eslintrc.json"}),
        ("biome ci", {"biome.json"}),
        ("vite build", BUNDLERS),
        ("vitest run", BUNDLERS),
        ("jest", {"babel.config.cjs", "jest.config.js", ".swcrc", "apps/.browserslistrc"}),
        ("node build.mjs", {*ABOVE} - {"README.md"}),
        ("turbo run x", {*ABOVE} - {"README.md"}),
    ],
)
def test_a_package_reads_the_settings_above_it_of_the_programs_that_its_scripts_call(
    write_tree: WriteTree, script: str, read: set[str]
) -> None:
    assert {*member(write_tree, {"build": script}).reads} == read


def test_a_script_that_no_check_runs_calls_nothing(write_tree: WriteTree) -> None:
    assert member(write_tree, {"test": "tsc", "lint": "eslint ."}).reads == ()


@pytest.mark.parametrize(
    ("script", "variables", "files"),
    [
        ("vite build", ("VITE_*",), ("apps/web/.env", "apps/web/.env.*", "apps/.env", "apps/.env.*", ".env", ".env.*")),
        (
            "node build.mjs",
            ("VITE_*",),
            ("apps/web/.env", "apps/web/.env.*", "apps/.env", "apps/.env.*", ".env", ".env.*"),
        ),
        ("tsc", (), ()),
        ("node --test --env-file=.env.ci", (), ("apps/web/.env.ci",)),
    ],
)
def test_a_package_that_may_run_a_framework_reads_its_variables_and_its_files_of_them(
    write_tree: WriteTree, script: str, variables: tuple[str, ...], files: tuple[str, ...]
) -> None:
    found = member(write_tree, {"build": script})
    assert found.variables == variables
    assert found.embedded == files


def test_what_is_not_installed_puts_no_variable_into_a_build(write_tree: WriteTree) -> None:
    found = member(write_tree, {"build": "rollup -c"}, lock="packages:\n  invite@1.0.0: {}\n  vite-plugin@1.0.0: {}\n")
    assert (found.variables, found.embedded) == ((), ())


@pytest.mark.parametrize(
    ("text", "prefixes"),
    [
        ('"node_modules/next": {', ("NEXT_PUBLIC_*",)),
        ('"next@^15.0.0":', ("NEXT_PUBLIC_*",)),
        ("/@sveltejs/kit@2.0.0:", ("PUBLIC_*",)),
        ("react-scripts@5:\n  expo@51:", ("REACT_APP_*", "EXPO_PUBLIC_*")),
        ("  export: x\n  nextra@1.0.0", ()),
        (None, tuple(FRAMEWORKS)),
    ],
)
def test_frameworks_are_told_by_the_lockfile_and_all_of_them_are_possible_without_one(
    text: str | None, prefixes: tuple[str, ...]
) -> None:
    assert installed_frameworks(text) == prefixes


def test_an_installation_reads_patches_and_hooks_wherever_they_lie_and_settings_that_git_ignores(
    write_tree: WriteTree,
) -> None:
    texts = {
        "package.json": json.dumps({"pnpm": {"patchedDependencies": {"a@1": "fixes/a.patch"}}}),
        "pnpm-workspace.yaml": "packages: []\npatchedDependencies: {b@1: other/b.patch}\npnpmfile: hooks/pnpm.cjs\n",
        "pnpm-lock.yaml": "",
        **dict.fromkeys(("fixes/a.patch", "other/b.patch", "hooks/pnpm.cjs", "patches/c.patch", "patches.md"), ""),
    }
    root = write_tree({**texts, ".npmrc": "", ".pnpmfile.cjs": ""})
    files = tuple(sorted(texts))
    sources = Sources(root=root, files=files, listed=files)
    (found,) = discover(sources).install_roots
    assert {*found.files} == {*texts, ".npmrc", ".pnpmfile.cjs"} - {"patches.md"}
    assert sources.reading.there[".pnpmfile.mjs"] is False
