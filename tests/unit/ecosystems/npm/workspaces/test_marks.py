"""Files whose absence shows that an installation was taken away."""

from __future__ import annotations

import json

import pytest

from nox_rings.ecosystems.npm.ecosystem import Npm
from unit.conftest import WriteTree
from unit.ecosystems.npm.workspaces.lock_rows import LOCKFILES, MANIFESTS
from unit.ecosystems.npm.workspaces.trees import found_in, package

TREE = {f"{folder}/package.json".removeprefix("./"): json.dumps(each) for folder, each in MANIFESTS.items()}
BOTH = ("libs/b/node_modules/is-odd/package.json", "libs/c/node_modules/is-odd/package.json")
ISOLATED = (*BOTH, "libs/d/node_modules/is-number/package.json")


@pytest.mark.parametrize(
    ("lockfile", "settings", "marks"),
    [
        (
            "package-lock.json",
            {},
            (
                "libs/c/node_modules/is-odd/package.json",
                "libs/d/node_modules/is-number/package.json",
                "node_modules/.package-lock.json",
                "node_modules/@x/a",
                "node_modules/a2",
                "node_modules/b",
                "node_modules/c",
                "node_modules/d",
                "node_modules/is-number",
            ),
        ),
        ("package-lock.json", {".npmrc": "install-strategy=linked\n"}, ()),
        ("yarn.lock", {}, ("node_modules/.yarn-integrity",)),
        ("yarn.lock", {".yarnrc": "--modules-folder lib\n"}, ()),
        ("yarn.lock of yarn 4", {}, (".pnp.cjs",)),
        ("yarn.lock of yarn 4", {".yarnrc.yml": "nodeLinker: node-modules\n"}, ("node_modules/.yarn-state.yml",)),
        ("yarn.lock of yarn 4", {".yarnrc.yml": "nodeLinker: pnpm\n"}, ()),
        ("bun.lock", {}, ISOLATED),
        ("bun.lock", {"bunfig.toml": '[install]\nlinker = "hoisted"\n'}, ("node_modules/@x/a/package.json",)),
    ],
)  # fmt: skip
def test_marks_are_what_the_manager_leaves_with_these_settings(
    write_tree: WriteTree, lockfile: str, settings: dict[str, str], marks: tuple[str, ...]
) -> None:
    found = found_in(write_tree, {**TREE, **settings, lockfile.partition(" ")[0]: LOCKFILES[lockfile]})
    assert found.roots["."].installed == marks


IMPORTERS = """\
lockfileVersion: '9.0'
importers:
  .: {}
  libs/a: {}
  libs/b:
    dependencies:
      a:
        specifier: workspace:*
        version: link:../a
      is-odd:
        specifier: 3.0.1
        version: 3.0.1
  libs/c:
    devDependencies:
      a:
        specifier: workspace:*
        version: link:../a
    optionalDependencies:
      fsevents:
        specifier: ^2.0.0
        version: 2.3.3
"""


@pytest.mark.parametrize(
    ("settings", "npmrc", "marks"),
    [
        ("", "", ("libs/b/node_modules/is-odd/package.json", "libs/c/node_modules/a", "node_modules/.pnpm/lock.yaml")),
        ("virtualStoreDir: .store\n", "", (".store/lock.yaml", "libs/b/node_modules/is-odd/package.json",
         "libs/c/node_modules/a")),
        ("modulesDir: modules\n", "", ("libs/b/modules/is-odd/package.json", "libs/c/modules/a",
         "modules/.pnpm/lock.yaml")),
        ("nodeLinker: hoisted\n", "", ("node_modules/.pnpm/lock.yaml",)),
        ("", "virtual-store-dir=.store\n", ()),
    ],
)  # fmt: skip
def test_marks_of_pnpm_follow_its_layout(
    write_tree: WriteTree, settings: str, npmrc: str, marks: tuple[str, ...]
) -> None:
    texts = {
        "pnpm-workspace.yaml": f"packages: ['libs/*']\n{settings}",
        "pnpm-lock.yaml": IMPORTERS,
        ".npmrc": npmrc,
        "libs/a/package.json": package("a"),
        "libs/b/package.json": package("b", dependencies={"a": "workspace:*", "is-odd": "3.0.1"}),
        "libs/c/package.json": package(
            "c", devDependencies={"a": "workspace:*"}, optionalDependencies={"fsevents": "^2.0.0"}
        ),
    }
    assert found_in(write_tree, texts).roots["."].installed == marks


def test_a_workspace_without_any_dependency_has_our_own_record_alone(write_tree: WriteTree) -> None:
    texts = {
        "pnpm-workspace.yaml": "packages: ['libs/*']\n",
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  libs/a: {}\n",
        "libs/a/package.json": package("a"),
        "web/app/package.json": package("app"),
        "web/app/yarn.lock": "__metadata:\n  version: 8\n",
        "web/app/.yarnrc.yml": "nodeLinker: pnpm\n",
    }
    found = found_in(write_tree, texts)
    assert Npm().install_outputs(found.roots["."]) == (".nox-rings/installs/npm.json",)
    assert Npm().install_outputs(found.roots["web/app"]) == (".nox-rings/installs/npm-web+app.json",)
