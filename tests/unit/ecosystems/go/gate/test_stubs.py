"""The stubs of a Go module: the files that must be in the zip, and the packages that must compile."""

from __future__ import annotations

from nox_rings.ecosystems.go.gate.stubs import stub_files, stub_packages
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.workspace.model import Member
from unit.conftest import WriteTree

MODULE = Member(folder="sdk/go", ecosystem="go", name="example.com/sdk", install_root="sdk/go")
TREE = {
    "sdk/go/gen/shop/v1/order.pb.go": "",
    "sdk/go/gen/shop/v1/order_test.go": "",
    "sdk/go/gen/shop/notes.md": "",
    "sdk/go/gen/only/x_test.go": "",
    "sdk/go/gen/_hidden/x.go": "",
    "sdk/go/gen/testdata/x.go": "",
    "sdk/go/inner/go.mod": "",
    "sdk/go/inner/gen/inner.go": "",
    "other/gen/other.go": "",
}
ROOTS = ("sdk/go/gen", "sdk/go/gen/shop", "sdk/go/inner/gen", "sdk/go/empty")


def test_packages_are_folders_of_the_module_with_code_that_go_lists(write_tree: WriteTree) -> None:
    root = write_tree(TREE)
    found = stub_packages(root, "sdk/go", "example.com/sdk", (*ROOTS, "other/gen"))
    assert found == ("example.com/sdk/gen/shop/v1",)
    assert stub_packages(root, "sdk/go/gen/shop/v1", "x.y/z", ("sdk/go/gen/shop/v1",)) == ("x.y/z",)


def test_files_are_all_those_in_the_roots_once_without_those_of_modules_inside(write_tree: WriteTree) -> None:
    subject = MemberSubject(member=MODULE, nested=("sdk/go/inner",), generated=ROOTS)
    assert stub_files(write_tree(TREE), subject) == (
        "gen/_hidden/x.go",
        "gen/only/x_test.go",
        "gen/shop/notes.md",
        "gen/shop/v1/order.pb.go",
        "gen/shop/v1/order_test.go",
        "gen/testdata/x.go",
    )
