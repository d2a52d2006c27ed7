"""Shapes of npm packages (https://docs.npmjs.com/cli/configuring-npm/package-json#files)."""

from __future__ import annotations

import json
from typing import Any

from shapes.shape import LICENSE, Shape

CODE = "export const name = 'shop'\n"
STUB = "shop/v1/order_pb.js"
TOLD = {"name": "@shop/NAME", "version": "0.0.0", "type": "module", "license": "MIT"}


def npm(generated: str, /, *names: str, manifest: dict[str, Any], **more: Any) -> Shape:
    """A package with the files `names`, all of one text."""
    told = {**TOLD, "exports": f"./{generated}/{STUB}", **manifest}
    texts = dict.fromkeys(names, CODE)
    texts |= {"LICENSE": LICENSE, "package.json": json.dumps(told, indent=1), **more.pop("texts", {})}
    return Shape(texts={path: text for path, text in texts.items() if text}, generated=generated, **more)


SHAPES = {
    "a list of files, stubs ignored by git": npm(
        "lib/gen",
        *("lib/index.js", "other/index.js"),
        manifest={"files": ["lib"]},
        texts={".gitignore": "gen/\n"},
        packed=(f"lib/gen/{STUB}",),
        absent=("other/index.js",),
    ),
    "no list of files": npm("gen", "index.js", "data/x.js", manifest={}, packed=(f"gen/{STUB}", "data/x.js")),
    "an .npmignore beside a .gitignore": npm(
        "gen",
        *("index.js", "private/x.js"),
        manifest={},
        texts={".gitignore": "gen/\n", ".npmignore": "private/\n"},
        packed=(f"gen/{STUB}",),
        absent=("private/x.js",),
    ),
    "a .gitignore alone": npm(
        "gen",
        *("index.js", "left/x.js"),
        manifest={},
        texts={".gitignore": "left/\n"},
        packed=(f"gen/{STUB}",),
        absent=("left/x.js",),
    ),
    "an .npmignore in a folder": npm(
        "gen",
        *("index.js", "sub/kept.js", "sub/left.js"),
        manifest={},
        texts={"sub/.npmignore": "left.js\n"},
        packed=("sub/kept.js",),
        absent=("sub/left.js",),
    ),
    "files with negations": npm(
        "lib/gen",
        *("lib/index.js", "lib/secret.js", "lib/deep/x.js", "lib/deep/x.map", "index.js"),
        manifest={"files": ["lib/**/*.js", "lib/**/*.ts", "!lib/secret.js", "!lib/deep/*.map"]},
        packed=("lib/deep/x.js",),
        absent=("lib/secret.js", "lib/deep/x.map", "index.js"),
    ),
    "files with a pattern for all folders": npm(
        "gen",
        "index.js",
        manifest={"files": ["**/*.js", "**/*.d.ts"]},
        texts={".gitignore": "gen/\n"},
        packed=(f"gen/{STUB}", "index.js"),
    ),
    "builds that git ignores": npm(
        "source/gen",
        *("source/index.js", "source/index.d.ts"),
        manifest={
            "files": ["dist", "contract"],
            "exports": {".": {"types": "./dist/index.d.ts", "default": "./dist/index.js"}},
            "scripts": {"build": "rm -rf dist contract && cp -r source dist && mkdir contract && echo 1 > contract/v"},
        },
        texts={".gitignore": "dist/\ncontract/\n"},
        packed=(f"dist/gen/{STUB}", "contract/v"),
        absent=("source/index.js",),
    ),
    "a folder that is published instead": npm(
        "out/gen",
        "index.js",
        manifest={"publishConfig": {"directory": "out"}},
        texts={
            ".gitignore": "out/gen/\n",
            "out/LICENSE": LICENSE,
            "out/package.json": json.dumps({**TOLD, "exports": f"./gen/{STUB}"}),
        },
        packed=(f"gen/{STUB}",),
        absent=("index.js",),
    ),
    "a bin and a main outside of files": npm(
        "lib/gen",
        *("lib/index.js", "tools/run.js", "main.js", "other.js"),
        manifest={"files": ["lib"], "bin": {"shop": "tools/run.js"}, "main": "main.js"},
        packed=("tools/run.js", "main.js"),
        absent=("other.js",),
    ),
    "bundled dependencies": npm(
        "lib/gen",
        "lib/index.js",
        manifest={"files": ["lib"], "dependencies": {"isarray": "2.0.5"}, "bundleDependencies": ["isarray"]},
        packed=("node_modules/isarray/package.json", "node_modules/isarray/index.js"),
    ),
    "a prepack script": npm(
        "lib/gen",
        "lib/index.js",
        manifest={"files": ["lib"], "scripts": {"prepack": "cp lib/index.js lib/made.js"}},
        packed=("lib/made.js",),
    ),
    "links": npm(
        "lib/gen",
        "other/index.js",
        manifest={"files": ["lib"]},
        texts={"lib/link.js": "->../other/index.js"},
        added=frozenset({"lib/link.js"}),  # npm drops links
        packed=("lib/link.js",),
    ),
    "names in other letters": npm(
        "lib/gen",
        *("lib/index.js", "readme.md", "Licence.txt", "notes.md"),
        manifest={"files": ["lib"]},
        texts={"LICENSE": ""},
        packed=("readme.md", "Licence.txt"),
        absent=("notes.md",),
    ),
    "no license of its own": npm(
        "lib/gen",
        "lib/index.js",
        manifest={"files": ["lib"]},
        texts={"LICENSE": ""},
        packed=("LICENSE",),
        added=frozenset({"LICENSE"}),  # pnpm adds that of the workspace
    ),
}
