from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nox_rings.artifacts.copying import copy_inputs
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
    ("copied", "own", "packed"),
    [
        (True, "", "of the repository\n"),
        (True, "of the module\n", "of the module\n"),
        (False, "", None),
    ],
    ids=["at the top", "beside go.mod", "none"],
)
def test_a_module_without_a_license_is_packed_with_the_one_at_the_top(
    copied: bool, own: str, packed: str | None, tmp_path: Path
) -> None:
    """As the go command does it (https://go.dev/ref/mod#vcs-license)."""
    found = packing(tmp_path, ())
    if copied:
        (found.copy / "LICENSE").write_text("of the repository\n", encoding="utf-8")
    license_file = found.copy / "sdk/go/LICENSE"
    if own:
        license_file.write_text(own, encoding="utf-8")
    Go().complete_copy(found)
    assert (license_file.read_text(encoding="utf-8") if license_file.exists() else None) == packed


def test_stubs_code_and_what_a_module_embeds_are_packed_though_git_does_not_list_them(write_tree: WriteTree) -> None:
    """And nothing else that git ignores, nor a module inside, nor a link."""
    member = replace(MODULE, embedded=("sdk/go/one.txt", "sdk/go/web/dist", "sdk/go/*.json"))
    subject = MemberSubject(member=member, generated=("sdk/go/build/gen",), nested=("sdk/go/inner",))
    texts = (
        *("go.mod", "a.go", "mocks/m.go", "build/gen/a.pb.go", "one.txt", "web/dist/index.html", "x.json"),
        *("cover.out", "inner/go.mod", "inner/i.go", ".env", "node_modules/x/x.go"),
    )
    root = write_tree({f"sdk/go/{path}": "x\n" for path in texts})
    (root / "sdk/go/link.go").symlink_to("a.go")
    files = ("sdk/go/a.go", "sdk/go/go.mod", "sdk/go/inner/go.mod", "sdk/go/inner/i.go", "sdk/go/link.go")
    inputs = Go().pack_inputs(subject, files)
    left_out = copy_inputs(a_context(root, files=files), inputs, root / "copy", with_links=Go.packs_links)
    copied = {str(path.relative_to(root / "copy/sdk/go")) for path in (root / "copy").rglob("*") if path.is_file()}
    assert copied == {*texts[:7]}
    assert left_out == ("sdk/go/link.go",)


def test_the_license_at_the_top_is_an_input_of_the_artifact() -> None:
    subject = MemberSubject(member=MODULE)
    assert Go().pack_inputs(subject, ("LICENSE",)).files == ("LICENSE",)
    assert Go().pack_inputs(subject, ("sdk/go/LICENSE",)).files == ()
