"""A pnpm workspace with catalogs and aliases, packages without scripts, a docs site, and an app whose Dockerfile lies
in a folder below it."""

from __future__ import annotations

import json
from pathlib import Path

from repositories import Repository


def package(name: str, **more: object) -> str:
    return json.dumps({"name": name, "version": "1.0.0", **more}, indent=2) + "\n"


def built(folder: str) -> dict[str, str]:
    return {"build": f"mkdir -p {folder} && cp package.json {folder}/"}


REPOSITORY = Repository(
    files={
        ".gitignore": "node_modules/\ndist/\n/docs/build/\n",
        "package.json": '{ "name": "root", "private": true, "scripts": { "build": "pnpm -r build" } }\n',
        "pnpm-workspace.yaml": 'packages:\n  - "{apps,libs}/*"\n  - docs\n'
        "catalog:\n  ms: 2.1.3\ncatalogs:\n  ours:\n    util: workspace:*\n",
        "pnpm-lock.yaml": (Path(__file__).parent / "pnpm_docs.pnpm-lock.yaml").read_text(encoding="utf-8"),
        "libs/tokens/package.json": package("@shop/tokens", main="tokens.json"),
        "libs/tokens/tokens.json": "{}\n",
        "libs/tsconfig/package.json": package("@shop/tsconfig"),
        "libs/util/package.json": package("util", dependencies={"ms": "catalog:"}, scripts={"test": "node -e 0"}),
        "libs/ui/package.json": package(
            "@shop/ui",
            main="dist/index.js",
            scripts={"build": "mkdir -p dist && echo 'exports.name = 1' > dist/index.js"},
            dependencies={"@shop/tokens": "workspace:^"},
            devDependencies={"@shop/tsconfig": "workspace:*"},
        ),
        "apps/shop/package.json": package(
            "shop",
            scripts=built("dist"),
            dependencies={"ui": "workspace:@shop/ui@*", "helpers": "link:../../libs/util"},
        ),
        "apps/shop/docker/Dockerfile": 'FROM scratch\nCOPY package.json /srv/\nCMD ["/srv/package.json"]\n',
        "apps/site/package.json": package("site", dependencies={"@shop/ui": "workspace:*"}),
        "docs/package.json": package(
            "docs", private=True, scripts=built("build"), devDependencies={"@shop/ui": "workspace:*"}
        ),
        "docs/guide.md": "# Guide\n",
    },
    members={
        ("apps/shop", "npm"): ("libs/ui", "libs/util"),
        ("apps/site", "npm"): ("libs/ui",),
        ("docs", "npm"): ("libs/ui",),
        ("libs/tokens", "npm"): (),
        ("libs/tsconfig", "npm"): (),
        ("libs/ui", "npm"): ("libs/tokens", "libs/tsconfig"),
        ("libs/util", "npm"): (),
    },
    images={("apps/shop/docker/Dockerfile", ""): ("apps/shop",)},
)
