"""Members and edges of Go modules; tests/real/test_go_edges.py compares edges with the go command's answer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nox_rings.ecosystems.go.discovery import find_members
from nox_rings.workspace.model import Member
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.visible import PassedOver
from unit.conftest import WriteTree

LIB = "module example.com/lib\n\ngo 1.25\n"
CODE = "package x\n"


def app(*lines: str, name: str = "app", go: str = "1.25") -> str:
    return "\n".join([f"module example.com/{name}", "", f"go {go}", *lines, ""])


def discovered(
    write_tree: WriteTree, texts: Mapping[str, str], unlisted: Mapping[str, str] | None = None
) -> tuple[dict[str, Member], Sources]:
    files = tuple(sorted(texts))
    sources = Sources(root=write_tree({**texts, **(unlisted or {})}), files=files, listed=files)
    return {each.folder: each for each in find_members(sources)}, sources


def edges(write_tree: WriteTree, texts: Mapping[str, str]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Folder → folders of members it depends on, and others it reads."""
    return {folder: (each.depends_on, each.reads) for folder, each in discovered(write_tree, texts)[0].items()}


NEEDS_LIB = "require example.com/lib v1.2.3"
EDGES: dict[str, tuple[dict[str, str], dict[str, tuple[tuple[str, ...], tuple[str, ...]]]]] = {
    "published versions of each other are no edges": (
        {
            "a/go.mod": app("require example.com/b v1.0.0", name="a"),
            "a/a.go": CODE,
            "a/go.sum": "",
            "b/go.mod": app("require example.com/a v1.0.0", name="b"),
            "b/b.go": CODE,
            "b/go.sum": "",
        },
        {"a": ((), ()), "b": ((), ())},
    ),
    "used by one go.work they are": (
        {
            "go.work": "use ./a\nuse ./b\n",
            "a/go.mod": app("require example.com/b v1.0.0", name="a"),
            "a/a.go": CODE,
            "b/go.mod": app(name="b"),
            "b/b.go": CODE,
        },
        {"a": (("b",), ()), "b": ((), ())},
    ),
    "quoted and commented lines of go.work": (
        {
            "go.work": 'go 1.25\n\nuse (\n\t"./a" // first\n\t./b // second\n)\n',
            "a/go.mod": app("require example.com/b v1.0.0", name="a"),
            "a/a.go": CODE,
            "b/go.mod": app(name="b"),
            "b/b.go": CODE,
        },
        {"a": (("b",), ()), "b": ((), ())},
    ),
    "imported in a workspace without a requirement": (
        {
            "go.work": "use ./a\nuse ./b\nuse ./c\n",
            "a/go.mod": app(name="a"),
            "a/a.go": 'package a\n\nimport (\n\tother "example.com/b/deep" // why\n)\n\nvar X = "example.com/c"',
            "b/go.mod": app(name="b"),
            "b/b.go": CODE,
            "c/go.mod": app(name="c"),
            "c/c.go": CODE,
        },
        {"a": (("b",), ()), "b": ((), ()), "c": ((), ())},
    ),
    "replaced by a folder": (
        {
            "app/go.mod": app(NEEDS_LIB, "replace example.com/lib => ../lib"),
            "app/a.go": CODE,
            "lib/go.mod": LIB,
            "lib/l.go": CODE,
        },
        {"app": (("lib",), ()), "lib": ((), ())},
    ),
    "replaced and not required": (
        {
            "app/go.mod": app("replace example.com/lib => ../lib"),
            "app/a.go": CODE,
            "lib/go.mod": LIB,
            "lib/l.go": CODE,
        },
        {"app": ((), ()), "lib": ((), ())},
    ),
    "another version is replaced": (
        {
            "app/go.mod": app(NEEDS_LIB, "replace example.com/lib v1.2.4 => ../lib"),
            "app/go.sum": "",
            "app/a.go": CODE,
            "lib/go.mod": LIB,
            "lib/l.go": CODE,
        },
        {"app": ((), ()), "lib": ((), ())},
    ),
    "this version is replaced": (
        {
            "app/go.mod": app(NEEDS_LIB, "replace example.com/lib v1.2.3 => ../lib"),
            "app/a.go": CODE,
            "lib/go.mod": LIB,
            "lib/l.go": CODE,
        },
        {"app": (("lib",), ()), "lib": ((), ())},
    ),
    "the version that another local module asks for is replaced": (
        {
            "app/go.mod": app(
                "require example.com/lib v1.0.0",
                "require example.com/mid v1.0.0",
                "replace example.com/mid => ../mid",
                "replace example.com/lib v1.2.3 => ../lib",
            ),
            "app/a.go": CODE,
            "mid/go.mod": app(NEEDS_LIB, name="mid"),
            "mid/go.sum": "",
            "mid/m.go": CODE,
            "lib/go.mod": LIB,
            "lib/l.go": CODE,
        },
        {"app": (("lib", "mid"), ()), "mid": ((), ()), "lib": ((), ())},
    ),
    "required through a replaced module alone": (
        {
            "app/go.mod": app(
                "require example.com/mid v1.0.0",
                "replace example.com/mid => ../mid",
                "replace example.com/lib => ../lib",
            ),
            "app/a.go": CODE,
            "mid/go.mod": app(NEEDS_LIB, "replace example.com/lib => ../lib", name="mid"),
            "mid/m.go": CODE,
            "lib/go.mod": LIB,
            "lib/l.go": CODE,
        },
        {"app": (("lib", "mid"), ()), "mid": (("lib",), ()), "lib": ((), ())},
    ),
    "replaced in go.work by a folder that go.work does not use": (
        {
            "go.work": "use ./app\n\nreplace example.com/lib => ./third_party/lib\n",
            "app/go.mod": app(NEEDS_LIB),
            "app/a.go": CODE,
            "third_party/lib/go.mod": LIB,
            "third_party/lib/l.go": CODE,
        },
        {"app": (("third_party/lib",), ()), "third_party/lib": ((), ())},
    ),
    "a replaced module without a Go file is read": (
        {
            "app/go.mod": app(NEEDS_LIB, "replace example.com/lib => ../lib"),
            "app/a.go": CODE,
            "lib/go.mod": LIB,
            "lib/data.json": "{}",
        },
        {"app": ((), ("lib",))},
    ),
    "go.work goes before go.mod": (
        {
            "go.work": "use ./app\n\nreplace example.com/lib => ./new\n",
            "app/go.mod": app(NEEDS_LIB, "replace example.com/lib v1.2.3 => ../old"),
            "app/a.go": CODE,
            "new/go.mod": LIB,
            "new/l.go": CODE,
            "old/go.mod": LIB,
            "old/l.go": CODE,
        },
        {"app": (("new",), ()), "new": ((), ()), "old": ((), ())},
    ),
    "a nested module is not part of the outer one": (
        {
            "go.mod": app(NEEDS_LIB, "replace example.com/lib => ./lib"),
            "a.go": CODE,
            "lib/go.mod": LIB,
            "lib/l.go": CODE,
        },
        {".": (("lib",), ()), "lib": ((), ())},
    ),
    "vendored modules are read from vendor": (
        {
            "app/go.mod": app(NEEDS_LIB, "replace example.com/lib => ../lib"),
            "app/a.go": CODE,
            "app/vendor/modules.txt": "",
            "lib/go.mod": LIB,
            "lib/l.go": CODE,
        },
        {"app": ((), ()), "lib": ((), ())},
    ),
    "a vendored workspace reads vendor beside its go.work": (
        {
            "go.work": "use ./a\nuse ./b\n\nreplace example.com/lib => ./lib\n",
            "vendor/modules.txt": "",
            "a/go.mod": app("require example.com/b v1.0.0", NEEDS_LIB, name="a"),
            "a/a.go": CODE,
            "b/go.mod": app(name="b"),
            "b/b.go": CODE,
            "lib/go.mod": LIB,
            "lib/l.go": CODE,
        },
        {"a": (("b",), ("vendor",)), "b": ((), ("vendor",)), "lib": ((), ())},
    ),
    "a go.work beside the modules it uses is not theirs": (
        {
            "tools/go.work": "use ../a\nuse ../b\n",
            "a/go.mod": app("require example.com/b v1.0.0", name="a"),
            "a/go.sum": "",
            "a/a.go": CODE,
            "b/go.mod": app(name="b"),
            "b/b.go": CODE,
        },
        {"a": ((), ()), "b": ((), ())},
    ),
}


