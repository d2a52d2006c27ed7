"""Which folders uv installs, and which members with each
(https://docs.astral.sh/uv/concepts/projects/workspaces/)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nox_rings.ecosystems.pypi.projects.globs import glob_problems, takes_member
from nox_rings.ecosystems.pypi.projects.lock import LOCKFILE, LockGraph, load_lock
from nox_rings.ecosystems.pypi.projects.pyproject import (
    FOR_ANY_PROJECT,
    MANIFEST,
    Pyproject,
    Tables,
    uv_table,
    workspace_table,
)
from nox_rings.engine.paths import below, is_under, joined
from nox_rings.workspace.sources import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class UvRoot:
    """A folder that uv installs; `members` are sorted, the folder among them where it is a project itself."""

    folder: str
    members: tuple[str, ...]
    lock: LockGraph


def find_uv_roots(sources: Sources, tables: Tables, broken: frozenset[str]) -> Iterator[UvRoot]:
    """Workspaces, projects outside of any that uv manages, and folders with a uv.lock whose manifest cannot be read:
    their members are those that the lockfile knows."""
    roots = [folder for folder, table in tables.items() if workspace_table(table) is not None]
    unreadable = [folder for folder in broken if joined(folder, LOCKFILE) in sources.known]
    taken: set[str] = {*roots}
    claimed: set[str] = set()
    for folder in (*_inner_first(roots), *_inner_first(unreadable)):
        if folder in claimed and folder not in roots:
            continue
        lock = _lock(sources, folder)
        found = _listed(sources, folder, tables) if folder in roots else _locked(folder, tables, lock)
        own = tuple(sorted(each for each in found if each == folder or each not in taken))
        taken.update(own)
        claimed.update(own)
        yield UvRoot(folder=folder, members=own, lock=lock)
    for folder, table in tables.items():
        if folder not in taken and "project" in table and _is_managed(sources, folder, table):
            yield UvRoot(folder=folder, members=(folder,), lock=_lock(sources, folder))


def _inner_first(folders: Iterable[str]) -> list[str]:
    return sorted(folders, key=lambda each: (-each.count("/"), each == ".", each))


def _is_managed(sources: Sources, folder: str, table: Pyproject) -> bool:
    uv = table.get("tool", {}).get("uv")
    own = uv is not None and (not uv or bool(uv.keys() - FOR_ANY_PROJECT))
    return uv_table(table).get("managed", True) and (own or joined(folder, LOCKFILE) in sources.known)


def _lock(sources: Sources, folder: str) -> LockGraph:
    """An empty one, with a problem, where there is none."""
    path = joined(folder, LOCKFILE)
    if path in sources.known:
        return LockGraph(load_lock(sources, path), folder)
    sources.add_problem(
        path,
        f"{joined(folder, MANIFEST)}: found no uv.lock beside it, "
        f"expected a committed lockfile (run `uv lock` in {folder})",
    )
    return LockGraph({}, folder)


def _locked(folder: str, tables: Tables, graph: LockGraph) -> Iterator[str]:
    yield folder
    yield from (each for each in graph.folders if each in tables and each != folder and is_under(each, folder))


def _listed(sources: Sources, root: str, tables: Tables) -> Iterator[str]:
    """The root where it is a project, and what the globs of its workspace take."""
    workspace = workspace_table(tables[root]) or {}
    members, exclude = workspace.get("members", ()), workspace.get("exclude", ())
    where = f"{joined(root, MANIFEST)}: tool.uv.workspace"
    for problem in glob_problems((*members, *exclude)):
        sources.add_problem(joined(root, LOCKFILE), f"{where}: {problem}")
    if "project" in tables[root]:
        yield root
    for folder, table in tables.items():
        if folder == root or not is_under(folder, root) or not takes_member(below(root, folder), members, exclude):
            continue
        if uv_table(table).get("managed", True):
            _require_project(sources, folder, table, where)
            yield folder


def _require_project(sources: Sources, folder: str, table: Pyproject, where: str) -> None:
    manifest = joined(folder, MANIFEST)
    if "project" not in table and manifest not in sources.problems:
        sources.add_problem(
            manifest,
            f"{manifest}: found no [project] table, expected one, because {where}.members takes {folder} "
            f"(or list it in exclude there)",
        )
