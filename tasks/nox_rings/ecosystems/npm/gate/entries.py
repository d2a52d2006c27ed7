"""Rules of the contract gate for the entry points of an npm package (https://nodejs.org/api/packages.html)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import join, normpath
from typing import Any

from nox_rings.ecosystems.artifact import Artifact, Facts, Violation
from nox_rings.ecosystems.npm.gate.manifest import MANIFEST, ROOT, npm_rule, with_manifest

SCRIPT = re.compile(r"\.([cm]?)js$")


def _targets(value: Any, key_path: str) -> Iterator[tuple[str, str]]:
    """(key path in the manifest, file) of each file that a field of the manifest names; null names none."""
    if isinstance(value, str):
        yield key_path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _targets(each, f"{key_path}[{key}]")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _targets(each, f"{key_path}[{index}]")


def _entries(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    fields = ("exports", "main", "module", "types", "typings", "bin", "imports")
    for name in fields:
        for key_path, path in _targets(manifest.get(name), name):
            # Only `imports` may lead to other packages.
            if name != "imports" or path.startswith("./"):
                yield key_path, path
    if not any(name in manifest for name in ("exports", "main", "types", "typings", "bin")):
        yield "main (by default)", "index.js"


def _member(path: str) -> str:
    return normpath(join(ROOT, path))


def _unresolved(manifest: dict[str, Any], artifact: Artifact, _: Facts) -> Iterator[Violation]:
    for key_path, path in _entries(manifest):
        # A `*` in exports matches slashes, as in fnmatch.
        goal = _member(path)
        if not any(fnmatchcase(each, goal) if "*" in goal else each == goal for each in artifact.paths):
            yield Violation(MANIFEST, f"{key_path} = {path}", "a file of this tarball")


def _untyped(manifest: dict[str, Any], artifact: Artifact, _: Facts) -> Iterator[Violation]:
    """A script that an importer reaches needs its declarations beside it, or a `types` condition next to it."""
    exports = manifest.get("exports", {} if "types" in manifest or "typings" in manifest else manifest.get("main"))
    for key_path, path in _targets(exports, "exports"):
        beside = _member(SCRIPT.sub(r".d.\1ts", path))
        if SCRIPT.search(path) and "*" not in path and _member(path) in artifact.paths:
            declared = f"{key_path.rpartition('[')[0]}[types]" in {each for each, _ in _targets(exports, "exports")}
            if beside not in artifact.paths and not declared:
                yield Violation(MANIFEST, f"{key_path} = {path} without types", beside.removeprefix(ROOT))


RULES = (
    npm_rule(
        "npm-entry",
        "importing the package fails",
        "nodejs.org/api/packages.html#package-entry-points",
        "build before packing, or correct the field",
        with_manifest(_unresolved),
    ),
    npm_rule(
        "npm-types",
        "TypeScript gives it the type any, or refuses it",
        "typescriptlang.org/docs/handbook/modules/reference.html#packagejson-exports",
        "set `declaration` in the tsconfig of the build",
        with_manifest(_untyped),
    ),
)
