"""Packed Go modules in a clean module cache: errors of a consumer are found, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from packed_sets import PackedByHand

GOOD = {
    "go.mod": "module example.com/a\n\ngo 1.25\n",
    "a.go": 'package a\n\nimport "example.com/a/internal/deep"\n\nvar A = deep.Deep\n',
    "more/more.go": "package more\n\nvar More = 2\n",
    "cmd/tool/main.go": "package main\n\nfunc main() {}\n",
    "internal/deep/deep.go": "package deep\n\nvar Deep = 1\n",
    "elsewhere/elsewhere_plan9.go": "package elsewhere\n",
}
ZIP = "example.com/a/@v/v1.2.3.zip"
PROTOBUF = 'package a\n\nimport "google.golang.org/protobuf/encoding/protowire"\n\nvar A protowire.Number\n'


@pytest.fixture
def packed(tmp_path: Path) -> PackedByHand:
    return PackedByHand(tmp_path, "go")


def requiring(module: str) -> str:
    return f"{GOOD['go.mod']}\nrequire {module}\n"


def test_siblings_that_use_each_other_are_good_and_come_from_the_set(packed: PackedByHand) -> None:
    """What is internal, a program or for another system is not imported. The sum of a sibling cannot be in a go.sum
    before the sibling is packed."""
    uses_b = {
        "a.go": 'package a\n\nimport "example.com/b"\n\nvar A = b.B\n',
        "go.mod": requiring("example.com/b v1.2.3"),
    }
    packed.module("a", {**GOOD, **uses_b})
    packed.module("b", {"go.mod": "module example.com/b\n\ngo 1.25\n", "b.go": "package b\n\nvar B = 1\n"})
    said = packed.check("example.com/a", "example.com/b")
    assert said.findings == []
    assert said.proof == "2 packages, go build, go vet; 1 packages, go build, go vet"
    program = (packed.root / "place/a/consumer/every_package.go").read_text()
    assert program == 'package consumer\n\nimport (\n\t_ "example.com/a"\n\t_ "example.com/a/more"\n)\n'


def test_a_requirement_that_is_missing_is_found_though_go_get_would_add_it(packed: PackedByHand) -> None:
    packed.module("a", {**GOOD, "a.go": PROTOBUF})
    (finding,) = packed.check("example.com/a").findings
    assert finding.startswith(f"{ZIP}!example.com/a@v1.2.3/a.go:3: consumer-error: found ")
    assert "no required module provides package google.golang.org/protobuf/encoding/protowire" in finding


def test_a_package_that_does_not_compile_is_found_without_an_import_of_it(packed: PackedByHand) -> None:
    """A program too: `go install` of it is a use."""
    bad = {
        "more/more.go": "package more\n\nvar More int = nothing\n",
        "cmd/tool/main.go": "package main\n\nfunc main() { gone() }\n",
    }
    packed.module("a", {**GOOD, **bad})
    first, second = packed.check("example.com/a").findings
    assert second == (
        f"{ZIP}!example.com/a@v1.2.3/more/more.go:3: consumer-error: found 'undefined: nothing', "
        "expected no error of go build"
    )
    assert f"{ZIP}!example.com/a@v1.2.3/cmd/tool/main.go:3: consumer-error: found 'undefined: gone'" in first


def test_a_generated_package_that_the_module_has_not_is_found_though_all_others_compile(tmp_path: Path) -> None:
    packed = PackedByHand(tmp_path, "go", generated_roots=("a/gen", "a/more", "b/gen"))
    packed.module("a", {**GOOD, "gen/shop/v1/order.pb.go": "package shopv1\n"})
    assert packed.check("example.com/a").findings == []
    packed.sources("a", {"gen/item/v1/item.pb.go": "package itemv1\n"})
    shutil.rmtree(packed.root / "place")
    (finding,) = packed.check("example.com/a").findings
    assert finding.startswith(f"{ZIP}: uninstallable: ")
    assert "found no package example.com/a/gen/item/v1, expected the stubs that proto generates into a" in finding


def test_a_report_of_vet_for_the_own_program_is_found(packed: PackedByHand) -> None:
    bad = 'package main\n\nimport (\n\t"fmt"\n\n\t"example.com/a"\n)\n\nfunc main() { fmt.Printf("%s", a.A) }\n'
    packed.module("a", {**GOOD, "smoke/main.go": bad})
    (finding,) = packed.check("example.com/a").findings
    assert finding.startswith(f"{ZIP}: consumer-error: a/smoke/main.go:9: found 'fmt.Printf format %s has arg a.A")
    assert finding.endswith("expected no error of go vet")


@pytest.mark.parametrize(
    ("required", "absent", "found"),
    [
        ("example.com/b v1.2.9", (), "example.com/b@v1.2.9"),
        (
            "google.golang.org/protobuf v1.36.12",
            ("google.golang.org/protobuf",),
            "protobuf v1.36.12 is not of the packed",
        ),
    ],
)
def test_a_sibling_that_is_not_in_the_set_is_found_wherever_go_gets_it(
    tmp_path: Path, required: str, absent: tuple[str, ...], found: str
) -> None:
    packed = PackedByHand(tmp_path, "go", absent=absent)
    source = PROTOBUF if absent else PROTOBUF.replace("google.golang.org/protobuf/encoding/protowire", "example.com/b")
    sums = "google.golang.org/protobuf v1.36.12 h1:x\n"
    packed.module("a", {**GOOD, "go.mod": requiring(required), "a.go": source} | ({} if absent else {"go.sum": sums}))
    packed.module("b", {"go.mod": "module example.com/b\n\ngo 1.25\n", "b.go": "package b\n\nvar B = 1\n"})
    findings = packed.check("example.com/a", "example.com/b").findings
    assert any(each.startswith(f"{ZIP}: uninstallable: found ") and found in each for each in findings), findings


def test_wrong_checksums_of_requirements_are_found(packed: PackedByHand) -> None:
    sums = "google.golang.org/protobuf v1.36.12 h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    required = requiring("google.golang.org/protobuf v1.36.12")
    packed.module("a", {**GOOD, "go.mod": required, "a.go": PROTOBUF, "go.sum": sums})
    (finding,) = packed.check("example.com/a").findings
    assert finding.startswith(f"{ZIP}: uninstallable: found ") and "checksum mismatch" in finding


def test_a_module_without_a_public_package_is_a_finding(packed: PackedByHand) -> None:
    packed.module("a", {"go.mod": GOOD["go.mod"], "main.go": "package main\n\nfunc main() {}\n"})
    (finding,) = packed.check("example.com/a").findings
    assert finding.startswith(f"{ZIP}: nothing-inspected: ")
