"""Shapes of Go modules (https://go.dev/ref/mod#zip-files)."""

from __future__ import annotations

from typing import Any

from shapes.shape import LICENSE, Shape

STUB = "shop/v1/order.pb.go"
EMBED = 'package shop\n\nimport "embed"\n\n//go:embed web/dist data.txt\nvar Files embed.FS\n'


def module(generated: str, texts: dict[str, str], **more: Any) -> Shape:
    own = {"LICENSE": LICENSE, "shop.go": "package shop\n"}
    return Shape(texts={path: text for path, text in {**own, **texts}.items() if text}, generated=generated, **more)


SHAPES = {
    "stubs that git ignores": module("gen", {".gitignore": "gen/\n"}, packed=(f"gen/{STUB}",)),
    "a module inside": module(
        "gen",
        {"inner/go.mod": "module example.com/inner\n\ngo 1.23\n", "inner/inner.go": "package inner\n"},
        packed=(f"gen/{STUB}",),
        absent=("inner/inner.go",),
    ),
    "test data, hidden files and a folder dist that git lists": module(
        "gen",
        {
            "testdata/x.json": "{}\n",
            ".golangci.yml": "version: 2\n",
            "dist/dist.go": "package dist\n",
            "build/build.go": "package build\n",
        },
        packed=("testdata/x.json", ".golangci.yml", "dist/dist.go", "build/build.go"),
    ),
    "links": module("gen", {"data/x.txt": "x\n", "link.txt": "->data/x.txt"}, absent=("link.txt",)),
    "what is embedded, ignored by git": module(
        "gen",
        {".gitignore": "dist/\n*.txt\n", "embed.go": EMBED, "web/dist/index.html": "x\n", "data.txt": "x\n"},
        packed=("web/dist/index.html", "data.txt"),
    ),
    "code that another tool makes, ignored by git": module(
        "gen",
        {".gitignore": "mocks/\ncover.out\n", "mocks/mock.go": "package mocks\n", "cover.out": "mode: set\n"},
        packed=("mocks/mock.go",),
        left=frozenset({"cover.out"}),  # git ignores it, and go reads no such file
    ),
    "the license of the repository": module("gen", {"LICENSE": ""}, added=frozenset({"LICENSE"}), packed=("LICENSE",)),
}