@pytest.mark.parametrize(("texts", "expected"), EDGES.values(), ids=list(EDGES))
def test_edges_are_those_of_the_build_list(
    write_tree: WriteTree, texts: dict[str, str], expected: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
) -> None:
    assert edges(write_tree, texts) == expected


def test_a_broken_go_mod_is_a_problem_of_its_module_alone(write_tree: WriteTree) -> None:
    texts = {
        "go.work": "use ./app\nuse ./lib\n",
        "app/go.mod": app(NEEDS_LIB),
        "app/a.go": CODE,
        "lib/go.mod": "<<<<<<< HEAD\nmodule example.com/lib\n",
        "lib/l.go": CODE,
    }
    found, sources = discovered(write_tree, texts)
    assert found["app"].depends_on == ("lib",)
    verbs = "module, go, toolchain, require, exclude, tool, ignore, replace, retract, godebug"
    assert sources.problems == {"lib/go.mod": [f"lib/go.mod:1: found `<<<<<<< HEAD`, expected one of {verbs}"]}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "lib/go.mod: found no module line, expected module PATH"),
        ("modul example.com/lib\n", "found `modul example.com/lib`"),
    ],
)
def test_a_module_of_no_name_has_that_of_its_folder_and_blames_no_other(
    write_tree: WriteTree, text: str, problem: str
) -> None:
    texts = {
        "go.work": "use ./app\nuse ./lib\n",
        "app/go.mod": app(NEEDS_LIB),
        "app/a.go": CODE,
        "lib/go.mod": text,
        "lib/l.go": CODE,
    }
    found, sources = discovered(write_tree, texts)
    assert found["lib"].name == "lib"
    assert list(sources.problems) == ["lib/go.mod"]
    assert problem in sources.problems["lib/go.mod"][0]


