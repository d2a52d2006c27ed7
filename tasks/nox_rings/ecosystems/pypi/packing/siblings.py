"""Requirements of siblings in a Python package: without a version in the workspace, bound to the release once
packed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def bound_to(requirement: str, siblings: Mapping[str, str]) -> str:
    """A requirement (PEP 508) with the version of `siblings` (canonical name → version) where it names one; extras and
    markers stay. Other requirements, and texts that are none, are returned unchanged."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import SpecifierSet
    from packaging.utils import canonicalize_name

    try:
        parsed = Requirement(requirement)
    except InvalidRequirement:
        return requirement  # the build backend reports what is wrong with it
    version = siblings.get(canonicalize_name(parsed.name))
    if version is None:
        return requirement
    parsed.specifier, parsed.url = SpecifierSet(f"=={version}"), None
    return str(parsed)


def bind_siblings(project: dict[str, Any], siblings: Mapping[str, str]) -> None:
    """The `[project]` table of a copy of a pyproject.toml: changes its dependencies and those of its extras."""
    extras = project.get("optional-dependencies", {})
    for table, key in ((project, "dependencies"), *((extras, extra) for extra in extras)):
        if isinstance(listed := table.get(key), list):
            table[key] = [bound_to(each, siblings) if isinstance(each, str) else each for each in listed]
