"""Which modules of a go.work see a version that changes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nox_rings.ecosystems.go.discovery import discover
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

HASH = "h1:abc="


def module(name: str, *requires: str, more: str = "") -> str:
    lines = "".join(f"require example.com/{each}\n" for each in requires)
    return f"module example.com/{name}\n\ngo 1.25\n\n{lines}{more}"


def sums(*versions: str) -> str:
    return "".join(f"example.com/{each} {HASH}\n" for each in versions)


TEXTS: Mapping[str, str] = {
    "go.work": "go 1.25\n\nuse (\n\t./app\n\t./lib\n\t./other\n)\n",
    "go.work.sum": sums("deep v1.0.0/go.mod"),
    "app/go.mod": module("app", "near v1.2.0", "lib v0.0.0", more="replace example.com/lib => ../lib\n"),
    "app/go.sum": sums("near v1.2.0", "near v1.2.0/go.mod"),
    "app/app.go": 'package app\n\nimport _ "example.com/lib"\n',
    "lib/go.mod": module("lib", "deep v1.0.0"),
    "lib/go.sum": sums("deep v1.0.0", "deep v1.0.0/go.mod"),
    "lib/lib.go": "package lib\n",
    "other/go.mod": module("other", "far v1.0.0"),
    "other/go.sum": sums("far v1.0.0", "far v1.0.0/go.mod"),
    "other/other.go": "package other\n",
    "alone/go.mod": module("alone", "deep v1.0.0"),
    "alone/go.sum": "",
    "alone/alone.go": "package alone\n",
}


def parts(write_tree: WriteTree, texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    return {folder: dict(part) for folder, part in discover(sources).parts.items()}


@pytest.mark.parametrize(
    ("path", "old", "new", "seen"),
    [
        ("app/go.mod", "near v1.2.0", "near v1.3.0", {"app"}),
        ("lib/go.mod", "deep v1.0.0", "deep v1.1.0", {"app", "lib"}),
        ("other/go.mod", "far v1.0.0", "far v1.0.0\nrequire example.com/deep v1.9.0", {"app", "lib", "other"}),
        ("other/go.mod", "far v1.0.0", "far v1.0.0\nrequire example.com/deep v0.9.0", {"other"}),
        ("other/go.mod", "far v1.0.0\n", "far v1.0.0\nreplace example.com/near => example.com/fork v1.0.0\n", {"app"}),
        ("other/go.sum", "far v1.0.0 ", "deep v1.5.0/go.mod h1:x=\nexample.com/far v1.0.0 ", {"app", "lib"}),
        ("other/go.sum", "far v1.0.0 ", "deep v0.5.0/go.mod h1:x=\nexample.com/far v1.0.0 ", set()),
        ("other/go.sum", "far v1.0.0 ", "unused v0.5.0 h1:x=\nexample.com/far v1.0.0 ", set()),
        ("go.work.sum", "deep v1.0.0/go.mod", "deep v1.4.0/go.mod", {"app", "lib"}),
        ("go.work.sum", "deep", "unused", set()),
        ("alone/go.mod", "deep v1.0.0", "deep v1.7.0", set()),
        ("app/go.mod", "go 1.25", "go 1.25 // since it is there", set()),
        ("go.work", "\t./other\n", "\t./other\n\t./alone\n", set()),
        ("go.work", "\t./app\n\t./lib\n", "\t./lib\n\t./app\n", set()),
        ("go.work", "\t./other\n", "\t./other // of others\n", set()),
        ("go.work", "\t./other\n", "", {"other"}),
        ("go.work", "go 1.25", "go 1.26", {"app", "lib", "other"}),
        ("go.work", "go 1.25\n", "go 1.25\ntoolchain go1.27.0\n", {"app", "lib", "other"}),
        ("go.work", "go 1.25\n", "go 1.25\ngodebug http2client=0\n", {"app", "lib", "other"}),
        ("go.work", "go 1.25\n", "go 1.25\nreplace example.com/x => ./x\n", {"app", "lib", "other"}),
        ("other/go.mod", "go 1.25", "go 1.24", set()),
        ("other/go.mod", "go 1.25", "go 1.25.1", {"app", "lib", "other"}),
        ("other/go.mod", "go 1.25", "go 1.26rc1", {"app", "lib", "other"}),
        ("other/go.mod", "module", "modules", {"app", "lib", "other"}),
    ],
    ids=[
        *("its own", "of a module that it uses", "raised by another", "lower in another", "replaced by another"),
        *("perhaps raised by what another requires", "a lower checksum", "of a module that none requires"),
        *("of the workspace", "of the workspace, that none requires", "outside of the workspace", "a comment"),
        *("a module more", "other order", "a comment of go.work", "a module fewer"),
        *("its go", "its toolchain", "its settings", "its replacements"),
        *("of another an earlier go", "a later go", "one that is not out", "what go cannot read"),
    ],
)
def test_a_version_is_seen_by_the_modules_that_require_it_through_others_too(
    write_tree: WriteTree, path: str, old: str, new: str, seen: set[str]
) -> None:
    before = parts(write_tree, TEXTS)
    assert {name for part in before.values() for name in part} == {
        f"go.work#{each}" for each in ("app", "lib", "other")
    }
    assert old in TEXTS[path]
    after = parts(write_tree, {**TEXTS, path: TEXTS[path].replace(old, new, 1)})
    assert {folder for folder in before if before[folder] != after.get(folder)} == seen
