"""Rules of the contract gate for an sdist (https://packaging.python.org/specifications/source-distribution-format/)."""

from __future__ import annotations

from collections.abc import Iterator

from nox_rings.ecosystems.artifact import Artifact, Facts, Rule, Violation


def folder_of(facts: Facts) -> str:
    from packaging.utils import canonicalize_name

    return f"{canonicalize_name(facts.name).replace('-', '_')}-{facts.version}/"


def _outside(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        if not entry.path.startswith(folder_of(facts)):
            yield Violation(entry.path, "a member outside", f"members below {folder_of(facts)}")


def _no_project(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    if not any(entry.path.endswith("/pyproject.toml") and entry.path.count("/") == 1 for entry in artifact.entries):
        yield Violation("pyproject.toml", "nothing", "the manifest it is built by")


RULES = (
    Rule(
        name="sdist-layout",
        reason="installers read this folder only",
        source="PEP 625, packaging.python.org, Source distribution format",
        fix="pack with uv build",
        check=_outside,
    ),
    Rule(
        name="sdist-project",
        reason="nothing says how to build it",
        source="packaging.python.org, Source distribution format",
        fix="pack with uv build",
        check=_no_project,
    ),
)
