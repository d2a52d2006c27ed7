"""What scripts and settings of a package name outside of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nox_rings.ecosystems.npm.builds.outside import loaded_by_sources, reads_outside
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
        ("readme.md", "const p = require('../../jest.preset')", set()),
        ("vite.config.ts", "{alias: {s: resolve(__dirname, '../../shared')}}", {"shared"}),
        ("vite.config.ts", "{alias: {s: new URL('../../shared/more', import.meta.url)}}", {"shared/more.ts"}),
        ("webpack.config.js", "entry: path.join(__dirname, '..', '..', 'scripts/build.mjs')", {"scripts/build.mjs"}),
        ("jest.config.json", '{"setupFiles": ["<rootDir>/../../build.mjs"]}', {"build.mjs"}),
        (".babelrc", '{"extends": "../../scripts/build.mjs"}', {"scripts/build.mjs"}),
        (".mocharc.yml", "require: ../../build.mjs\nspec: ../*/x", {"build.mjs"}),
        ("vite.config.ts", "{root: '../..', envDir: '..', publicDir: '../../none', outDir: '../ui/dist'}", set()),
        (
            "package.json",
            '{"jest": {"preset": "../../jest.preset"}, "scripts": {"x": "cat ../../build.mjs"}}',
            {"jest.preset.js"},
        ),
        ("package.json", "[", set()),
    ],
)
def test_settings_read_what_they_import(write_tree: WriteTree, name: str, text: str, reads: set[str]) -> None:
    sources = sources_of(write_tree, {**TREE, f"packages/ui/{name}": text})
    assert {*reads_outside(sources, "packages/ui", ())} == reads


def sources_of(write_tree: WriteTree, texts: Mapping[str, str]) -> Sources:
    return Sources(root=write_tree(texts), files=tuple(sorted(texts)))


@pytest.mark.parametrize(
    ("script", "text", "reads"),
    [
        ("node own/build.mjs", "import '../../common.mjs'", {"packages/common.mjs"}),
        ("node own/build.mjs", "import './part.mjs'", {"packages/other/gen.js"}),
        ("sh own/build.sh", ". ../../scripts/lib/part.mjs", {"scripts/lib/part.mjs"}),
        ("cd ../.. && node scripts/build.mjs ui", "", {"scripts"}),
        ("cd own && node build.mjs", "", set()),
    ],
)
def test_what_a_script_of_the_package_loads_is_read(
    write_tree: WriteTree, script: str, text: str, reads: set[str]
) -> None:
    own = {f"packages/ui/own/build.{end}": text for end in ("mjs", "sh")}
    texts = {**TREE, **own, "packages/ui/own/part.mjs": "cp(`../../other/gen.js`)"}
    assert {*reads_outside(sources_of(write_tree, texts), "packages/ui", [script])} == reads


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("import { a } from '../../../shared/more'", {"shared/more.ts", "vitest.shared.mjs"}),
        ("export * from '../../other/gen.js'", {"packages/other/gen.js"}),
        ("const a = await import('../../../shared/more.js')", {"shared/more.ts", "vitest.shared.mjs"}),
        ('/// <reference path="../../../jest.preset.js" />', {"jest.preset.js"}),
        ("import '../own/build.mjs'\nimport '../../gone'\nimport 'a/../b'", set()),
    ],
)
def test_sources_read_what_they_import(write_tree: WriteTree, text: str, reads: set[str]) -> None:
    sources = sources_of(write_tree, {**TREE, "packages/ui/src/index.ts": text})
    assert {*reads_outside(sources, "packages/ui", ())} == reads
    assert sources.reading.files["packages/ui/src/index.ts"] == ("npm", str(loaded_by_sources(text)))
