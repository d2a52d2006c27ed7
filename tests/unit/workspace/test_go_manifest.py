"""go.mod and go.work as values; tests/real/test_go_manifest.py holds the same parser to the go command."""

from __future__ import annotations

import pytest

from nox_rings.workspace.go_manifest import GoMod, GoWork, Replacement, Requirement, parse_go_mod, parse_go_work

GO_MOD = """\
module "example.com/app" // the app

go 1.25

toolchain go1.27.3

godebug default=go1.21

require example.com/one v1.0.0
require (
	// why
	example.com/two v2.0.0 // indirect
	"example.com/three" v0.3.0 // indirect; for a test
	example.com/four v0.4.0 // not indirect
)

replace example.com/one => ../one

replace (
	example.com/two v2.0.0 => example.com/fork v2.0.1
	example.com/four => "./with space"
)

retract [v1.0.0, v1.0.5] // broken
exclude example.com/one v1.1.0
ignore ./node_modules
tool example.com/three/cmd
tool (
	example.com/four/cmd
)
"""


def test_a_go_mod_gives_its_module_what_it_requires_replaces_and_runs() -> None:
    assert parse_go_mod(GO_MOD) == GoMod(
        module="example.com/app",
        go="1.25",
        requires=(
            Requirement(module="example.com/one", version="v1.0.0"),
            Requirement(module="example.com/two", version="v2.0.0", indirect=True),
            Requirement(module="example.com/three", version="v0.3.0", indirect=True),
            Requirement(module="example.com/four", version="v0.4.0"),
        ),
        replaces=(
            Replacement(module="example.com/one", target="../one"),
            Replacement(module="example.com/two", version="v2.0.0", target="example.com/fork", target_version="v2.0.1"),
            Replacement(module="example.com/four", target="./with space"),
        ),
        tools=("example.com/three/cmd", "example.com/four/cmd"),
    )


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("module example.com/a\n", "example.com/a"),
        ("module example.com/a//diagnostic\n", "example.com/a"),
        ("module example.com/a\r\n\r\ngo 1.25\r\n", "example.com/a"),
        ("module (\n\texample.com/a\n)\n", "example.com/a"),
        ("// module example.com/b\nmodule example.com/a", "example.com/a"),
        ("module\n", ""),
        ("", ""),
    ],
)
def test_a_module_path_is_found_however_it_is_spelled(text: str, module: str) -> None:
    assert parse_go_mod(text).module == module


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("go 1.25\nuse ./a\nuse ./b\n", ("./a", "./b")),
        ("go 1.25\nuse (\n\t./a // first\n\n\t// none\n\t./b\n)\n", ("./a", "./b")),
        ("use .\n", (".",)),
        ("go 1.25\n", ()),
        ("use (\n\t./a\n)\nuse ./b\nreplace x => ./c\n", ("./a", "./b")),
        ('use "./with space"\n', ("./with space",)),
        ("use ( // none yet\n\t./a\n) // end\nuse ()\n", ("./a",)),
        ("  use   ./a//first\n", ("./a",)),
    ],
)
def test_a_go_work_gives_the_folders_it_uses(text: str, used: tuple[str, ...]) -> None:
    assert parse_go_work(text).uses == used


def test_a_go_work_gives_its_version_and_its_replacements() -> None:
    text = "go 1.27.0\ntoolchain go1.27.3\nuse .\nreplace (\n\texample.com/a v1.0.0 => ./a\n\texample.com/b => /b\n)\n"
    assert parse_go_work(text) == GoWork(
        go="1.27.0",
        settings=(
            *("go 1.27.0", "replace example.com/a v1.0.0 => ./a", "replace example.com/b => /b"),
            "toolchain go1.27.3",
        ),
        uses=(".",),
        replaces=(
            Replacement(module="example.com/a", version="v1.0.0", target="./a"),
            Replacement(module="example.com/b", target="/b"),
        ),
    )


@pytest.mark.parametrize(
    ("target", "is_folder"),
    [("./a", True), ("../a", True), (".", True), ("..", True), ("/a", True), ("example.com/a", False), (".a/b", False)],
)
def test_a_replacement_by_a_folder_begins_like_a_path(target: str, is_folder: bool) -> None:
    assert Replacement(module="example.com/x", target=target).is_folder is is_folder
