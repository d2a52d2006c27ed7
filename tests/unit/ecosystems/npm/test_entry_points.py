"""Which imports reach something in an npm package, by what its manifest exports."""

from __future__ import annotations

from typing import Any

import pytest

from nox_rings.ecosystems.npm.entry_points import Mode, entry_points, unreached

FILES = ("a.js", "a.d.ts", "b/c.js", "b/c.d.ts", "b/c.js.map", "b/own/d.js", "style.css", "package.json")


@pytest.mark.parametrize(
    ("manifest", "nodenext", "bundler"),
    [
        ({"exports": "./a.js"}, ["x"], ["x"]),
        ({"exports": {"types": "./a.d.ts", "import": "./a.js"}}, ["x"], ["x"]),
        ({"exports": {".": "./a.js", "./c": "./b/c.js"}}, ["x", "x/c"], ["x", "x/c"]),
        ({"exports": {"./package.json": "./package.json"}}, ["x/package.json"], ["x/package.json"]),
        ({"exports": {"./style.css": "./style.css"}}, [], []),
        ({"exports": {"./node": {"node": "./a.js"}}}, ["x/node"], []),
        ({"exports": {"./n": {"node": {"import": "./a.js"}, "default": "./a.js"}}}, ["x/n"], ["x/n"]),
        ({"exports": {"./n": {"node": {"require": "./a.cjs"}, "default": "./a.js"}}}, ["x/n"], ["x/n"]),
        ({"exports": {"./n": {"node": None, "default": "./a.js"}}}, [], ["x/n"]),
        ({"exports": {"./old": {"require": "./a.cjs"}}}, [], []),
        ({"exports": {"./web": {"browser": "./a.js"}}}, [], []),
        ({"exports": {"./v": {"types@>=5.2": "./a.d.ts"}}}, ["x/v"], ["x/v"]),
        ({"exports": {".": ["./a.js", "./b.js"]}}, ["x"], ["x"]),
        ({"exports": {"./*": "./b/*.js"}}, ["x/c", "x/own/d"], ["x/c", "x/own/d"]),
        ({"exports": {"./*": "./b/*.js", "./own/*": None}}, ["x/c"], ["x/c"]),
        ({"exports": {"./*": "./b/*"}}, ["x/c.js", "x/own/d.js"], ["x/c.js", "x/own/d.js"]),
        ({"exports": {"./*": "./b/*.js", "./c": None}}, ["x/own/d"], ["x/own/d"]),
        ({"exports": {"./*.js": "./b/*.js"}}, ["x/c.js", "x/own/d.js"], ["x/c.js", "x/own/d.js"]),
        ({"main": "a.js"}, ["x"], ["x"]),
        ({"types": "a.d.ts"}, ["x"], ["x"]),
        ({"bin": "a.js"}, [], []),
        ({"exports": None, "main": "a.js"}, ["x"], ["x"]),
        ({"exports": {}}, [], []),
    ],
)
def test_an_entry_point_is_what_the_conditions_of_a_mode_lead_to(
    manifest: dict[str, Any], nodenext: list[str], bundler: list[str]
) -> None:
    found = {mode: list(entry_points({"name": "x", **manifest}, FILES, mode)) for mode in Mode}
    assert found == {Mode.NODENEXT: nodenext, Mode.BUNDLER: bundler}


def test_a_package_without_fields_is_its_index() -> None:
    assert entry_points({"name": "@a/x"}, ("index.js",), Mode.BUNDLER) == ("@a/x",)
    assert entry_points({"name": "@a/x"}, ("other.js",), Mode.BUNDLER) == ()


@pytest.mark.parametrize(
    ("exports", "left"),
    [
        ({".": "./a.js", "./off": None}, ()),
        ({".": "./a.js", "./web": {"browser": "./b.js"}, "./old": {"require": "./c.cjs"}}, ("./web", "./old")),
        ({"./node": {"node": "./a.js"}}, ()),
        ("./a.js", ()),
        (None, ()),
    ],
)
def test_subpaths_that_no_mode_reaches_are_listed(exports: Any, left: tuple[str, ...]) -> None:
    assert unreached({"name": "x", "exports": exports}) == left
