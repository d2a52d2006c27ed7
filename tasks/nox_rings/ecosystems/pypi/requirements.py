"""What a Python package requires of its siblings: in the workspace any of them, once published that of its release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def bound_to(requirement: str, siblings: Mapping[str, str]) -> str:
    """A requirement (PEP 508) with the version of `siblings` (canonical name → version) where it names one; extras and
    markers stay. Others, and what is no requirement, are given back as they are."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import SpecifierSet
    from packaging.utils import canonicalize_name

    try:
        parsed = Requirement(requirement)
    except InvalidRequirement:
        return requirement  # the builder says what is wrong with it
    version = siblings.get(canonicalize_name(parsed.name))
    if version is None:
        return requirement
    parsed.specifier, parsed.url = SpecifierSet(f"=={version}"), None
    return str(parsed)


def bind_siblings(project: dict[str, Any], siblings: Mapping[str, str]) -> None:
    """The `[project]` table of a copy of a pyproject.toml: its dependencies and those of its extras, in place."""
    extras = project.get("optional-dependencies", {})
    for table, key in ((project, "dependencies"), *((extras, extra) for extra in extras)):
        if isinstance(listed := table.get(key), list):
            table[key] = [bound_to(each, siblings) if isinstance(each, str) else each for each in listed]
