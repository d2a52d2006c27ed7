"""The version of a release in the manifest of a package: static, whatever its backend would have computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nox_rings.ecosystems.pypi.packing.siblings import bind_siblings


def stamp_project(
    document: dict[str, Any], version: str, siblings: Mapping[str, str], *, computed: bool = False
) -> None:
    """Changes the copy of a pyproject.toml with a [project] table. `siblings` are canonical names → versions. A version
    that is not `dynamic` any more is one that no backend computes (PEP 621); `computed`: it stays dynamic."""
    project = document["project"]
    bind_siblings(project, siblings)
    tool = document.get("tool", {})
    # Consumers cannot use the sources of this workspace.
    tool.get("uv", {}).pop("sources", None)
    if computed:
        return
    project["version"] = version
    if "dynamic" in project:
        project["dynamic"] = [each for each in project["dynamic"] if each != "version"]
    # Backends refuse, or overrule by it, a version that stands there.
    tool.get("setuptools", {}).get("dynamic", {}).pop("version", None)
    tool.pop("setuptools_scm", None)
    if "poetry" in tool:
        tool["poetry"].pop("version", None)
        _bind_poetry(tool["poetry"], siblings)


def stamp_poetry(poetry: dict[str, Any], version: str, siblings: Mapping[str, str]) -> None:
    """Changes the [tool.poetry] table of a copy without [project]."""
    poetry["version"] = version
    _bind_poetry(poetry, siblings)


def _bind_poetry(poetry: dict[str, Any], siblings: Mapping[str, str]) -> None:
    from packaging.utils import canonicalize_name

    dependencies = poetry.get("dependencies", {})
    for name, value in dependencies.items():
        if bound := siblings.get(canonicalize_name(name)):
            kept = (
                {key: each for key, each in value.items() if key in ("extras", "markers", "optional")}
                if isinstance(value, dict)
                else {}
            )
            dependencies[name] = {**kept, "version": f"=={bound}"}
