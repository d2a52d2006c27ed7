"""What goes into the stamped copy of a package beside its sources."""

from __future__ import annotations

import json
from pathlib import Path

from nox_rings.ecosystems.model import ArtifactSubject, MemberSubject, Packing
from nox_rings.ecosystems.npm.packing import stamp
from nox_rings.workspace.model import Member
from unit.conftest import WriteTree
from unit.contexts import NPM, a_context
from unit.ecosystems.npm.workspaces.trees import package

MEMBER = Member(folder="sdk", ecosystem="npm", name="sdk", install_root=".", outputs=("sdk/dist", "sdk/lib"))


FILES = ["dist", "contract/**/*.proto", "LICENSE", "!dist/test", "none"]


def test_a_copy_has_all_that_is_built_and_published_and_no_installed_package(
    write_tree: WriteTree, tmp_path: Path
) -> None:
    root = write_tree(
        {
            "sdk/package.json": package("sdk", files=FILES),
            "sdk/dist/index.js": "",
            "sdk/lib/index.cjs": "",
            "sdk/contract/v1/order.proto": "",
            "sdk/contract/node_modules/x/index.js": "",
            "sdk/LICENSE": "",
            "sdk/other/notes.txt": "",
            "copy/sdk/package.json": package("sdk", files=FILES),
        }
    )
    copy = tmp_path / "copy"
    packing = Packing(
        subject=ArtifactSubject(source=MemberSubject(member=MEMBER), copied=(MEMBER,), released=("sdk",)),
        tools={},
        context=a_context(root),
        copy=copy,
        packed=tmp_path / "packed",
        stage=tmp_path,
        time_seconds=0,
    )
    stamp(MEMBER, packing)
    assert sorted(path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()) == [
        "sdk/LICENSE",
        "sdk/contract/v1/order.proto",
        "sdk/dist/index.js",
        "sdk/lib/index.cjs",
        "sdk/package.json",
    ]
    assert json.loads((copy / "sdk/package.json").read_text())["version"] == NPM
