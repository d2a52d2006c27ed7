from __future__ import annotations

import pytest

from nox_rings.ecosystems.go.code import read_code
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree


@pytest.mark.parametrize(
    ("line", "embedded"),
    [
        ("//go:embed dist", ("m/web/dist",)),
        ("//go:embed all:dist", ("m/web/dist",)),
        ("//go:embed dist/*.html dist/img one.txt", ("m/web/dist", "m/web/dist/img", "m/web/one.txt")),
        ('//go:embed "with space.txt" `raw.txt`', ("m/web/raw.txt", "m/web/with space.txt")),
        ("\t //go:embed one.txt", ("m/web/one.txt",)),
        ("//go:embed *.html", ("m/web/*.html",)),
        ("//go:embed all:*", ("m/web/*",)),
        ("// go:embed dist", ()),
        ("//go:embed 'half", ()),
    ],
)
def test_what_a_file_embeds_is_the_path_before_the_first_wildcard(
    write_tree: WriteTree, line: str, embedded: tuple[str, ...]
) -> None:
    root = write_tree({"m/web/web.go": f'package web\n\nimport _ "embed"\n\n{line}\nvar files string\n'})
    sources = Sources(root=root, files=("m/web/web.go",))
    assert read_code(sources, "go", "m", ["m/web/web.go"]).embedded == embedded


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        ('package a\n\nimport "x.y/z"\n', {"x.y/z"}),
        ('package a\n\nimport z "x.y/z" // why\n', {"x.y/z"}),
        ('package a\n\nimport (\n\t"a"\n\t_ "b"\n\t. "c"\n\td "d"; e "e"\n)\n', {"a", "b", "c", "d", "e"}),
        ('package a\n\nvar x = "x.y/z"\n', set()),
        ('package a\n\nvar x = []string{\n\t"x.y/z",\n}\n', set()),
        ('/*\ntype of things\n*/\npackage a\n\nimport "x.y/z"\n', {"x.y/z"}),
        ('package a\nimport ( _ "e.com/c"; _ "e.com/d" )\n', {"e.com/c", "e.com/d"}),
        ("package a\nimport _ `e.com/f`\n", {"e.com/f"}),
        ('package a; import _ "e.com/e"\n', {"e.com/e"}),
        ('package a /* why */; import /* "no" */ ( // "no"\n\t"e" /* more */\n)\n', {"e"}),
        ('package a\n\n/*\nimport "no"\n*/\n// import "no"\nimport "yes"\n', {"yes"}),
        ('package a\nimport "one"\nimport "two"\nfunc f() {}\nimport "three"\n', {"one", "two"}),
        ('//go:build ignore\n\npackage main\n\nimport "x"\n', set()),
        ('//go:build ignored_tag\n\npackage main\n\nimport "x"\n', {"x"}),
        ('package a\nimport "half\n', set()),
    ],
)
def test_imports_are_those_of_import_declarations(write_tree: WriteTree, text: str, imports: set[str]) -> None:
    sources = Sources(root=write_tree({"a.go": text}), files=("a.go",))
    assert read_code(sources, "go", ".", ["a.go", "gone.go"]).imports == imports


@pytest.mark.parametrize(
    ("lines", "outside"),
    [
        ("// #cgo CFLAGS: -I${SRCDIR}/../../include -DX=1", ("include",)),
        ("/*\n#cgo linux LDFLAGS: -L../../lib -lx ../../more/liby.a\n*/", ("lib", "more")),
        ('// #include "../../include/x.h"', ("include",)),
        ("// #cgo CFLAGS: -I${SRCDIR}/own -I${SRCDIR}/../.. -I${SRCDIR}/../../../far", ()),
        ('// #include "x.h"\n// #cgo LDFLAGS: -lm', ()),
    ],
)
def test_cgo_reads_folders_outside_of_the_module(write_tree: WriteTree, lines: str, outside: tuple[str, ...]) -> None:
    root = write_tree({"m/web/web.go": f'package web\n\n{lines}\nimport "C"\n'})
    sources = Sources(root=root, files=("m/web/web.go",))
    assert read_code(sources, "go", "m", ["m/web/web.go"]).outside == outside
