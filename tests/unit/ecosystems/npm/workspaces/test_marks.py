"""Files whose absence shows that an installation was taken away."""

from __future__ import annotations

import json

import pytest

from nox_rings.ecosystems.npm.ecosystem import Npm
from nox_rings.workspace.model import InstallRoot
from unit.conftest import WriteTree
from unit.ecosystems.npm.workspaces.lock_rows import LOCKFILES, MANIFESTS
from unit.ecosystems.npm.workspaces.trees import found_in, package

TREE = {f"{folder}/package.json".removeprefix("./"): json.dumps(each) for folder, each in MANIFESTS.items()}
BOTH = ("libs/b/node_modules/is-odd/package.json", "libs/c/node_modules/is-odd/package.json")
ISOLATED = (*BOTH, "libs/d/node_modules/is-number/package.json")


def files_among(root: InstallRoot) -> tuple[str, ...]:
    return tuple(each for each in root.installed if not each.endswith("/"))


def folders_among(root: InstallRoot) -> tuple[str, ...]:
    return tuple(each for each in root.installed if each.endswith("/"))


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
    assert files_among(found.roots["."]) == marks


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
    assert files_among(found_in(write_tree, texts).roots["."]) == marks


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


IN_EACH = tuple(f"libs/{each}/node_modules/" for each in ("a", "b", "c", "d", "is-number"))
OF_ALL = (*IN_EACH[:1], "libs/b/node_modules/", "libs/b/node_modules/@x/", "libs/c/node_modules/",
          "libs/c/node_modules/@x/", *IN_EACH[3:], "node_modules/", "node_modules/@x/")  # fmt: skip


@pytest.mark.parametrize(
    ("lockfile", "settings", "folders"),
    [
        ("package-lock.json", {}, OF_ALL),
        ("package-lock.json", {".npmrc": "install-strategy=linked\n"}, ()),
        ("yarn.lock", {}, OF_ALL),
        ("yarn.lock of yarn 4", {".yarnrc.yml": "nodeLinker: node-modules\n"}, OF_ALL),
        ("yarn.lock of yarn 4", {}, ()),
        ("bun.lock", {}, tuple(sorted((*OF_ALL, "node_modules/.bun/")))),
        ("bun.lock", {"bunfig.toml": '[install]\nlinker = "hoisted"\n'}, OF_ALL),
    ],
)
def test_the_names_in_the_folders_that_are_filled_are_signs(
    write_tree: WriteTree, lockfile: str, settings: dict[str, str], folders: tuple[str, ...]
) -> None:
    found = found_in(write_tree, {**TREE, **settings, lockfile.partition(" ")[0]: LOCKFILES[lockfile]})
    assert folders_among(found.roots["."]) == folders


@pytest.mark.parametrize(
    ("settings", "folders"),
    [
        ("", ("libs/a/node_modules/", "node_modules/", "node_modules/.pnpm/", "node_modules/@x/",
              "libs/a/node_modules/@x/")),
        ("virtualStoreDir: .store\n", (".store/", "libs/a/node_modules/", "libs/a/node_modules/@x/", "node_modules/",
                                       "node_modules/@x/")),
        ("modulesDir: modules\n", ("libs/a/modules/", "libs/a/modules/@x/", "modules/", "modules/.pnpm/",
                                   "modules/@x/")),
    ],
)  # fmt: skip
def test_the_store_of_pnpm_is_one_of_them(write_tree: WriteTree, settings: str, folders: tuple[str, ...]) -> None:
    lock = IMPORTERS.replace("  libs/a: {}\n", "").replace("libs/b:", "libs/a:").replace("      a:", "      '@x/a':")
    texts = {
        "pnpm-workspace.yaml": f"packages: ['libs/*']\n{settings}",
        "pnpm-lock.yaml": lock,
        "libs/a/package.json": package("a", dependencies={"@x/a": "1.0.0", "is-odd": "3.0.1"}),
    }
    assert folders_among(found_in(write_tree, texts).roots["."]) == tuple(sorted(folders))
