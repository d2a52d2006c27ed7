"""Rules of the contract gate that wheels and sdists share: their metadata, and what must be inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from fnmatch import fnmatchcase
from posixpath import dirname

from nox_rings.ecosystems.artifact import SDIST, WHEEL, Artifact, Entry, Facts, Rule, Violation


def metadata_entry(artifact: Artifact) -> Entry | None:
    """METADATA of a wheel, PKG-INFO of an sdist: the same format (core metadata)."""
    pattern = r"[^/]+\.dist-info/METADATA" if artifact.kind == WHEEL else r"[^/]+/PKG-INFO"
    return next((entry for entry in artifact.entries if re.fullmatch(pattern, entry.path)), None)


def metadata_of(artifact: Artifact) -> tuple[str, Message]:
    """Its path and the headers; empty where there is no metadata, which a rule of its own reports."""
    entry = metadata_entry(artifact)
    return (entry.path, HeaderParser().parsestr(entry.text)) if entry else ("", Message())


def content_path(artifact: Artifact, path: str) -> str:
    """Where a file would be installed: sdists have a folder of their own above, and often `src`."""
    if artifact.kind == WHEEL:
        return path
    return path.partition("/")[2].removeprefix("src/")


def _no_metadata(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    path, metadata = metadata_of(artifact)
    if not (metadata["Name"] and metadata["Version"] and metadata["Metadata-Version"]):
        expected = "PKG-INFO" if artifact.kind == SDIST else "*.dist-info/METADATA"
        found = "no Metadata-Version, Name or Version" if path else "nothing"
        yield Violation(path or expected, found, "core metadata")


def _name(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    from packaging.utils import canonicalize_name

    path, metadata = metadata_of(artifact)
    if metadata["Name"] and canonicalize_name(metadata["Name"]) != canonicalize_name(facts.name):
        yield Violation(path, f"Name: {metadata['Name']}", facts.name)


def _version(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    path, metadata = metadata_of(artifact)
    if metadata["Version"] and metadata["Version"] != facts.version:
        yield Violation(path, f"Version: {metadata['Version']}", facts.version)


def _file_name(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    from packaging.utils import canonicalize_name

    stem = f"{canonicalize_name(facts.name).replace('-', '_')}-{facts.version}"
    expected = f"{stem}.tar.gz" if artifact.kind == SDIST else f"{stem}-*.whl"
    if not fnmatchcase(artifact.name.rpartition("/")[2], expected):
        yield Violation("", f"the name {artifact.name.rpartition('/')[2]}", expected)


def _requirements(artifact: Artifact) -> Iterator[tuple[str, str, str, str]]:
    """(line, name, specifier, URL) of each Requires-Dist that can be read."""
    from packaging.requirements import InvalidRequirement, Requirement

    for line in metadata_of(artifact)[1].get_all("Requires-Dist", []):
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            yield line, "", "", ""
        else:
            yield line, requirement.name, str(requirement.specifier), requirement.url or ""


def _unresolvable(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    path, _message = metadata_of(artifact)
    for line, name, _specifier, url in _requirements(artifact):
        if url or not name:
            yield Violation(path, f"Requires-Dist: {line}", "a name with bounds that an index can resolve")


def _siblings(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    from packaging.specifiers import SpecifierSet
    from packaging.utils import canonicalize_name

    path, _message = metadata_of(artifact)
    planned = {canonicalize_name(name): bound for name, bound in facts.siblings.items()}
    for line, name, specifier, url in _requirements(artifact):
        bound = planned.get(canonicalize_name(name))
        if bound is not None and not url and SpecifierSet(specifier) != SpecifierSet(bound):
            yield Violation(path, f"Requires-Dist: {line}", f"{name}{bound}, as this release plans")


def _required(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    inside = {content_path(artifact, entry.path) for entry in artifact.entries}
    for pattern in facts.required_members:
        if pattern in inside or any(fnmatchcase(path, pattern) for path in inside):
            continue
        # An sdist has the source folders that a wheel begins in.
        if artifact.kind == WHEEL or not any(path.endswith(f"/{pattern}") for path in inside):
            yield Violation(pattern, "nothing", "a required member of this package")


def _untyped(artifact: Artifact, facts: Facts) -> Iterator[Violation]:
    inside = {content_path(artifact, entry.path) for entry in artifact.entries}
    for package in facts.packages:
        if any(path.startswith(f"{package}/") for path in inside) and f"{package}/py.typed" not in inside:
            yield Violation(f"{package}/py.typed", "nothing", "the marker of a typed package")


def _bytecode(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    for entry in artifact.entries:
        if entry.name.endswith((".pyc", ".pyo")):
            yield Violation(entry.path, "compiled code", "sources alone")


def _license_metadata(artifact: Artifact, _: Facts) -> Iterator[Violation]:
    """A file that License-File names lies in `licenses` of a wheel's .dist-info, in the folder of an sdist."""
    path, metadata = metadata_of(artifact)
    folder = dirname(path) + ("/licenses" if artifact.kind == WHEEL else "")
    if path and not (metadata["License-Expression"] or metadata["License"]):
        yield Violation(path, "no License-Expression", "an SPDX expression")
    for name in metadata.get_all("License-File", []):
        if artifact.find(f"{folder}/{name}") is None:
            yield Violation(path, f"License-File: {name} without {folder}/{name}", "the file it names")


RULES = (
    Rule(
        name="py-metadata",
        reason="installers refuse a distribution without it",
        source="packaging.python.org, Core metadata",
        fix="pack with uv build",
        check=_no_metadata,
    ),
    Rule(
        name="py-name",
        reason="it would publish another distribution",
        source="packaging.python.org, Core metadata; PEP 503",
        fix="set `project.name`",
        check=_name,
    ),
    Rule(
        name="py-version",
        reason="it would publish another version, or none",
        source="packaging.python.org, Core metadata; PEP 440",
        fix="pack the stamped copy",
        check=_version,
    ),
    Rule(
        name="py-file-name",
        reason="installers choose by the name of the file, and PyPI refuses one that does not fit",
        source="packaging.python.org, Binary distribution format; PEP 625",
        fix="pack with uv build",
        check=_file_name,
    ),
    Rule(
        name="py-local-requirement",
        reason="it refers to a path of the machine that packed it, and PyPI refuses it",
        source="PEP 440, Direct references",
        fix="pack without the workspace's sources (uv build --no-sources)",
        check=_unresolvable,
    ),
    Rule(
        name="py-sibling-bound",
        reason="a wheel would run with siblings of another release",
        source="the release plan",
        fix="bound the sibling in the stamped copy",
        check=_siblings,
    ),
    Rule(
        name="py-required-member",
        reason="a package without its generated modules can be imported, and fails later",
        source="issue 5",
        fix="generate before packing: nox -s proto",
        check=_required,
    ),
    Rule(
        name="py-typed",
        reason="type checkers ignore the annotations of a package without it",
        source="PEP 561",
        fix="add py.typed to the package",
        check=_untyped,
    ),
    Rule(
        name="py-no-bytecode",
        reason="it belongs to one interpreter, and holds paths and times",
        source="check-wheel-contents W001",
        fix="leave __pycache__ out",
        check=_bytecode,
    ),
    Rule(
        name="py-license-told",
        reason="indexes and license scanners read the metadata, not the file",
        source="PEP 639",
        fix="set `project.license` and `project.license-files`",
        check=_license_metadata,
    ),
)
