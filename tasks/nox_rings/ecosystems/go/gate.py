"""Rules of the contract gate for a Go module zip (https://go.dev/ref/mod#zip-files)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from nox_rings.ecosystems.artifact import Artifact, Facts, Fault, Rule
from nox_rings.ecosystems.go.gate_mod import go_prefix
from nox_rings.ecosystems.go.module_zip import MOST_BYTES, MOST_BYTES_IN_ALL, go_version_of, is_vendored, path_problem


def _outside(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    for entry in artifact.entries:
        if not entry.path.startswith(go_prefix(facts)):
            yield Fault(entry.path, "a member outside", f"members below {go_prefix(facts)}")


def _nested(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    for entry in artifact.entries:
        if entry.name.lower() == "go.mod" and entry.path != f"{go_prefix(facts)}go.mod":
            yield Fault(entry.path, "another module", "one go.mod, at the top")


def _vendored(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    manifest = artifact.find(f"{go_prefix(facts)}go.mod")
    go_version = go_version_of(manifest.text if manifest else "")
    for entry in artifact.entries:
        if is_vendored(entry.path.removeprefix(go_prefix(facts)), go_version):
            yield Fault(entry.path, "a vendored file", "requirements alone")


def _irregular(artifact: Artifact, _: Facts) -> Iterator[Fault]:
    for entry in artifact.entries:
        if entry.is_link:
            yield Fault(entry.path, f"a link to {entry.target}", "regular files")


def _names(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    for entry in artifact.entries:
        path = entry.path.removeprefix(go_prefix(facts))
        # What leaves the folder is told by `stays-inside`, a second go.mod by `go-no-nested`.
        if ".." not in path.split("/") and entry.name.lower() != "go.mod" and path_problem(path):
            yield Fault(entry.path, "a name that the go command refuses", "one that every file system takes")
    folded = sorted(artifact.paths, key=lambda path: (path.casefold(), path))
    for _same, group in groupby(folded, key=str.casefold):
        first, *others = group
        for other in others:
            yield Fault(other, f"a name that differs from {first} by case alone", "one of them")


def _sizes(artifact: Artifact, facts: Facts) -> Iterator[Fault]:
    total = sum(len(entry.content) for entry in artifact.entries)
    if total > MOST_BYTES_IN_ALL:
        yield Fault("", f"{total} bytes", f"at most {MOST_BYTES_IN_ALL}")
    for name, limit in MOST_BYTES.items():
        entry = artifact.find(go_prefix(facts) + name)
        if entry and len(entry.content) > limit:
            yield Fault(entry.path, f"{len(entry.content)} bytes", f"at most {limit}")


RULES = (
    Rule(
        name="go-layout",
        reason="the go command refuses any other member",
        source="go.dev/ref/mod#zip-files",
        fix="pack with nox -s sdk-go -- --pack",
        check=_outside,
    ),
    Rule(
        name="go-no-nested",
        reason="a folder with a go.mod is not part of this module, and the go command refuses the zip",
        source="go.dev/ref/mod#zip-path-size-constraints",
        fix="pack it as a module of its own",
        check=_nested,
    ),
    Rule(
        name="go-no-vendor",
        reason="the go command leaves vendor out, so that the zip's checksum differs",
        source="golang.org/x/mod/zip",
        fix="leave vendor out",
        check=_vendored,
    ),
    Rule(
        name="go-no-link",
        reason="module zips hold regular files only",
        source="go.dev/ref/mod#zip-path-size-constraints",
        fix="put the file in its place",
        check=_irregular,
    ),
    Rule(
        name="go-file-name",
        reason="the go command refuses such names, and pairs that differ by case alone",
        source="golang.org/x/mod/module, CheckFilePath",
        fix="rename the file",
        check=_names,
    ),
    Rule(
        name="go-size",
        reason="the proxy refuses larger ones",
        source="go.dev/ref/mod#zip-path-size-constraints",
        fix="leave large files out",
        check=_sizes,
    ),
)
