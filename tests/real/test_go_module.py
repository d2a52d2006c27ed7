"""Go modules packed and checked by `gomodule`, which has the rules of golang.org/x/mod."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from go_programs import ask, pack_module
from nox_rings.artifacts.gate.model import contract_findings
from nox_rings.ecosystems.archives import open_artifact
from nox_rings.ecosystems.artifact import GO, Facts, Violation
from nox_rings.ecosystems.go import module_proxy
from nox_rings.ecosystems.go.ecosystem import Go
from nox_rings.engine.errors import StepFailedError

NAME = "example.com/Big/m"
MODULE = {"go.mod": f"module {NAME}\n\ngo 1.27\n", "a.go": "package a\n", "LICENSE": "free\n"}
MEBIBYTE = 1 << 20
PREFIX = f"{NAME}@v1.0.0/"


def packed(tmp_path: Path, texts: Mapping[str, str], version: str = "v1.0.0") -> Path:
    """The folder of the versions."""
    for path, text in {**MODULE, **texts}.items():
        (tmp_path / "m" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "m" / path).write_bytes(text.encode())
    pack_module(tmp_path / "m", tmp_path / "proxy", NAME, version)
    return tmp_path / "proxy/example.com/!big/m/@v"


def members(folder: Path) -> list[str]:
    with zipfile.ZipFile(folder / "v1.0.0.zip") as archive:
        return [name.removeprefix(PREFIX) for name in archive.namelist()]


def test_a_module_is_a_proxy_tree(tmp_path: Path) -> None:
    folder = packed(tmp_path, {"go.mod": f"module {NAME}\r\n"})
    assert (folder / "list").read_text() == "v1.0.0\n"
    assert (folder / "v1.0.0.mod").read_bytes() == f"module {NAME}\r\n".encode()
    assert json.loads((folder / "v1.0.0.info").read_text()) == {"Version": "v1.0.0", "Time": "2023-11-14T22:13:20Z"}
    with zipfile.ZipFile(folder / "v1.0.0.zip") as archive:
        assert archive.namelist() == [f"{PREFIX}LICENSE", f"{PREFIX}a.go", f"{PREFIX}go.mod"]


def test_nothing_of_a_machine_is_in_the_archive(tmp_path: Path) -> None:
    folder = packed(tmp_path, {"run.sh": "#!/bin/sh\n"})
    first = (folder / "v1.0.0.zip").read_bytes()
    (tmp_path / "m/run.sh").chmod(0o700)
    assert packed(tmp_path, {}).joinpath("v1.0.0.zip").read_bytes() == first
    with zipfile.ZipFile(folder / "v1.0.0.zip") as archive:
        facts = {(entry.date_time, entry.external_attr, entry.extra) for entry in archive.infolist()}
    assert facts == {((1980, 0, 0, 0, 0, 0), 0, b"")}


CONTENT = {
    "a.go": True,
    "internal/a b+c.txt": True,
    "größe.go": True,
    ".github/x.yml": True,
    ".hg_archival.txt": False,
    "sub/.hg_archival.txt": True,
    "vendor/example.com/x/x.go": False,
    "pkg/vendor/x/x.go": False,
    "pkg/vendor/x.go": True,
    "vendor/modules.txt": False,
    "vendor/x.go": True,
    "vendored/x/x.go": True,
    "a/n/go.mod": False,
    "a/n/deep/c.go": False,
    "b/n/GO.mod": False,
    "b/n/deep/a*b.go": False,
    "a/name.go": True,
    "ß.go": True,
    "ss.go": True,
}


def test_only_content_of_the_module_is_packed(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m/link.go").symlink_to("a.go")
    found = members(packed(tmp_path, dict.fromkeys(CONTENT, "x\n")))
    assert {path: path in found for path in CONTENT} == CONTENT
    assert "link.go" not in found


@pytest.mark.parametrize(("line", "kept"), [("go 1.27.0\n", True), ("go 1.23\n", False), ("", False)])
def test_how_vendor_is_read_depends_on_the_go_line(line: str, kept: bool, tmp_path: Path) -> None:
    folder = packed(tmp_path, {"go.mod": f"module {NAME}\n{line}", "pkg/vendor/x.go": "package vendor\n"})
    assert ("pkg/vendor/x.go" in members(folder)) is kept


REFUSED = {
    "an unclean name": ({"a*b.go": ""}, "v1.0.0", "a*b.go: malformed file path"),
    "a colon": ({"a:b.go": ""}, "v1.0.0", "a:b.go: malformed file path"),
    "a line separator": ({"a\u2028.go": ""}, "v1.0.0", "malformed file path"),
    "a dot at the end": ({"x./a.go": ""}, "v1.0.0", "x./a.go: malformed file path"),
    "a Windows device": ({"x/Con.txt": ""}, "v1.0.0", "x/Con.txt: malformed file path"),
    "a device as a folder": ({"lpt9/a.go": ""}, "v1.0.0", "lpt9/a.go: malformed file path"),
    "names that differ by case": ({"A.go": ""}, "v1.0.0", "a.go: case-insensitive file name collision"),
    "folders that differ by case": ({"P/a.go": "", "p/b.go": ""}, "v1.0.0", "case-insensitive file name collision"),
    "in another alphabet": ({"Ä.go": "", "ä.go": ""}, "v1.0.0", "case-insensitive file name collision"),
    "a huge go.mod": ({"go.mod": f"{MODULE['go.mod']}//{'x' * 16 * MEBIBYTE}\n"}, "v1.0.0", "go.mod file too large"),
    "a huge license": ({"LICENSE": "x" * (16 * MEBIBYTE + 1)}, "v1.0.0", "LICENSE file too large"),
    "a later major version": ({}, "v2.0.0", "should be v0 or v1, not v2"),
    "a short version": ({}, "v1", 'version "v1" is not canonical'),
    "a replacement": (
        {"go.mod": f"module {NAME}\nrequire x.y/z v1.0.0\nreplace x.y/z => ../z\n"},
        "v1.0.0",
        "go.mod: found replace x.y/z, expected none in a module to publish",
    ),
    "a go.mod that is none": ({"go.mod": f"module {NAME}\nnonsense\n"}, "v1.0.0", "go.mod:2: unknown directive"),
}


@pytest.mark.parametrize(("texts", "version", "problem"), REFUSED.values(), ids=list(REFUSED))
def test_a_module_that_go_refuses_is_not_written(
    texts: dict[str, str], version: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(StepFailedError) as caught:
        packed(tmp_path, texts, version)
    assert caught.value.message.startswith(f"{NAME}: ")
    assert problem in caught.value.message
    assert str(tmp_path) not in caught.value.message
    assert not [*tmp_path.rglob("*.zip")]


ZIPS: Mapping[str, tuple[Mapping[str, str], str, str]] = {
    "beside its prefix": ({f"{NAME}@v1.0.1/b.go": ""}, f"{NAME}@v1.0.1/b.go", "path does not have prefix"),
    "a nested module": ({f"{PREFIX}tools/go.mod": ""}, f"{PREFIX}tools/go.mod", "go.mod file not in module root"),
    "a go.mod in capitals": ({f"{PREFIX}sub/GO.MOD": ""}, f"{PREFIX}sub/GO.MOD", "go.mod file not in module root"),
    "a file of a nested module": (
        {f"{PREFIX}tools/go.mod": "", f"{PREFIX}tools/x.go": ""},
        f"{PREFIX}tools/x.go",
        "file is in another module",
    ),
    "a list of what is vendored": ({f"{PREFIX}vendor/modules.txt": ""}, f"{PREFIX}vendor/modules.txt", "vendor"),
    "a vendored package": ({f"{PREFIX}vendor/x.y/x.go": ""}, f"{PREFIX}vendor/x.y/x.go", "file is in vendor"),
    "a link": ({f"{PREFIX}link.go": "->a.go"}, f"{PREFIX}link.go", "file is a symbolic link"),
    "a colon in a name": ({f"{PREFIX}a:b.go": ""}, f"{PREFIX}a:b.go", "invalid char ':'"),
    "a Windows device": ({f"{PREFIX}aux.go": ""}, f"{PREFIX}aux.go", "disallowed as path element"),
    "names that differ by case": ({f"{PREFIX}A.go": ""}, f"{PREFIX}A.go", "case-insensitive file name collision"),
    "a huge license": ({f"{PREFIX}LICENSE": "x" * (16 * MEBIBYTE + 1)}, f"{PREFIX}LICENSE", "LICENSE file too large"),
    "what hg writes": ({f"{PREFIX}.hg_archival.txt": ""}, f"{PREFIX}.hg_archival.txt", "inserted by 'hg archive'"),
    "a path that is not clean": ({f"{PREFIX}a//b.go": ""}, f"{PREFIX}a//b.go", "file path is not clean"),
}


def module_zip(folder: Path, texts: Mapping[str, str], prefix: str = PREFIX) -> Path:
    archive = folder / "v1.0.0.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for path, text in {**{f"{prefix}{path}": text for path, text in MODULE.items()}, **texts}.items():
            entry = zipfile.ZipInfo(path)
            kind = stat.S_IFLNK if text.startswith("->") else stat.S_IFREG
            entry.create_system, entry.external_attr = 3, (kind | 0o644) << 16
            made.writestr(entry, text.removeprefix("->"), zipfile.ZIP_DEFLATED)
    return archive


def problems(archive: Path, name: str = NAME, version: str = "v1.0.0") -> tuple[Violation, ...]:
    question = module_proxy.check_command(archive, name, version)
    answer = ask(*question.argv, cwd=question.cwd)
    assert answer.exit_code == 0, answer.stderr
    return module_proxy.parse_problems(answer.stdout)


def reported(archive: Path, name: str = NAME, version: str = "v1.0.0") -> list[tuple[str, str]]:
    """Member and message of what the contract gate finds by this rule."""
    found_by_go = problems(archive, name, version)
    facts = Facts(name=name, version=version, time_seconds=0, go_mod=MODULE["go.mod"], reported=found_by_go)
    found = contract_findings(open_artifact(archive, GO), facts, Go().rules(GO))
    return [(each.path.partition("!")[2], each.message) for each in found if each.rule == "go-zip"]


@pytest.mark.parametrize(("texts", "path", "problem"), ZIPS.values(), ids=list(ZIPS))
def test_the_contract_gate_reports_the_problems_of_a_module_zip(
    texts: Mapping[str, str], path: str, problem: str, tmp_path: Path
) -> None:
    found = dict(reported(module_zip(tmp_path, texts)))
    assert problem in found[path]
    assert found[path].endswith(", expected what golang.org/x/mod/zip takes")
    assert set(found) <= {*texts, f"{PREFIX}a.go"}


FINE = ("größe_δ.go", "vendor/README.md", "internal/vendor.go", "testdata/a b.txt", "pkg/vendor/x.go")


def test_an_unusual_but_valid_module_zip_passes(tmp_path: Path) -> None:
    assert reported(module_zip(tmp_path, {f"{PREFIX}{path}": "x\n" for path in FINE})) == []


def test_a_zip_that_unpacks_to_more_than_a_module_may_have_is_named_as_a_whole(tmp_path: Path) -> None:
    huge = "\0" * (126 * MEBIBYTE)
    (found,) = problems(module_zip(tmp_path, {f"{PREFIX}{number}.bin": huge for number in range(4)}))
    assert found.member == ""
    assert found.found == "total uncompressed size of module contents too large (max size is 524288000 bytes)"


@pytest.mark.parametrize(
    ("name", "version", "problem"),
    [
        ("example.com/m", "v0.1.0", ""),
        ("example.com/m", "v1.2.3", ""),
        ("example.com/m/v2", "v2.0.0", ""),
        ("example.com/m/v12", "v12.0.0", ""),
        ("gopkg.in/m.v1", "v1.0.0", ""),
        ("gopkg.in/m.v3", "v3.0.0-0.20260101000000-0123456789ab", ""),
        ("example.com/m", "v2.0.0+incompatible", ""),
        ("example.com/m", "v2.0.0", "should be v0 or v1, not v2"),
        ("example.com/m/v2", "v3.0.0", "should be v2, not v3"),
        ("example.com/m/v2", "v1.0.0", "should be v2, not v1"),
        ("example.com/m/v1", "v1.0.0", "malformed module path"),
        ("gopkg.in/m.v1", "v2.0.0", "should be v1, not v2"),
    ],
)
def test_a_module_path_ends_in_its_major_version_from_v2_on(
    name: str, version: str, problem: str, tmp_path: Path
) -> None:
    found = reported(module_zip(tmp_path, {}, f"{name}@{version}/"), name, version)
    assert [path for path, _ in found] == ([""] if problem else [])
    assert all(problem in message for _, message in found)
