"""What is copied to pack a package, beside its sources, and what is written into the copy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from nox_rings.artifacts.copying import copy_inputs
from nox_rings.ecosystems.model import ArtifactSubject, MemberSubject, Packing
from nox_rings.ecosystems.npm.builds.outputs import packed_by
from nox_rings.ecosystems.npm.ecosystem import Npm
from nox_rings.ecosystems.npm.packing import complete_copy, is_built, stamp
from nox_rings.ecosystems.npm.workspaces.manifest import Package, PackageJson
from nox_rings.workspace.model import Member
from unit.conftest import WriteTree
from unit.contexts import NPM, a_context
from unit.ecosystems.npm.workspaces.trees import package

ALWAYS = ("sdk/[Rr][Ee][Aa][Dd][Mm][Ee]*", "sdk/[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*", "sdk/[Cc][Oo][Pp][Yy][Ii][Nn][Gg]*")
PACKED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "no list of files": ({}, ("sdk",)),
    "an empty one": ({"files": []}, ("sdk",)),
    "a pattern for all folders": ({"files": ["dist", "**/*.js"]}, ("sdk",)),
    "this folder": ({"files": ["./"]}, ("sdk",)),
    "folders, files and patterns": (
        {"files": ["dist", "./contract/**/*.proto", "/NOTICE", "!dist/test", "!*.map"]},
        ("sdk/dist", "sdk/contract", "sdk/NOTICE", *ALWAYS),
    ),
    "nothing above the folder": ({"files": ["dist", "../other"]}, ("sdk/dist", *ALWAYS)),
    "entry points": (
        {"files": ["dist"], "main": "main.js", "bin": {"x": "bin/x.js"}, "exports": {".": {"types": "./t.d.ts"}}},
        ("sdk/dist", "sdk/t.d.ts", "sdk/main.js", "sdk/bin/x.js", *ALWAYS),
    ),
    "what is published instead": (
        {"files": ["lib"], "publishConfig": {"directory": "out", "main": "other.js"}},
        ("sdk/out", "sdk/lib", "sdk/other.js", *ALWAYS),
    ),
    "what is bundled": ({"bundleDependencies": ["x"]}, ("sdk", "sdk/node_modules")),
}


@pytest.mark.parametrize(("document", "packed"), PACKED.values(), ids=list(PACKED))
def test_what_may_be_packed_is_what_the_manifest_names(document: dict[str, Any], packed: tuple[str, ...]) -> None:
    assert packed_by(Package("sdk", cast(PackageJson, document))) == packed


def packing(root: Path, copy: Path, member: Member) -> Packing:
    return Packing(
        subject=ArtifactSubject(source=MemberSubject(member=member), copied=(member,), released=("sdk",)),
        tools={},
        context=a_context(root),
        copy=copy,
        packed=copy.parent / "packed",
        stage=copy.parent,
        time_seconds=0,
    )


@pytest.mark.parametrize(
    ("packed", "copied"),
    [
        (("sdk",), {"index.js", "lib/index.cjs", "dist/index.js"}),
        (("sdk/dist", "sdk/.next", "sdk/[Rr]*"), {"dist/index.js", ".next/node_modules/x.js", "README.md"}),
    ],
    ids=["all", "what is named"],
)
def test_a_copy_has_what_git_ignores_and_the_manifest_publishes(
    packed: tuple[str, ...], copied: set[str], write_tree: WriteTree
) -> None:
    ignored = (*copied, ".env", "node_modules/x/index.js", "lib/node_modules/x/index.js")
    root = write_tree({f"sdk/{path}": "x" for path in ("package.json", *ignored)} | {"LICENSE": "", ".gitignore": ""})
    member = Member(folder="sdk", ecosystem="npm", name="sdk", install_root=".", packed=packed)
    files = ("LICENSE", "sdk/package.json")
    inputs = Npm().pack_inputs(MemberSubject(member=member), files)
    assert copy_inputs(a_context(root, files=files), inputs, root / "copy", with_links=True) == ()
    found = {path.relative_to(root / "copy").as_posix() for path in (root / "copy").rglob("*") if path.is_file()}
    assert found == {"LICENSE", ".gitignore", "sdk/package.json", *(f"sdk/{path}" for path in copied)}


def test_the_version_is_written_into_both_manifests_where_a_folder_is_published_instead(
    write_tree: WriteTree, tmp_path: Path
) -> None:
    document = package("sdk", publishConfig={"directory": "out"})
    copy = write_tree({"sdk/package.json": document, "sdk/out/package.json": package("sdk")})
    member = Member(folder="sdk", ecosystem="npm", name="sdk", install_root=".")
    stamp(member, packing(tmp_path, copy, member))
    found = [json.loads((copy / path).read_text()) for path in ("sdk/package.json", "sdk/out/package.json")]
    assert [each["version"] for each in found] == [NPM, NPM]


@pytest.mark.parametrize(
    ("install_root", "own", "text"),
    [
        (".", None, '{"packages": ["js/sdk"]}'),
        ("js", None, '{"packages": ["sdk"]}'),
        (".", "packages: [js/*]\n", "packages: [js/*]\n"),
        ("js/sdk", None, None),
    ],
    ids=["of npm at the top", "of npm in a folder", "of pnpm", "no workspace"],
)
def test_a_copy_is_a_workspace_where_the_package_is_a_member_of_one(
    install_root: str, own: str | None, text: str | None, tmp_path: Path
) -> None:
    """So that pnpm leaves out what is ignored at its root."""
    member = Member(folder="js/sdk", ecosystem="npm", name="sdk", install_root=install_root)
    workspace = tmp_path / "copy" / install_root / "pnpm-workspace.yaml"
    if own:
        workspace.parent.mkdir(parents=True)
        workspace.write_text(own)
    complete_copy(packing(tmp_path, tmp_path / "copy", member))
    assert (workspace.read_text() if workspace.exists() else None) == text


@pytest.mark.parametrize(
    ("script", "built"),
    [
        ("", True),
        ("npm run build", True),
        ("pnpm build && pnpm run test", True),
        ("npm run build && cp README.md dist", False),
        ("npm run docs", False),
        ("tsc", False),
    ],
)
def test_a_prepack_script_is_done_where_it_only_calls_what_ran(script: str, built: bool) -> None:
    assert is_built(script, ("build", "test")) is built
