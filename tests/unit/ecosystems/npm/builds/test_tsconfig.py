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


@pytest.mark.parametrize(
    ("options", "reads"),
    [
        ({"paths": {"~/*": ["${configDir}/../b/*"]}}, {"b"}),
        ({"rootDirs": ["${configDir}/../b"], "typeRoots": ["${configDir}/types"]}, {"b"}),
        ({"baseUrl": "${configDir}", "paths": {"b": ["../b/src/*"]}}, {"b/src"}),
        ({"outDir": "${configDir}/dist"}, set()),
    ],
)
def test_a_base_names_folders_of_the_project_that_extends_it(
    write_tree: WriteTree, options: dict[str, object], reads: set[str]
) -> None:
    """As `tsc --showConfig` shows."""
    texts = {
        "config/base.json": json.dumps({"compilerOptions": {"outDir": "${configDir}/dist", **options}}),
        "a/tsconfig.json": '{"extends": "../config/base.json"}',
    }
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    assert {*CompilerSettings(sources).reads_outside("a")} == {"config/base.json", *reads}
    assert CompilerSettings(sources).out_dirs("a", "tsc") == ("a/dist",)


def test_settings_name_what_is_read_outside_of_a_package(sources: Sources) -> None:
    found = {*CompilerSettings(sources).reads_outside("a")}
    assert found == {"tsconfig.base.json", "b", "b/tsconfig.json", "shared/src"}
    assert {*CompilerSettings(sources).reads_outside("c")} == {"tsconfig.base.json"}


CHAIN = {
    "tsconfig.base.json": "{}",
    "config/strict.json": '{"extends": ["./deeper.json", "./loop.json"], "references": [{"path": "../unread"}]}',
    "config/deeper.json": '{"extends": "../tsconfig.base.json"}',
    "config/loop.json": '{"extends": "./strict.json"}',
    "app/tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.lib.json"}, {"path": "../lib"}]}',
    "app/tsconfig.lib.json": '{"extends": "../config/strict", "compilerOptions": {"paths": {"x": ["../x/src/*"]}}}',
    "lib/tsconfig.json": '{"extends": "../tools/tsconfig.lib.json", '
    '"references": [{"path": "../core/tsconfig.c.json"}]}',
    "tools/tsconfig.lib.json": "{}",
    "core/tsconfig.c.json": '{"include": ["../types"], "references": [{"path": "../app"}]}',
    "unread/tsconfig.json": "{}",
    "script/jsconfig.json": '{"extends": "../tsconfig.base.json"}',
}


def test_chains_of_settings_are_followed_wherever_they_lead(write_tree: WriteTree) -> None:
    """References are not passed on to who extends a file; loops end."""
    settings = CompilerSettings(Sources(root=write_tree(CHAIN), files=tuple(sorted(CHAIN))))
    bases = {"tsconfig.base.json", "config/strict.json", "config/deeper.json", "config/loop.json"}
    projects = {"lib", "lib/tsconfig.json", "tools/tsconfig.lib.json", "core", "core/tsconfig.c.json"}
    assert {*settings.reads_outside("app")} == {*bases, *projects, "x/src", "types"}
    assert {*settings.reads_outside("script")} == {"tsconfig.base.json"}


@pytest.mark.parametrize(
    ("base", "own", "reads"),
    [
        ({"include": ["../types", "src"]}, {}, {"types", "config/src"}),
        ({"files": ["./global.d.ts"]}, {}, {"config/global.d.ts"}),
        ({"include": ["../types"]}, {"include": ["src"]}, set()),
        ({"include": ["${configDir}/src"]}, {}, set()),
        ({}, {"compilerOptions": {"types": ["node", "@x/y", "../../types/env"]}}, {"types/env", "types/env.d.ts"}),
        ({}, {"compilerOptions": {"baseUrl": "../../shared"}}, {"shared"}),
        ({}, {"include": ["**/*", "../../*"]}, set()),
    ],
)
def test_what_a_project_inherits_or_names_is_read(
    write_tree: WriteTree, base: object, own: dict[str, object], reads: set[str]
) -> None:
    texts = {
        "config/base.json": json.dumps(base),
        "libs/a/src/tsconfig.lib.json": "{}",
        "libs/a/tsconfig.json": json.dumps({"extends": "../../config/base.json", **own}),
    }
    settings = CompilerSettings(Sources(root=write_tree(texts), files=tuple(sorted(texts))))
    assert {*settings.reads_outside("libs/a")} == {"config/base.json", *reads}


def test_projects_that_a_script_names_and_those_further_below_are_followed(write_tree: WriteTree) -> None:
    texts = {
        "config/web.json": '{"extends": "./base"}',
        "config/base.json": "{}",
        "more/base.json": "{}",
        "a/src/tsconfig.json": '{"extends": ["../../more/base.json", "@x/config/lib.json", "plain"]}',
    }
    settings = CompilerSettings(Sources(root=write_tree(texts), files=tuple(sorted(texts))))
    assert {*settings.reads_outside("a")} == {"more/base.json"}
    found = {*settings.reads_outside("a", ["tsc -p ../config/web.json", "vite -p ../config/none.json"])}
    assert found == {"more/base.json", "config/web.json", "config/base.json"}
    assert settings.packages("a") == {"@x/config", "plain"}
