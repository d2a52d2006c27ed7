"""Which files make the packages of a module, and which go is too old for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.go import checks
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.workspace.model import Member
from unit.conftest import WriteTree


def member(folder: str, *, root: str = "", in_workspace: bool = False) -> Member:
    return Member(folder=folder, ecosystem="go", name="m", install_root=root or folder, in_workspace=in_workspace)


def test_the_files_of_a_module_are_those_that_go_means_by_dots() -> None:
    files = (
        *("sdk/go/client.go", "sdk/go/go.mod", "sdk/go/proto/a/a.pb.go", "sdk/go/internal/wire/wire_test.go"),
        *("sdk/go/testdata/x/x.go", "sdk/go/vendor/y/y.go", "sdk/go/_old/z.go", "sdk/go/.x/z.go", "sdk/go/_z.go"),
        *("sdk/go/nested/n.go", "sdk/go_other/o.go"),
    )
    subject = MemberSubject(member=member("sdk/go"), nested=("sdk/go/nested",), generated=("sdk/go/proto",))
    assert checks.own_go_files(tuple(sorted(files)), subject) == (
        "sdk/go/client.go",
        "sdk/go/internal/wire/wire_test.go",
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.go", "package a\n", True),
        ("a_test.go", "package a\n", True),
        ("a_windows.go", "package a\n", False),
        ("a.go", "// Copyright\n\n//go:build tools\n\npackage a\n", False),
        ("a.go", "// +build tools\n\npackage a\n", False),
    ],
)
def test_a_file_with_a_constraint_may_be_for_another_platform(
    tmp_path: Path, name: str, text: str, expected: bool
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert checks.is_for_all(tmp_path / name) is expected


MOD = "module example.com/m\n\ngo {}\n"


@pytest.mark.parametrize(
    ("line", "version", "chosen", "problem"),
    [
        ("1.25", "1.27.3", "", ""),
        ("1.27.3", "1.27.3", "", ""),
        ("1.27.4", "1.27.3", "", "m/go.mod:3: found go 1.27.4, expected at most go 1.27.3, which runs here"),
        ("1.99", "1.27.3", "local", "m/go.mod:3: found go 1.99, expected at most go 1.27.3, which runs here"),
        ("1.99", "1.27.3", "auto", ""),
        ("1.99", "", "", ""),
    ],
)
def test_a_go_line_newer_than_the_go_that_runs_is_told_before_anything_runs(
    write_tree: WriteTree, line: str, version: str, chosen: str, problem: str
) -> None:
    root = write_tree({"m/go.mod": MOD.format(line)})
    assert checks.too_old(root, member("m"), version, chosen) == problem


def test_the_go_line_of_a_go_work_counts_for_its_modules(write_tree: WriteTree) -> None:
    root = write_tree({"m/go.mod": MOD.format("1.25"), "go.work": "go 1.99\n\nuse ./m\n"})
    found = checks.too_old(root, member("m", root=".", in_workspace=True), "1.27.3", "")
    assert found == "go.work:1: found go 1.99, expected at most go 1.27.3, which runs here"
    assert checks.too_old(root, member("m"), "1.27.3", "") == ""