def test_what_is_wrong_with_a_go_work_is_a_problem_of_the_modules_it_uses(write_tree: WriteTree) -> None:
    texts = {
        "go.work": "go 1.25\nuse ./a\nuse ./gone\n",
        "a/go.mod": app(name="a"),
        "a/a.go": CODE,
        "apart/go.mod": app(name="apart"),
        "apart/a.go": CODE,
    }
    found, sources = discovered(write_tree, texts)
    assert sorted(found) == ["a", "apart"]
    assert sources.problems == {"a/go.mod": ["go.work:3: found `use ./gone`, expected a folder with a go.mod"]}


def test_a_used_module_that_git_does_not_list_is_there_for_go(write_tree: WriteTree) -> None:
    texts = {"go.work": "use ./a\nuse ./made\n", "a/go.mod": app("require example.com/made v1.0.0"), "a/a.go": CODE}
    found, sources = discovered(write_tree, texts, {"made/go.mod": app(name="made")})
    assert (found["a"].depends_on, found["a"].reads, sources.problems) == ((), (), {})
    assert found["a"].embedded == ("made",)
    assert sources.passed_over == []


def test_what_cgo_and_a_module_that_is_no_member_name_is_read(write_tree: WriteTree) -> None:
    native = '// #cgo CFLAGS: -I${SRCDIR}/../../include\n// #cgo LDFLAGS: -L../../lib -lx\nimport "C"\n'
    texts = {
        "a/go.mod": app("require example.com/x v0.0.0\n\nreplace example.com/x => ../_x"),
        "a/in/a.go": f"package in\n\n{native}",
        "a/fixtures/f.go": "package fixtures\n\n//go:embed data\nvar s string\n",
        "a/testdata/t.go": "package t\n\n//go:embed none\nvar s string\n",
        "include/x.h": "",
        "_x/go.mod": app(name="x"),
        "_x/x.go": "package x\n\n//go:embed x.txt\nvar s string\n",
    }
    root = write_tree({**texts, "lib/libx.a": ""})
    listed = tuple(sorted(texts))
    hidden = frozenset({"_x/go.mod", "_x/x.go", "a/fixtures/f.go", "a/testdata/t.go"})
    sources = Sources(
        root=root, files=tuple(each for each in listed if each not in hidden), listed=listed, hidden=hidden
    )
    (found,) = find_members(sources)
    assert found.reads == ("_x", "include")
    assert found.embedded == ("_x/x.txt", "a/fixtures/data", "lib")


