"""What is installed for a project that uv does not manage: itself, what it requires, and what its tests require."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nox_rings.ecosystems.pypi.projects.plain import installed_files, requirement_files
from nox_rings.ecosystems.pypi.projects.pyproject import (
    MANIFEST,
    TEST_REQUIREMENTS,
    Pyproject,
    extras_of,
    is_built,
    parse_table,
    poetry_table,
    test_requirements,
)
from nox_rings.ecosystems.pypi.projects.requirements import always_required, canonical, path_of, sometimes_required
from nox_rings.engine.paths import below
from nox_rings.workspace.model import InstallRoot


def plain_arguments(root: InstallRoot, top: Path, constraints: Path | None) -> tuple[str, ...]:
    """Arguments of `uv pip install` in the project's folder; none where there is nothing to install."""
    table = parse_table(top / root.folder / MANIFEST)
    groups, extras = test_requirements([table], table)
    poetry = poetry_table(table)
    extras = (*extras, *(each for each in TEST_REQUIREMENTS if each in poetry.get("extras", {}) and each not in extras))
    declared = "dependencies" in table.get("project", {}) or "dependencies" in table.get("project", {}).get(
        "dynamic", ()
    )
    files = requirement_files(root.files, root.folder)
    wanted = [*_project(table, extras), *_words("--group", groups), *poetry_requirements(poetry)]
    wanted += _words(
        "-r", [below(root.folder, each) for each in installed_files(files, root.folder, declares=declared)]
    )
    if not wanted:
        return ()
    wanted += _words("--reinstall-package", sorted(_copies(table)))
    return (*wanted, *(("--constraints", str(constraints)) if constraints else ()))


def _words(option: str, values: Any) -> list[str]:
    return [word for value in values for word in (option, value)]


def _project(table: Pyproject, extras: tuple[str, ...]) -> list[str]:
    """The project itself where it is built, else what it requires."""
    if is_built(table):
        return ["--editable", f".[{','.join(extras)}]" if extras else "."]
    if "project" in table:
        return ["-r", MANIFEST, *_words("--extra", [each for each in extras if each in extras_of(table)])]
    poetry = poetry_table(table).get("dependencies", {})
    return [*_poetry_lines(poetry)] if isinstance(poetry, dict) else []


def _copies(table: Pyproject) -> set[str]:
    """Distributions that are installed as a copy of a folder."""
    listed = [*always_required(table), *sometimes_required(table)]
    named = {canonical(each) for each in listed if "@" in each and path_of(each.partition("@")[2], ".")}
    poetry = poetry_table(table)
    groups = [each.get("dependencies", {}) for each in poetry.get("group", {}).values() if isinstance(each, dict)]
    tables = [poetry.get("dependencies", {}), poetry.get("dev-dependencies", {}), *groups]
    paths = (name for each in tables for name, one in each.items() if isinstance(one, dict) and "path" in one)
    return {*named, *map(canonical, paths)}


def poetry_requirements(poetry: Mapping[str, Any]) -> list[str]:
    """What Poetry's groups for tests require, as requirements of PEP 508."""
    groups = poetry.get("group", {})
    tables = [groups.get(name, {}).get("dependencies", {}) for name in TEST_REQUIREMENTS]
    return [line for table in (*tables, poetry.get("dev-dependencies", {})) for line in _poetry_lines(table)]


def _poetry_lines(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        for one in value if isinstance(value, list) else (value,):
            if name != "python" and (line := poetry_requirement(name, one)):
                yield line


def poetry_requirement(name: str, value: Any) -> str:
    """A dependency of Poetry (https://python-poetry.org/docs/dependency-specification/) as a requirement; empty where
    it has no form of one."""
    if isinstance(value, str):
        return f"{name}{poetry_versions(value)}"
    if not isinstance(value, dict):
        return ""
    extras = f"[{','.join(value['extras'])}]" if value.get("extras") else ""
    marker = f" ; {value['markers']}" if value.get("markers") else ""
    if "path" in value:
        return str(value["path"]) if not marker and str(value["path"]).startswith(".") else f"./{value['path']}"
    if "git" in value:
        revision = next((f"@{value[key]}" for key in ("rev", "tag", "branch") if key in value), "")
        return f"{name}{extras} @ git+{value['git']}{revision}{marker}"
    if "url" in value:
        return f"{name}{extras} @ {value['url']}{marker}"
    return f"{name}{extras}{poetry_versions(str(value.get('version', '*')))}{marker}"


def poetry_versions(constraint: str) -> str:
    """`^1.2` is `>=1.2,<2`, `~1.2` is `>=1.2,<1.3`, `1.2` is `==1.2`, `*` is anything."""
    parts = [each.strip() for each in constraint.split("||")[0].split(",")]
    return ",".join(found for each in parts if (found := _poetry_version(each)))


def _poetry_version(part: str) -> str:
    if part in ("", "*"):
        return ""
    if part[0] in "<>=!" or part.startswith("~="):
        return part.replace(" ", ",") if re.search(r"\d +[<>=!]", part) else part
    if part[0] not in "^~":
        return f"=={part}"
    numbers = [int(each) for each in re.findall(r"\d+", part.lstrip("^~ ").split("+")[0])][:3]
    if part[0] == "~":
        kept = numbers[:2] if len(numbers) > 1 else numbers[:1]
    else:
        first = next((index for index, each in enumerate(numbers) if each), len(numbers) - 1)
        kept = numbers[: first + 1]
    above = ".".join(map(str, [*kept[:-1], kept[-1] + 1]))
    return f">={part.lstrip('^~ ')},<{above}"


def write_constraints(lockfile: Path, constraints: Path) -> None:
    """The versions that a poetry.lock or pdm.lock pins, of packages from an index that it has in one version."""
    packages = tomllib.loads(lockfile.read_text(encoding="utf-8")).get("package", ())
    versions: dict[str, set[str]] = {}
    for package in packages:
        local = {"path", "git", "url"} & package.keys() or package.get("source", {}).get("type") in (
            "directory",
            "file",
            "git",
            "url",
        )
        if not local:
            versions.setdefault(str(package["name"]), set()).add(str(package["version"]))
    lines = [f"{name}=={min(found)}\n" for name, found in sorted(versions.items()) if len(found) == 1]
    constraints.parent.mkdir(parents=True, exist_ok=True)
    constraints.write_text("".join(lines), encoding="utf-8")
