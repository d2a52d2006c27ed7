"""The keys of pyproject.toml that describe a project: of its standards (PEP 518, 621, 735), of uv and of Poetry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypedDict

from nox_rings.engine.paths import joined
from nox_rings.engine.reading import file_text
from nox_rings.workspace.sources import Sources, folder_of
from nox_rings.workspace.validation import convert

MANIFEST = "pyproject.toml"
# Names under which projects list what their tests require.
TEST_REQUIREMENTS = frozenset({"dev", "test", "testing", "tests"})
PYTEST = re.compile(r"\s*pytest(?![\w.-])", re.IGNORECASE)
# Tables of [tool.uv] that hold for projects which uv does not manage, too.
FOR_ANY_PROJECT = frozenset({"build-backend", "pip"})


class UvWorkspace(TypedDict, total=False):
    members: list[str]
    exclude: list[str]


UvTable = TypedDict(
    "UvTable",
    {
        "sources": dict[str, Any],
        "workspace": UvWorkspace,
        "managed": bool,
        "package": bool,
        "dev-dependencies": list[str],
        "required-version": str,
        "conflicts": list[list[dict[str, Any]]],
        "build-backend": dict[str, Any],
        "cache-keys": list[Any],
        "pip": dict[str, Any],
    },
    total=False,
)


class Tool(TypedDict, total=False):
    uv: UvTable
    poetry: dict[str, Any]
    pytest: dict[str, Any]
    hatch: dict[str, Any]
    pdm: dict[str, Any]
    setuptools: dict[str, Any]


Project = TypedDict(
    "Project",
    {
        "name": str,
        "dependencies": list[str],
        "optional-dependencies": dict[str, list[str]],
        "dynamic": list[str],
        "classifiers": list[str],
        "entry-points": Any,
    },
    total=False,
)
BuildSystem = TypedDict("BuildSystem", {"requires": list[str], "build-backend": str}, total=False)
Pyproject = TypedDict(
    "Pyproject",
    {
        "project": Project,
        "build-system": BuildSystem,
        "dependency-groups": dict[str, list[Any]],
        "tool": Tool,
    },
    total=False,
)
Tables = dict[str, Pyproject]


def load_tables(sources: Sources) -> tuple[Tables, frozenset[str]]:
    """Every pyproject.toml by its folder, and the folders of those that cannot be read: their tables are empty."""
    tables = {folder_of(path): sources.toml(path, Pyproject) for path in sources.named(MANIFEST)}
    broken = (folder for folder in tables if joined(folder, MANIFEST) in sources.problems)
    return tables, frozenset(broken)


def text_of(sources: Sources, path: str) -> str:
    """Empty where it is not readable: whoever it is meant for says so."""
    try:
        return sources.text(path)
    except (OSError, ValueError):
        return ""


def uv_table(table: Pyproject) -> UvTable:
    return table.get("tool", {}).get("uv", {})


def poetry_table(table: Pyproject) -> dict[str, Any]:
    return table.get("tool", {}).get("poetry", {})


def workspace_table(table: Pyproject) -> UvWorkspace | None:
    """[tool.uv.workspace] of a root that uv manages."""
    uv = uv_table(table)
    return uv.get("workspace") if uv.get("managed", True) else None


def is_project(table: Pyproject) -> bool:
    """Whether it describes more than settings of tools."""
    return "project" in table or "build-system" in table or bool(poetry_table(table).get("name"))


def is_built(table: Pyproject) -> bool:
    """Whether it is a package, and no collection of modules that are run where they lie."""
    return "build-system" in table and poetry_table(table).get("package-mode", True) is not False


def name_of(table: Pyproject, folder: str) -> str:
    """The distribution's name; the folder's where the manifest has none (setup.py may)."""
    name = table.get("project", {}).get("name") or poetry_table(table).get("name")
    return str(name or ("root" if folder == "." else folder.rpartition("/")[2]))


def is_private(table: Pyproject) -> bool:
    """Whether an index refuses it (https://pypi.org/classifiers)."""
    return any(each.startswith("Private ::") for each in table.get("project", {}).get("classifiers", ()))


def groups_of(table: Pyproject) -> dict[str, list[Any]]:
    """Dependency groups, and what uv's older [tool.uv] dev-dependencies adds to `dev`."""
    groups = dict(table.get("dependency-groups", {}))
    if older := uv_table(table).get("dev-dependencies"):
        groups["dev"] = [*groups.get("dev", ()), *older]
    return groups


def extras_of(table: Pyproject) -> dict[str, list[str]]:
    return table.get("project", {}).get("optional-dependencies", {})


def groups_and_extras(tables: Iterable[Pyproject], root: Pyproject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dependency groups and the extras that tests need, as far as they are defined: those of usual names, and those
    that bring pytest. Of what [tool.uv] conflicts forbids to install together, the first."""
    listed = list(tables)
    groups = _for_tests(groups_of(table) for table in listed)
    extras = _for_tests(extras_of(table) for table in listed)
    wanted = [*(("group", name) for name in groups), *(("extra", name) for name in extras)]
    chosen = list(_without_conflicts(wanted, uv_table(root).get("conflicts", [])))
    return tuple(name for kind, name in chosen if kind == "group"), tuple(
        name for kind, name in chosen if kind == "extra"
    )


def _for_tests(tables: Iterable[Mapping[str, list[Any]]]) -> list[str]:
    """By their usual names, then those that bring pytest."""
    named: set[str] = set()
    found: set[str] = set()
    for table in tables:
        named.update(TEST_REQUIREMENTS & table.keys())
        found.update(name for name, listed in table.items() if any(map(_is_pytest, listed)))
    return [*sorted(named), *sorted(found - named)]


def _is_pytest(requirement: Any) -> bool:
    return isinstance(requirement, str) and bool(PYTEST.match(requirement))


def _without_conflicts(
    wanted: Iterable[tuple[str, str]], conflicts: list[list[dict[str, Any]]]
) -> Iterator[tuple[str, str]]:
    sets = [
        {(kind, str(each[kind])) for each in one for kind in ("group", "extra") if kind in each} for one in conflicts
    ]
    chosen: set[tuple[str, str]] = set()
    for each in wanted:
        if not any(each in one and one & chosen for one in sets):
            chosen.add(each)
            yield each


def parse_table(path: Path) -> Pyproject:
    """Raises ValueError."""
    import tomllib

    return convert(tomllib.loads(file_text(path)), Pyproject, path.name)
