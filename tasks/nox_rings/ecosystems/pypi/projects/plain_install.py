"""What is installed for a project that uv does not manage: itself, what it requires, and what its tests require."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from nox_rings.ecosystems.pypi.projects.managers import TOX, managed_requirements, poetry_lines, tox_requirements
from nox_rings.ecosystems.pypi.projects.plain import installed_files, requirement_files
from nox_rings.ecosystems.pypi.projects.pyproject import (
    MANIFEST,
    TEST_REQUIREMENTS,
    Pyproject,
    extras_of,
    groups_and_extras,
    is_built,
    parse_table,
    poetry_table,
)
from nox_rings.ecosystems.pypi.projects.requirements import always_required, canonical, path_of, sometimes_required
from nox_rings.engine.paths import below
from nox_rings.engine.reading import file_text
from nox_rings.workspace.model import InstallRoot


def plain_arguments(root: InstallRoot, top: Path, constraints: Path | None) -> tuple[str, ...]:
    """Arguments of `uv pip install` in the project's folder; none where there is nothing to install."""
    table = parse_table(top / root.folder / MANIFEST)
    groups, extras = groups_and_extras([table], table)
    of_poetry = poetry_table(table).get("extras", {})
    extras = tuple(dict.fromkeys((*extras, *sorted(TEST_REQUIREMENTS & of_poetry.keys()))))
    files = requirement_files(root.files, root.folder)
    installed = installed_files(files, root.folder, declares=_declares(table))
    wanted = [*_project(table, extras), *_words("--group", groups), *managed_requirements(table)]
    wanted += _words("-r", [below(root.folder, each) for each in installed])
    wanted += tox_requirements(top / root.folder / TOX)
    if not wanted:
        return ()
    wanted += _words("--reinstall-package", sorted(_copies(table)))
    return (*wanted, *(("--constraints", str(constraints)) if constraints else ()))


def _declares(table: Pyproject) -> bool:
    """Whether it says what it requires."""
    project = table.get("project", {})
    return "dependencies" in project or "dependencies" in project.get("dynamic", ())


def _words(option: str, values: Any) -> list[str]:
    return [word for value in values for word in (option, value)]


def _project(table: Pyproject, extras: tuple[str, ...]) -> list[str]:
    """The project itself where it is built, else what it requires."""
    if is_built(table):
        return ["--editable", f".[{','.join(extras)}]" if extras else "."]
    if "project" in table:
        return ["-r", MANIFEST, *_words("--extra", [each for each in extras if each in extras_of(table)])]
    poetry = poetry_table(table).get("dependencies", {})
    return [*poetry_lines(poetry)] if isinstance(poetry, dict) else []


def _copies(table: Pyproject) -> set[str]:
    """Distributions that are installed as a copy of a folder."""
    listed = [*always_required(table), *sometimes_required(table)]
    named = {canonical(each) for each in listed if "@" in each and path_of(each.partition("@")[2], ".")}
    poetry = poetry_table(table)
    groups = [each.get("dependencies", {}) for each in poetry.get("group", {}).values() if isinstance(each, dict)]
    tables = [poetry.get("dependencies", {}), poetry.get("dev-dependencies", {}), *groups]
    paths = (name for each in tables for name, one in each.items() if isinstance(one, dict) and "path" in one)
    return {*named, *map(canonical, paths)}


def write_constraints(lockfile: Path, constraints: Path) -> None:
    """The versions that a poetry.lock or pdm.lock pins, of packages from an index that it has in one version."""
    packages = tomllib.loads(file_text(lockfile)).get("package", ())
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
