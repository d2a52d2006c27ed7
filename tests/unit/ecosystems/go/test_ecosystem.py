from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nox_rings.ecosystems.go.ecosystem import Go
from nox_rings.ecosystems.model import ArtifactSubject, MemberSubject, Packing
from nox_rings.workspace.model import Member
from unit.conftest import WriteTree
from unit.contexts import SECONDS, a_context

MODULE = Member(folder="sdk/go", ecosystem="go", name="example.com/sdk", install_root="sdk/go")


def packing(root: Path, files: tuple[str, ...]) -> Packing:
    copy = root / "stage/tree"
    (copy / "sdk/go").mkdir(parents=True)
    return Packing(
        subject=ArtifactSubject(source=MemberSubject(member=MODULE), copied=(MODULE,), released=(MODULE.name,)),
        tools={},
        context=a_context(root, files=files),
        copy=copy,
        packed=root / "stage/packed",
        stage=root / "stage",
        time_seconds=SECONDS,
    )


@pytest.mark.parametrize(
    ("listed", "own", "packed"),
    [
        (("LICENSE", "sdk/go/go.mod"), "", "of the repository\n"),
        (("LICENSE", "sdk/go/LICENSE"), "of the module\n", "of the module\n"),
        (("sdk/go/LICENSE.md", "sdk/go/go.mod"), "", None),
    ],
    ids=["at the top", "beside go.mod", "not in git"],
)
def test_a_module_without_a_license_is_packed_with_the_one_at_the_top(
    write_tree: WriteTree, listed: tuple[str, ...], own: str, packed: str | None
) -> None:
    """As the go command does it (https://go.dev/ref/mod#vcs-license)."""
    found = packing(write_tree({"LICENSE": "of the repository\n"}), listed)
    license_file = found.copy / "sdk/go/LICENSE"
    if own:
        license_file.write_text(own, encoding="utf-8")
    Go().complete_copy(found)
    assert (license_file.read_text(encoding="utf-8") if license_file.exists() else None) == packed


def test_stubs_are_packed_though_git_does_not_list_them(write_tree: WriteTree) -> None:
    found = packing(write_tree({"sdk/go/gen/a/a.pb.go": "package a\n", "sdk/go/other/x.go": "package x\n"}), ())
    found = replace(
        found, subject=replace(found.subject, source=MemberSubject(member=MODULE, generated=("sdk/go/gen",)))
    )
    Go().complete_copy(found)
    assert [str(path.relative_to(found.copy)) for path in found.copy.rglob("*.go")] == ["sdk/go/gen/a/a.pb.go"]


def test_what_a_module_embeds_is_packed_though_git_does_not_list_it(write_tree: WriteTree) -> None:
    root = write_tree({"sdk/go/web/dist/index.html": "x", "sdk/go/one.txt": "x", "sdk/go/two.txt": "x"})
    found = packing(root, ())
    member = replace(MODULE, embedded=("sdk/go/one.txt", "sdk/go/web/dist"))
    found = replace(found, subject=replace(found.subject, source=MemberSubject(member=member)))
    Go().complete_copy(found)
    packed = {str(path.relative_to(found.copy)) for path in found.copy.rglob("*") if path.is_file()}
    assert packed == {"sdk/go/one.txt", "sdk/go/web/dist/index.html"}


def test_the_license_at_the_top_is_an_input_of_the_artifact() -> None:
    assert Go().pack_inputs(MemberSubject(member=MODULE)) == ("LICENSE",)
