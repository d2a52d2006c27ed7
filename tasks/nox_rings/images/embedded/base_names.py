"""What the FROM names of Dockerfiles ask for, and whether it can be made without a registry.

The names are those of Docker's official images: `node:24-slim`, `golang:1.27-trixie`, `python:3.13`,
`debian:trixie-slim`. What is made is always the slim variant: a compiler or git comes with `apt-get install` in the
Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    DEBIAN = "debian"
    GOLANG = "golang"
    NODE = "node"
    PYTHON = "python"


# Debian's releases: their number, and the Python that is theirs.
SUITES: Mapping[str, tuple[str, str]] = {"trixie": ("13", "3.13"), "bookworm": ("12", "3.11")}
NEWEST_SUITE = "trixie"
ANY_VERSION = ("", "latest", "lts", "stable", "current")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Base:
    """A base image that can be made: `version` is the exact one it gets."""

    family: Family
    version: str
    suite: str

    @property
    def name(self) -> str:
        return f"{self.family}-{self.version}-{self.suite}"

    @property
    def parent(self) -> Base | None:
        """What it is made from; None for Debian itself."""
        if self.family is Family.DEBIAN:
            return None
        return Base(family=Family.DEBIAN, version=SUITES[self.suite][0], suite=self.suite)


def plan_bases(
    references: Mapping[str, str], versions: Mapping[Family, str]
) -> tuple[dict[str, Base], tuple[str, ...]]:
    """For each FROM name (→ where it stands) the base to make; and a problem for each that cannot be made.

    `versions` are those of the Node and Go at hand."""
    bases: dict[str, Base] = {}
    problems = []
    for reference, place in references.items():
        found = resolve_base(reference, versions)
        if isinstance(found, Base):
            bases[reference] = found
        else:
            problems.append(f"{place}: found FROM {reference}, {found}")
    return bases, tuple(problems)


def resolve_base(reference: str, versions: Mapping[Family, str]) -> Base | str:
    """The base, or what the embedded engine expected instead."""
    name, _, tag = _bare(reference).partition(":")
    if name not in frozenset(Family):
        return f"expected one of {', '.join(Family)}: others need a registry"
    if "@" in reference:
        return "expected no digest: what is made here is not what the registry has"
    family = Family(name)
    wanted, suite, strange = _parse_tag(tag, family)
    if strange:
        return f"expected a tag of Debian's {' or '.join(SUITES)}, found `{strange}` in it"
    suite = suite or next((each for each, (_, python) in SUITES.items() if python == wanted), NEWEST_SUITE)
    version = {Family.DEBIAN: SUITES[suite][0], Family.PYTHON: SUITES[suite][1]}.get(family) or versions.get(family, "")
    if not version:
        return f"expected a pinned {family} in the tools"
    if wanted and not f"{version}.".startswith(f"{wanted}."):
        return f"expected {family} {version}, which is the one at hand"
    return Base(family=family, version=version, suite=suite)


def _bare(reference: str) -> str:
    """Without the hub's prefix, which is implied, and without a digest."""
    return re.sub(r"^(docker\.io/)?(library/)?", "", reference.partition("@")[0])


def _parse_tag(tag: str, family: Family) -> tuple[str, str, str]:
    """Version, suite and the first word that is neither (`alpine`, `bullseye`)."""
    version = suite = ""
    for word in tag.split("-"):
        if word in SUITES:
            suite = word
        elif re.fullmatch(r"v?\d+(\.\d+)*", word) and not version:
            version = word.removeprefix("v")
        elif word not in (*ANY_VERSION, "slim"):
            return version, suite, word
    if family is Family.DEBIAN and version and not suite:
        suite = next((each for each, (number, _) in SUITES.items() if number == version.split(".")[0]), "")
        version = version if not suite else ""
    return version, suite, ""
