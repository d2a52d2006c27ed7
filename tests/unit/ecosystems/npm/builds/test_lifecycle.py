"""What an installation reads because it runs scripts of packages."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nox_rings.ecosystems.npm.builds.lifecycle import read_by_installation
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

TREE = {
    "app/package.json": "{}",
    "app/gen.mjs": "import './part.mjs'",
    "app/part.mjs": "import '../shared/x.mjs'",
    "app/src/index.ts": "",
    "app/prisma/schema.prisma": "",
    "shared/x.mjs": "",
    "tools/post.mjs": "",
    "tools/data.json": "",
}
OWN = {path for path in TREE if path.startswith("app/")}


@pytest.mark.parametrize(
    ("scripts", "files"),
    [
        ({"build": "tsc", "test": "vitest"}, set()),
        ({"postinstall": "node gen.mjs"}, {"app/gen.mjs", "app/part.mjs", "shared/x.mjs"}),
        ({"preinstall": "node ../tools/post.mjs"}, OWN | {"tools/post.mjs", "tools/data.json"}),
        ({"postinstall": "prisma generate"}, {"app/prisma/schema.prisma"}),
        ({"prepare": "husky || true", "preinstall": "npx only-allow pnpm"}, set()),
        ({"prepare": "tsc -p ."}, OWN),
        ({"prepare": "npm run gen", "gen": "nuxt prepare"}, OWN),
        ({"prepare": "npm run build", "build": "tsc"}, set()),  # which is done again when it is built
    ],
)
def test_an_installation_reads_what_its_scripts_name_or_all_of_a_package(
    write_tree: WriteTree, scripts: Mapping[str, str], files: set[str]
) -> None:
    sources = Sources(root=write_tree(TREE), files=tuple(sorted(TREE)))
    is_built = "build" in scripts
    assert {*read_by_installation(sources, "app", scripts, is_built=is_built, is_root=False)} == files


def test_of_the_root_of_others_only_what_its_scripts_name_is_read(write_tree: WriteTree) -> None:
    sources = Sources(root=write_tree(TREE), files=tuple(sorted(TREE)))
    scripts = {"postinstall": "node tools/post.mjs && pnpm -r build"}
    found = {*read_by_installation(sources, ".", scripts, is_built=False, is_root=True)}
    assert found == {"tools/post.mjs", "tools/data.json"}
