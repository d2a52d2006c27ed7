"""Go modules in repositories of other shapes than this one."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from strangers import Stranger, a_stranger


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    made = a_stranger(tmp_path)
    made.pins()
    return made


def module(name: str, *lines: str, go: str = "1.22") -> str:
    return "\n".join([f"module example.com/{name}", "", f"go {go}", *lines, ""])


def test_a_module_that_go_work_replaces_is_read_by_those_that_require_it(stranger: Stranger) -> None:
    stranger.write("meter/go.mod", module("meter", "require example.com/units v0.0.0"))
    stranger.write("meter/meter.go", 'package meter\n\nimport "example.com/units"\n\nconst Value = units.Value\n')
    stranger.write("third_party/units/go.mod", module("units"))
    stranger.write("third_party/units/units.go", "package units\n\nconst Value = 1\n")
    stranger.write("go.work", "go 1.22\n\nuse ./meter\n\nreplace example.com/units => ./third_party/units\n")
    stranger.commit()
    stranger.must("rings")
    assert stranger.reasons() == {"package:meter": "fresh", "package:units": "fresh"}
    stranger.write("third_party/units/units.go", "package units\n\nconst Value = 2\n")
    assert stranger.reasons() == {"package:meter": "dependency", "package:units": "input-changed"}


def test_a_fork_of_another_path_is_built_with(stranger: Stranger) -> None:
    stranger.write(
        "app/go.mod", module("app", "require example.com/units v1.0.0", "replace example.com/units => ../fork")
    )
    stranger.write("app/app.go", 'package app\n\nimport "example.com/units"\n\nconst Value = units.Value\n')
    stranger.write("fork/go.mod", module("fork"))
    stranger.write("fork/units.go", "package units\n\nconst Value = 1\n")
    stranger.commit()
    stranger.must("rings")
    assert stranger.targets()["package:app"]["dependencies"] == ["package:fork"]


def test_a_package_that_is_imported_in_a_workspace_without_a_requirement_is_an_edge(stranger: Stranger) -> None:
    stranger.write("go.work", "go 1.22\n\nuse ./a\nuse ./b\n")
    stranger.write("a/go.mod", module("a"))
    stranger.write("a/a.go", 'package a\n\nimport "example.com/b"\n\nconst Value = b.Value\n')
    stranger.write("b/go.mod", module("b"))
    stranger.write("b/b.go", "package b\n\nconst Value = 1\n")
    stranger.commit()
    stranger.must("rings")
    stranger.write("b/b.go", "package b\n\nconst Value = 2\n")
    assert stranger.reasons() == {"package:a": "dependency", "package:b": "input-changed"}


def test_a_vendored_module_is_built_from_vendor(stranger: Stranger) -> None:
    stranger.write("app/go.mod", module("app", "require example.com/lib v1.0.0", "replace example.com/lib => ../lib"))
    stranger.write("app/app.go", 'package app\n\nimport "example.com/lib"\n\nconst Value = lib.Value\n')
    listed = "# example.com/lib v1.0.0 => ../lib\n## explicit; go 1.22\nexample.com/lib\n# example.com/lib => ../lib\n"
    stranger.write("app/vendor/modules.txt", listed)
    stranger.write("app/vendor/example.com/lib/lib.go", "package lib\n\nconst Value = 1\n")
    stranger.write("lib/go.mod", module("lib"))
    stranger.write("lib/lib.go", "package lib\n\nconst Value = 1\n")
    stranger.commit()
    stranger.must("rings")
    stranger.write("app/vendor/example.com/lib/lib.go", "package lib\n\nconst Value = 2\n")
    assert stranger.reasons() == {"package:app": "input-changed", "package:lib": "fresh"}


def test_a_program_leaves_nothing_in_the_tree(stranger: Stranger) -> None:
    stranger.write("tool/go.mod", module("tool"))
    stranger.write("tool/main.go", "package main\n\nfunc main() {\n\tprintln(1)\n}\n")
    stranger.commit()
    stranger.must("rings")
    assert stranger.git("status", "--porcelain") == ""
    assert stranger.reasons() == {"package:tool": "fresh"}


@pytest.mark.parametrize(
    "files",
    [
        {"tools.go": "//go:build tools\n\npackage tools\n"},
        {"only_test.go": 'package only\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {}\n'},
        {"a.go": "package a\n", "other/b_windows.go": "package other\n", "other/b_windows_test.go": "package other\n"},
        {"a.go": "package a\n", "testdata/broken.go": "package broken; func {\n", "_old/x.go": "broken\n"},
    ],
    ids=["constrained", "tests alone", "for another platform", "test data"],
)
def test_files_that_go_leaves_out_fail_nothing(stranger: Stranger, files: dict[str, str]) -> None:
    stranger.write("m/go.mod", module("m"))
    for path, text in files.items():
        stranger.write(f"m/{path}", text)
    stranger.commit()
    stranger.must("rings")


def test_a_go_line_that_is_too_new_is_told_before_anything_runs(stranger: Stranger) -> None:
    stranger.write("m/go.mod", module("m", go="1.99"))
    stranger.write("m/m.go", "package m\n")
    stranger.commit()
    answer = stranger.nox("rings")
    assert answer.exit_code == 1
    assert "m/go.mod:3: found go 1.99, expected at most go 1." in answer.out


def test_a_broken_go_mod_stops_its_own_module_and_those_that_need_it(stranger: Stranger) -> None:
    stranger.write("go.work", "go 1.22\n\nuse ./app\nuse ./lib\n")
    stranger.write("app/go.mod", module("app", "require example.com/lib v1.0.0"))
    stranger.write("app/app.go", "package app\n")
    stranger.write("lib/go.mod", "<<<<<<< HEAD\n" + module("lib"))
    stranger.write("lib/lib.go", "package lib\n")
    stranger.write("apart/go.mod", module("apart"))
    stranger.write("apart/apart.go", "package apart\n")
    stranger.commit()
    answer = stranger.nox("rings", "--keep-going", "--json")
    found = {each["id"]: each["outcome"] for each in answer.json()["targets"]}
    assert found == {"package:lib": "failed", "package:app": "not-run", "package:apart": "done"}
    assert "lib/go.mod:1: found `<<<<<<< HEAD`" in answer.out


def write_client(stranger: Stranger, ignored: str) -> None:
    """A schema, and the module `client` that its stubs are generated into."""
    stranger.pins("go/proto")
    version = re.search(r"google.golang.org/protobuf (v\S+)", stranger.text("tools/go/proto/go.mod"))
    assert version
    sums = [line for line in stranger.text("tools/go/proto/go.sum").splitlines() if f"/protobuf {version[1]}" in line]
    stranger.write(".gitignore", ignored)
    stranger.write("idl/buf.yaml", "version: v2\n")
    stranger.proto("idl/shop/v1/order.proto")
    option = 'package shop.v1;\n\noption go_package = "example.com/shop/generated/shop/v1;shopv1";\n'
    stranger.write(
        "idl/shop/v1/order.proto", stranger.text("idl/shop/v1/order.proto").replace("package shop.v1;\n", option)
    )
    plugin = "  - local: protoc-gen-go\n    out: ../client/generated\n    opt: paths=source_relative\n"
    stranger.write("idl/buf.gen.yaml", f"version: v2\nplugins:\n{plugin}")
    stranger.write("client/go.mod", module("shop", f"require google.golang.org/protobuf {version[1]}", go="1.23"))
    stranger.write("client/go.sum", "\n".join([*sums, ""]))
    stranger.write("client/LICENSE", "Anybody may do anything with this.\n")
    stranger.write("client/client.go", 'package shop\n\n// Name is it.\nconst Name = "shop"\n')
    stranger.commit()


def test_stubs_that_git_ignores_are_packed(stranger: Stranger) -> None:
    write_client(stranger, "/.nox-rings/\n/dist/\ngenerated/\n")
    stranger.must("sdk-go", "--pack")
    (archive,) = stranger.root.glob("dist/go/**/@v/*.zip")
    assert any(name.endswith("generated/shop/v1/order.pb.go") for name in zipfile.ZipFile(archive).namelist())


def test_what_is_packed_and_compiled_is_no_source_though_no_gitignore_names_it(stranger: Stranger) -> None:
    write_client(stranger, "")
    stranger.write("go.mod", module("whole"))
    stranger.write("whole.go", "package whole\n")
    stranger.commit()
    stranger.must("rings")
    stranger.write("__pycache__/noxfile.cpython-311.pyc", "of another version of Python")
    assert {*stranger.reasons().values()} == {"fresh"}
    assert "dist/" not in stranger.git("status", "--porcelain")


def test_an_edit_of_an_ignored_file_that_is_embedded_makes_the_module_stale(stranger: Stranger) -> None:
    stranger.write(".gitignore", "/.nox-rings/\ndist/\n")
    stranger.write("m/go.mod", module("m"))
    stranger.write("m/m.go", 'package m\n\nimport "embed"\n\n//go:embed dist\nvar Files embed.FS\n')
    stranger.write("m/dist/index.html", "one\n")
    stranger.commit()
    stranger.must("rings")
    assert stranger.reasons() == {"package:m": "fresh"}
    stranger.write("m/dist/index.html", "two\n")
    assert stranger.reasons() == {"package:m": "input-changed"}
