"""The rule of the contract gate for a Go module zip (https://go.dev/ref/mod#zip-files): the program `gomodule` checks
it with golang.org/x/mod, and this rule reports its results."""

from __future__ import annotations

from collections.abc import Iterable

from nox_rings.ecosystems.artifact import Artifact, Facts, Rule, Violation


def _reported(_: Artifact, facts: Facts) -> Iterable[Violation]:
    return facts.reported


RULES = (
    Rule(
        name="go-zip",
        reason="the go command refuses the zip, or makes another of the same files, so that the checksum differs",
        source="golang.org/x/mod/zip, CheckZip and CheckFiles; go.dev/ref/mod#zip-path-size-constraints",
        fix="rename or leave out the file, then pack with nox -s sdk-go -- --pack",
        check=_reported,
    ),
)