def test_packages_of_a_workspace_that_git_ignores_are_read(write_tree: WriteTree) -> None:
    texts = {"go.work": "use ./a\n", "a/go.mod": app(), "a/a.go": CODE}
    found, _ = discovered(write_tree, texts, {"vendor/modules.txt": "## workspace\n"})
    assert found["a"].embedded == ("vendor",)


def test_text_that_is_not_utf_8_is_a_problem_and_no_traceback(write_tree: WriteTree) -> None:
    root = write_tree({"a/a.go": CODE})
    (root / "a/go.mod").write_bytes(b"module example.com/\xe9\n")
    sources = Sources(root=root, files=("a/a.go", "a/go.mod"))
    assert [each.name for each in find_members(sources)] == ["a"]
    assert sources.problems["a/go.mod"][0].startswith("a/go.mod: found text that is not UTF-8")


def test_a_comment_need_not_be_utf_8(write_tree: WriteTree) -> None:
    root = write_tree({"a/a.go": CODE})
    (root / "a/go.mod").write_bytes(b"module example.com/a // \xe9\r\n\ngo 1.25\n")
    (root / "go.work").write_bytes(b"// \xe9\ngo 1.25\nuse ./a\n")
    sources = Sources(root=root, files=("a/a.go", "a/go.mod", "go.work"))
    assert [(each.name, each.in_workspace) for each in find_members(sources)] == [("example.com/a", True)]
    assert sources.problems == {}


def test_a_go_work_that_go_cannot_read_stops_every_module_below_it(write_tree: WriteTree) -> None:
    texts = {
        "in/go.work": "use (\n",
        "in/a/go.mod": app(name="a"),
        "in/a/a.go": CODE,
        "in/b/go.mod": app(name="b"),
        "in/b/b.go": CODE,
        "out/go.mod": app(name="out"),
        "out/o.go": CODE,
    }
    _, sources = discovered(write_tree, texts)
    assert sources.problems.keys() == {"in/a/go.mod", "in/b/go.mod"}
    assert {problem[0].partition(": ")[0] for problem in sources.problems.values()} == {"in/go.work:1"}


def test_a_module_that_only_pins_tools_is_passed_over_with_a_word(write_tree: WriteTree) -> None:
    texts = {
        "tools/go.mod": app("tool example.com/x", "require example.com/x v1.0.0", name="tools"),
        "web/go.mod": app(name="web"),
        "stubs/go.mod": app("require example.com/pb v1.0.0", name="stubs"),
        "stubs/go.sum": "",
    }
    found, sources = discovered(write_tree, texts)
    assert sorted(found) == ["stubs"]
    assert sources.passed_over == [
        PassedOver("tools/go.mod", "it only pins tools"),
        PassedOver("web/go.mod", "there is no Go file in this module, and it requires nothing"),
    ]


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ({}, True),
        ({"a/go.sum": ""}, False),
        ({"go.work": "use ./a\n", "go.work.sum": ""}, False),
        ({"a/vendor/modules.txt": ""}, False),
    ],
    ids=["nothing", "go.sum", "go.work.sum", "vendored"],
)
def test_a_module_from_a_server_needs_a_checksum(write_tree: WriteTree, extra: dict[str, str], problem: bool) -> None:
    texts = {"a/go.mod": app("require example.com/far v1.0.0", name="a"), "a/a.go": CODE, **extra}
    _, sources = discovered(write_tree, texts)
    assert bool(sources.problems) is problem
