"""Folders that a build may leave, and whether others can read more of a package than these."""

from __future__ import annotations

from typing import Any

import pytest

from unit.conftest import WriteTree
from unit.ecosystems.npm.workspaces.trees import found_in, package

LOCK = {"package-lock.json": '{"packages": {"": {}}}', ".gitignore": "dist/\n/lib\nbuild\n.next\ncontract\ngen/out\n"}
BUILD = {"build": "node build.mjs"}
ALWAYS = (".next", "build", "dist", "lib")  # customary, and ignored


@pytest.mark.parametrize(
    ("manifest", "more", "outputs"),
    [
        ({"scripts": BUILD}, {}, ALWAYS),
        ({"scripts": BUILD, "main": "dist/index.js"}, {}, ALWAYS),
        ({"scripts": BUILD, "files": ["dist", "contract"]}, {}, (".next", "build", "contract", "dist", "lib")),
        ({"scripts": BUILD, "files": ["./contract/**/*.proto", "!contract/x"]}, {}, (".next", "build", "contract",
         "dist", "lib")),
        ({"scripts": BUILD, "exports": {".": {"types": "./gen/out/a.d.ts"}}}, {"gen/a.js": ""}, (".next", "build",
         "dist", "gen/out", "lib")),
        ({"scripts": BUILD, "bin": {"a": "./shown/a.js"}}, {}, ALWAYS),  # git does not ignore it
        ({"scripts": BUILD, "main": "lib/a.js"}, {"lib/a.js": ""}, (".next", "build", "dist")),  # sources
        ({"scripts": BUILD, "main": "../dist/a.js"}, {}, ALWAYS),
        ({"scripts": {"build": "tsc --noEmit"}, "main": "dist/a.js"}, {}, ()),
        ({"scripts": {"build": "tsc --noEmit -p a && tsc -p b --noEmit"}}, {}, ()),
        ({"scripts": {"build": "tsc --noEmit && vite build"}}, {}, ALWAYS),
        ({"scripts": {"test": "vitest"}, "main": "dist/a.js"}, {}, ()),
        ({"scripts": {"build": "tsc"}}, {"tsconfig.json": '{"compilerOptions": {"outDir": "gen/out"}}',
         "gen/b.ts": ""}, (".next", "build", "dist", "gen/out", "lib")),
    ],
    ids=str,
)  # fmt: skip
def test_a_build_may_leave_what_is_ignored_and_named_or_customary(
    write_tree: WriteTree, manifest: dict[str, Any], more: dict[str, str], outputs: tuple[str, ...]
) -> None:
    found = found_in(write_tree, {"package.json": package("a", **manifest), **LOCK, **more})
    assert found.members["."].outputs == outputs


@pytest.mark.parametrize(
    ("manifest", "exposed"),
    [
        ({"exports": "./dist/a.js"}, False),
        ({"exports": {".": {"types": "./dist/a.d.ts", "default": "./dist/a.js"}}}, False),
        ({"exports": {".": "./dist/a.js", "./package.json": "./package.json"}}, False),
        ({"exports": {".": "./dist/a.js", "./styles": "./src/a.css"}}, True),
        ({"exports": {".": {"source": "./src/a.ts", "default": "./dist/a.js"}}}, True),
        ({"main": "dist/a.js"}, True),  # without exports an import may name any file
        ({}, True),
    ],
    ids=str,
)
def test_a_package_is_exposed_unless_it_exports_its_build_alone(
    write_tree: WriteTree, manifest: dict[str, Any], exposed: bool
) -> None:
    texts = {"package.json": package("a", scripts=BUILD, **manifest), **LOCK}
    assert found_in(write_tree, texts).members["."].exposed is exposed


def test_a_package_is_exposed_by_what_its_build_imports(write_tree: WriteTree) -> None:
    """Its own build stays as it is where a package behind it changes."""
    closed = {"scripts": BUILD, "exports": "./dist/a.js"}
    texts = {
        "package.json": package("top", workspaces=["libs/*"]),
        **LOCK,
        "libs/a/package.json": package("a", **closed),
        "libs/b/package.json": package("b", **closed, dependencies={"a": "*"}),
        "libs/c/package.json": package("c", **closed, devDependencies={"a": "*"}),
    }
    found = found_in(write_tree, texts).members
    assert {folder: each.exposed for folder, each in found.items()} == {
        "libs/a": False,
        "libs/b": True,
        "libs/c": False,
    }
