from __future__ import annotations

import json

import pytest

from nox_rings.ecosystems.npm.builds.tsconfig import CompilerSettings
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

TREE = {
    "tsconfig.base.json": '{"compilerOptions": {"strict": true, "outDir": "everywhere"}}',
    "a/tsconfig.json": """{
        // the library
        "extends": ["../tsconfig.base.json", "@tsconfig/node22/tsconfig.json"],
        "compilerOptions": {"outDir": "./lib", /* not dist */},
        "references": [{"path": "../b"}, {"path": "./inner"}],
        "include": ["src", "../shared/src/**/*.ts", "../*"],
    }""",
    "a/tsconfig.build.json": '{"extends": "./tsconfig", "compilerOptions": {"outDir": "${configDir}/../out"}}',
    "a/tsconfig.check.json": '{"extends": "./tsconfig", "compilerOptions": {"noEmit": true}}',
    "a/tsconfig.broken.json": "{",
    "a/tsconfig.loop.json": '{"extends": "./tsconfig.loop.json"}',
    "a/inner/tsconfig.json": '{"compilerOptions": {"outDir": "own"}}',
    "c/tsconfig.json": '{"extends": "../tsconfig.base"}',
}


@pytest.fixture
def sources(write_tree: WriteTree) -> Sources:
    return Sources(root=write_tree(TREE), files=tuple(sorted(TREE)))


@pytest.mark.parametrize(
    ("folder", "command", "folders"),
    [
        ("a", "tsc", ("a/lib",)),
        ("a", "npx tsc --watch false", ("a/lib",)),
        ("a", "node_modules/.bin/tsc", ("a/lib",)),
        ("a", "tsc -p tsconfig.build.json", ("out",)),
        ("a", "tsc --project=tsconfig.check.json", ()),
        ("a", "tsc -p inner", ("a/inner/own",)),
        ("a", "tsc -b inner", ("a/inner/own",)),
        ("a", "tsc --outDir 'made'", ("a/made",)),
        ("a", "tsc --noEmit", ()),
        ("a", "tsc -p tsconfig.broken.json", ()),
        ("a", "tsc -p tsconfig.loop.json", ()),
        ("a", "tsc -p missing.json", ()),
        ("a", "tsc-alias", ()),
        ("a", "vite build", ()),
        ("c", "tsc", ("everywhere",)),
    ],
)
def test_the_compiler_writes_where_its_settings_say(
    sources: Sources, folder: str, command: str, folders: tuple[str, ...]
) -> None:
    assert CompilerSettings(sources).out_dirs(folder, command) == folders


@pytest.mark.parametrize(
    ("base", "own", "reads"),
    [
        ({"baseUrl": ".", "paths": {"@x": ["libs/x/src/index.ts"]}}, {}, {"libs/x/src"}),
        ({"paths": {"@x": ["./libs/x"], "@y/*": ["./libs/y/src/*"]}}, {}, {"libs/x", "libs/y/src"}),
        ({"baseUrl": "libs", "paths": {"@x/*": ["*/src"]}}, {}, {"libs"}),
        ({"baseUrl": "libs"}, {"paths": {"@x": ["x/index.ts"]}}, {"libs/x"}),
        ({"paths": {"@x": ["libs/x"]}}, {"paths": {"@/*": ["./src/*"]}}, set()),
        ({"paths": {"*": ["node_modules/*", "types/*"]}}, {}, {"types"}),
        ({"paths": {"@one": ["one.ts"], "@all/*": ["./*"]}}, {}, {"one.ts"}),
        ({"rootDirs": ["generated", "a/src"], "typeRoots": ["types", "a/types"]}, {}, {"generated", "types"}),
        ({"paths": [1], "rootDirs": "x", "typeRoots": {}}, {"paths": {"x": "y"}}, set()),
    ],
)
def test_modules_are_read_where_the_settings_map_them_to(
    write_tree: WriteTree, base: object, own: object, reads: set[str]
) -> None:
    texts = {
        "tsconfig.base.json": json.dumps({"compilerOptions": base}),
        "a/tsconfig.json": json.dumps({"extends": "../tsconfig.base.json", "compilerOptions": own}),
    }
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    assert {*CompilerSettings(sources).reads_outside("a")} == {"tsconfig.base.json", *reads}


def test_settings_name_what_is_read_outside_of_a_package(sources: Sources) -> None:
    assert {*CompilerSettings(sources).reads_outside("a")} == {"tsconfig.base.json", "b", "shared/src"}
    assert {*CompilerSettings(sources).reads_outside("c")} == {"tsconfig.base.json"}
