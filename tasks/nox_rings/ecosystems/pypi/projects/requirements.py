"""What a manifest requires from this workspace: by uv's documented rule for sources
(https://docs.astral.sh/uv/concepts/projects/dependencies/), by Poetry's path dependencies, and by paths in requirements
and in requirements files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nox_rings.ecosystems.pypi.projects.pyproject import Pyproject, extras_of, groups_of, poetry_table, uv_table
from nox_rings.engine.paths import is_under, joined

# `{root:uri}` is Hatch's, `${PROJECT_ROOT}` PDM's and uv's name for the folder of the manifest; `{root:parent:uri}` is
# the one above (https://hatch.pypa.io/latest/config/context/#paths).
HATCH_ROOT = r"\{root(?P<parents>(?::parent)*)(?::(?:uri|real))*\}"
FROM_HERE = re.compile(
    rf"^(?:file:)?(?://)?/?(?:{HATCH_ROOT}|\$\{{PROJECT_ROOT\}}/?/?|(?=\.\.?/|\.\.?$))/?(?P<path>.*)$"
)
ABOVE = re.compile(r"""["']((?:\./)?(?:\.\./)+[^"'\n]*)["']""")
INCLUDED = re.compile(r"\s*(?:-r|--requirement|-c|--constraint)[ =]?\s*([^\s#]+)")
EDITABLE = re.compile(r"^(?:-e|--editable)[ =]\s*")
# `name @ reference` (PEP 508): spaces around it may be missing.
NAMED = re.compile(r"^\s*[\w.-]+\s*(?:\[[^\]]*\])?\s*@\s*")
FRAGMENT = re.compile(r"#(?:egg|subdirectory)=.*$")


def canonical(requirement: str) -> str:
    """The normalized name (PEP 503) that a requirement begins with."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]).lower()


def always_required(table: Pyproject) -> list[str]:
    """With what builds it: that is installed first, from the same sources."""
    project, build = table.get("project", {}), table.get("build-system", {})
    return [*project.get("dependencies", ()), *build.get("requires", ())]


def sometimes_required(table: Pyproject) -> list[str]:
    of_pdm = table.get("tool", {}).get("pdm", {}).get("dev-dependencies", {})
    tables: tuple[Mapping[str, list[Any]], ...] = (extras_of(table), groups_of(table), of_pdm)
    return [each for one in tables for group in one.values() for each in group if isinstance(each, str)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A member's manifest, and that of the root of its workspace; `names` are folders of the workspace's members by
    their normalized names."""

    folder: str
    table: Pyproject
    root: str
    root_table: Pyproject
    names: Mapping[str, str]


def source_paths(requirements: Iterable[str], manifest: Manifest) -> Iterator[str]:
    """Paths of requirements that have a source in the workspace or at a path. A source of the workspace's root holds
    for its members unless they have their own; its paths are relative to the root."""
    folder, names = manifest.folder, manifest.names
    sources: dict[str, tuple[str, Any]] = {}
    for at, each in ((manifest.root, manifest.root_table), (folder, manifest.table)):
        sources |= {canonical(name): (at, source) for name, source in uv_table(each).get("sources", {}).items()}
    for requirement in requirements:
        name = canonical(requirement)
        at, source = sources.get(name, (folder, ()))
        for one in source if isinstance(source, list | tuple) else (source,):
            if isinstance(one, dict) and one.get("workspace") and name in names:
                yield names[name]
            elif isinstance(one, dict) and "path" in one:
                yield joined(at, str(one["path"]))
        if (NAMED.match(requirement) or EDITABLE.match(requirement)) and (path := path_of(requirement, folder)):
            yield path


def path_of(reference: str, folder: str) -> str | None:
    """Where a reference relative to `folder`, with or without a name before it, leads; None for one that is not
    relative."""
    plain = EDITABLE.sub("", reference.split(";")[0].split(" #")[0].strip())
    match = FROM_HERE.match(FRAGMENT.sub("", NAMED.sub("", plain)))
    if not match:
        return None
    above = "../" * (match["parents"] or "").count(":parent")
    return joined(folder, above + re.sub(r"\[[^\]]*\]$", "", match["path"]))


def paths_above(text: str, folder: str) -> Iterator[str]:
    """Where texts of a manifest lead that begin with `../`, whatever they are for: sources of a package elsewhere,
    files to include, a path of pytest. Folders above `folder` are left out, which are roots of something."""
    for reference in ABOVE.findall(text):
        path = joined(folder, reference)
        if not is_under(folder, path):
            yield path


def included_files(text: str, folder: str) -> Iterator[str]:
    """Requirements and constraints that a requirements file includes."""
    for line in text.splitlines():
        if match := INCLUDED.match(line):
            yield joined(folder, match[1])


def poetry_paths(table: Pyproject, folder: str) -> tuple[set[str], set[str]]:
    """Paths that Poetry's dependencies name: of all times, and of groups."""
    poetry = poetry_table(table)
    groups = [each.get("dependencies", {}) for each in _tables(poetry.get("group", {}))]
    sometimes = [*groups, poetry.get("dev-dependencies", {})]
    return (
        set(_poetry_paths(poetry.get("dependencies", {}), folder)),
        {path for each in sometimes for path in _poetry_paths(each, folder)},
    )


def _poetry_paths(dependencies: Any, folder: str) -> Iterator[str]:
    for each in dependencies.values() if isinstance(dependencies, dict) else ():
        for one in each if isinstance(each, list) else (each,):
            if isinstance(one, dict) and isinstance(one.get("path"), str):
                yield joined(folder, one["path"])


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    yield from (each for each in value.values() if isinstance(each, dict)) if isinstance(value, dict) else ()


def lines_with_paths(text: str, folder: str) -> Iterator[str]:
    """Paths in a requirements file: `-e ../lib`, `./lib`, `lib @ file:../lib`, `lib@file:../lib#egg=lib`."""
    for line in text.splitlines():
        if path := path_of(line, folder):
            yield path
