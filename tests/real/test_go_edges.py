"""Edges between Go modules beside the answer of `go list -m all`, and broken go.mod files beside go's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from go_programs import ask
from nox_rings.ecosystems.go.consumer import parse_documents
from nox_rings.ecosystems.go.discovery import find_members
from nox_rings.workspace.go_manifest import parse_go_mod, parse_go_work
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources


def module(name: str, *lines: str, go: str = "1.25") -> str:
    return "\n".join([f"module example.com/{name}", "", f"go {go}", *lines, ""])


def replaced(name: str, folder: str, version: str = "") -> str:
    return f"replace example.com/{name} {version} => {folder}".replace("  ", " ")


def required(name: str, version: str = "v1.0.0") -> str:
    return f"require example.com/{name} {version}"


FIXTURES: dict[str, dict[str, str]] = {
    "by folder, and through a replaced module": {
        "app": module("app", required("mid"), replaced("mid", "../mid"), replaced("lib", "../lib")),
        "mid": module("mid", required("lib"), replaced("lib", "../lib")),
        "lib": module("lib"),
        "unused": module("unused"),
    },
    "of one version, which another module raises": {
        "app": module(
            *("app", required("lib", "v1.0.0"), required("mid"), replaced("mid", "../mid")),
            *(replaced("lib", "../old", "v1.0.0"), replaced("lib", "../new", "v1.2.0")),
        ),
        "mid": module("mid", required("lib", "v1.2.0"), replaced("lib", "../new")),
        "old": module("lib"),
        "new": module("lib"),
    },
    "without module graph pruning": {
        "app": module("app", required("mid"), replaced("mid", "../mid"), replaced("low", "../low"), go="1.16"),
        "mid": module("mid", required("low"), replaced("low", "../low")),
        "low": module("low"),
    },
    "pruned, and what is behind is not read": {
        "app": module(
            "app", required("a"), replaced("a", "../a"), replaced("b", "../b"), replaced("c", "../c"), go="1.25"
        ),
        "a": module("a", required("b"), replaced("b", "../b"), replaced("c", "../c")),
        "b": module("b", required("c"), replaced("c", "../c")),
        "c": module("c"),
    },
    "a fork of another path": {
        "app": module("app", required("units"), replaced("units", "../fork")),
        "fork": module("fork"),
    },
    "a nested module": {
        ".": module("whole", required("inner"), replaced("inner", "./inner")),
        "inner": module("inner"),
    },
}


def written(root: Path, texts: Mapping[str, str], work: str = "") -> dict[str, Member]:
    for folder, text in texts.items():
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "go.mod").write_text(text, encoding="utf-8")
        (root / folder / "x.go").write_text("package x\n", encoding="utf-8")
    if work:
        (root / "go.work").write_text(work, encoding="utf-8")
    files = tuple(sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()))
    return {each.folder: each for each in find_members(Sources(root=root, files=files, listed=files))}


def listed(root: Path, folder: str, *environment: str) -> set[str]:
    """Folders of the modules that go builds those in `folder` with, itself among them."""
    answer = ask("env", *environment, "go", "list", "-m", "-json", "all", cwd=root / folder)
    assert answer.exit_code == 0, answer.stderr
    found = (each.get("Dir", "") for each in parse_documents(answer.stdout))
    return {str(Path(each).relative_to(root)) for each in found if each}


@pytest.mark.parametrize("texts", FIXTURES.values(), ids=list(FIXTURES))
def test_edges_of_a_module_are_those_that_go_lists(texts: dict[str, str], tmp_path: Path) -> None:
    for folder, member in written(tmp_path, texts).items():
        assert {*member.depends_on, folder} == listed(tmp_path, folder, "GOWORK=off", "GOFLAGS=-mod=mod"), folder


WORKSPACE = {
    "app": module("app", required("mid"), required("far")),
    "mid": module("mid", required("lib")),
    "lib": module("lib"),
    "third_party/far": module("far", required("deep")),
    "third_party/deep": module("deep"),
    "apart": module("apart"),
}
# go asks a server for the go.mod of the required version of a module, though it takes the folder that go.work uses.
WORK = """\
go 1.25

use (
	./app // the program
	"./mid"
	./lib
)

replace (
	example.com/far => ./third_party/far
	example.com/deep => ./third_party/deep
	example.com/mid v1.0.0 => ./mid
	example.com/lib v1.0.0 => ./lib
)
"""


def test_edges_of_a_workspace_lead_to_all_that_go_lists_and_to_nothing_else(tmp_path: Path) -> None:
    members = written(tmp_path, WORKSPACE, WORK)
    reached = {"app", "mid", "lib"}
    reached |= {needed for each in [*reached] for needed in members[each].depends_on}
    assert reached == listed(tmp_path, "app", "-u", "GOWORK")
    assert members["apart"].depends_on == ()


BROKEN = {
    "no module": "go 1.25\n",
    "a conflict": "<<<<<<< HEAD\nmodule example.com/m\n",
    "an unknown directive": "module example.com/m\nrequires x.y/z v1.0.0\n",
    "a version is missing": "module example.com/m\nrequire x.y/z\n",
    "a block without an end": "module example.com/m\nrequire (\n\tx.y/z v1.0.0\n",
    "a string without an end": 'module example.com/m\nrequire "x.y/z v1.0.0\n',
    "no arrow": "module example.com/m\nreplace x.y/z ../z\n",
    "a folder with a version": "module example.com/m\nreplace x.y/z => ../z v1.0.0\n",
    "a module without a version": "module example.com/m\nreplace x.y/z => x.y/w\n",
    "two modules": "module example.com/m\nmodule example.com/n\n",
    "two go lines": "module example.com/m\ngo 1.25\ngo 1.26\n",
    "no version of go": "module example.com/m\ngo latest\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=list(BROKEN))
def test_what_go_refuses_in_a_go_mod_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text(text, encoding="utf-8")
    answer = ask("go", "list", "-m", cwd=tmp_path)
    assert answer.exit_code, answer.stdout
    assert parse_go_mod(text).refused


@pytest.mark.parametrize("text", ["us ./a\n", "use (\n./a\n", "go 1.25\ngo 1.25\n", "replace x.y/z ./z\n", "use\n"])
def test_what_go_refuses_in_a_go_work_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "go.work").write_text(text, encoding="utf-8")
    assert ask("go", "work", "edit", "-json", cwd=tmp_path).exit_code
    assert parse_go_work(text).refused
