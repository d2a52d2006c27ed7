"""What scripts and settings of a package name outside of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nox_rings.ecosystems.npm.builds.outside import reads_outside
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

TREE = {
    "build.mjs": "",
    "scripts/build.mjs": "",
    "scripts/lib/part.mjs": "",
    "packages/common.mjs": "",
    "packages/ui/package.json": "{}",
    "packages/ui/own/build.mjs": "",
    "packages/ui/src/nested.config.ts": "import x from '../../other/not-read'",
    "packages/other/gen.js": "",
    "vitest.shared.mjs": "import { more } from './shared/more'\nimport './gone'",
    "shared/more.ts": "export * from '../vitest.shared.mjs'",
    "jest.preset.js": "",
}


@pytest.mark.parametrize(
    ("script", "reads"),
    [
        ("node ../../scripts/build.mjs", {"scripts"}),
        ("tsc && node ../../scripts/build.mjs --x=1", {"scripts"}),
        ("sh -c '../../scripts/build.mjs'", {"scripts"}),
        ("CONFIG=../../scripts/build.mjs x", {"scripts"}),
        ("node ./own/../../other/gen.js", {"packages/other"}),
        ("node ../common.mjs", {"packages/common.mjs"}),
        ("node ../../build.mjs", {"build.mjs"}),
        ("cp -r ../../scripts/lib dist", {"scripts/lib"}),
        ("node own/build.mjs && cd .. && ls ../..", set()),
        ("node ../../gone.mjs && cat ../../../outside", set()),
        ("tsc -p .", set()),
    ],
)
def test_a_script_reads_what_it_names_above(write_tree: WriteTree, script: str, reads: set[str]) -> None:
    assert {*reads_outside(sources_of(write_tree, TREE), "packages/ui", [script])} == reads


@pytest.mark.parametrize(
    ("name", "text", "reads"),
    [
        (
            "vitest.config.mjs",
            "import shared from '../../vitest.shared.mjs'",
            {"vitest.shared.mjs", "shared/more.ts"},
        ),
        (
            "vitest.config.ts",
            'export default await import("../../vitest.shared")',
            {"vitest.shared.mjs", "shared/more.ts"},
        ),
        ("jest.config.js", "const p = require('../../jest.preset')", {"jest.preset.js"}),
        ("jest.config.js", "const p = require('jest')", set()),
        ("readme.js", "const p = require('../../jest.preset')", set()),
    ],
)
def test_settings_read_what_they_import(write_tree: WriteTree, name: str, text: str, reads: set[str]) -> None:
    sources = sources_of(write_tree, {**TREE, f"packages/ui/{name}": text})
    assert {*reads_outside(sources, "packages/ui", ())} == reads


def sources_of(write_tree: WriteTree, texts: Mapping[str, str]) -> Sources:
    return Sources(root=write_tree(texts), files=tuple(sorted(texts)))
