"""Projects that uv does not manage: their own build backend builds them, and their tests run in an environment that is
made from what the manifest and requirements files say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from nox_rings.ecosystems.pypi.projects.lock import LocalEdges
from nox_rings.ecosystems.pypi.projects.pyproject import MANIFEST, Tables, is_project, text_of
from nox_rings.ecosystems.pypi.projects.requirements import included_files, lines_with_paths
from nox_rings.engine.paths import at_or_above, below, joined
from nox_rings.workspace.sources import Sources, folder_of

# Lockfiles of other managers that pin what is installed.
OTHER_LOCKFILES = ("poetry.lock", "pdm.lock")
REQUIREMENTS = re.compile(r"(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in)")
FOR_TESTS = re.compile(
    r"(?:requirements/)?(?:requirements[-_.])?(?:dev|tests?|testing)(?:[-_.]requirements)?\.txt", re.IGNORECASE
)
TEST_FOLDERS = frozenset({"test", "tests"})


def find_plain(sources: Sources, tables: Tables, claimed: frozenset[str]) -> Iterator[str]:
    """Folders of projects in no install root of uv. What lies below a folder of tests is their input, unless it has a
    lockfile."""
    for folder, table in tables.items():
        if folder in claimed or not (is_project(table) or _was_project(sources, folder)):
            continue
        if TEST_FOLDERS & {*folder.split("/")} and lockfile_of(sources, folder) == joined(folder, MANIFEST):
            reason = "a project below a folder of tests, which is their input where it has no lockfile"
            sources.pass_over(joined(folder, MANIFEST), reason, f"uv lock in {folder}")
            continue
        yield folder


def _was_project(sources: Sources, folder: str) -> bool:
    """Whether a manifest that cannot be read is surely that of a project: Python files lie beside or below it, and it
    is no input of tests."""
    if joined(folder, MANIFEST) not in sources.problems or TEST_FOLDERS & {*folder.split("/")}:
        return False
    return any(path.endswith(".py") for path in sources.under(folder))


def lockfile_of(sources: Sources, folder: str) -> str:
    """What pins its installation; the manifest where nothing does."""
    paths = (joined(folder, name) for name in OTHER_LOCKFILES)
    return next((path for path in paths if path in sources.known), joined(folder, MANIFEST))


def requirement_files(files: tuple[str, ...], folder: str) -> tuple[str, ...]:
    """Requirements and constraints in the folder and in `requirements/` of it."""
    found = []
    for path in files:
        name = below(folder, path)
        if REQUIREMENTS.fullmatch(name) or (name.startswith("requirements/") and name.endswith((".txt", ".in"))):
            found.append(path)
    return tuple(found)


def all_requirement_files(sources: Sources, folder: str) -> tuple[str, ...]:
    """With what they include, wherever that lies."""
    found: set[str] = set()
    waiting = [*requirement_files(sources.under(folder), folder)]
    while waiting:
        path = waiting.pop()
        if path in sources.known and path not in found:
            found.add(path)
            waiting += included_files(text_of(sources, path), folder_of(path))
    return tuple(sorted(found))


def installed_files(paths: tuple[str, ...], folder: str, *, declares: bool) -> tuple[str, ...]:
    """Of requirements files, those that are installed beside the project: what its tests require, and requirements.txt
    where its manifest declares no dependencies."""
    names = {path: below(folder, path) for path in paths}
    main = () if declares else ("requirements.txt", "requirements/base.txt", "requirements/main.txt")
    return tuple(path for path, name in names.items() if name in main or _is_for_tests(name))


def _is_for_tests(name: str) -> bool:
    return bool(FOR_TESTS.fullmatch(name)) and ("requirements" in name)


def file_edges(sources: Sources, folder: str) -> LocalEdges:
    """Paths in its requirements files. What tests require is development."""
    always: set[str] = set()
    sometimes: set[str] = set()
    for path in all_requirement_files(sources, folder):
        text = text_of(sources, path)
        # Of pip and uv they are relative to where the command runs, which is the project or where the file lies.
        here, beside = lines_with_paths(text, folder), lines_with_paths(text, folder_of(path))
        found = [each for pair in zip(here, beside, strict=True) for each in _existing(sources, *pair)]
        (always if basename(path) == "requirements.txt" else sometimes).update(found)
    return LocalEdges(frozenset(always), frozenset(sometimes))


def _existing(sources: Sources, here: str, beside: str) -> tuple[str, ...]:
    """Those that are there; the first where none is."""
    return tuple(each for each in dict.fromkeys((here, beside)) if sources.has_folder(each)) or (here,)


def pass_over_others(sources: Sources, members: frozenset[str]) -> None:
    """Tell of projects without a pyproject.toml that describes them."""
    for path in sources.named("setup.py", "setup.cfg"):
        folder = folder_of(path)
        describes = path.endswith("setup.py") or _has_metadata(sources, path)
        if describes and folder not in members and not _is_input_of_tests(folder, members):
            remedy = 'a pyproject.toml beside it with [build-system] requires = ["setuptools"]'
            sources.pass_over(path, "a project without a pyproject.toml that says how to build it", remedy)
    for path in sources.named("requirements.txt", "Pipfile"):
        folder = folder_of(path)
        is_program = any(each.endswith(".py") for each in sources.under(folder))
        if is_program and not any(each in members for each in at_or_above(folder)):
            remedy = "a pyproject.toml beside it with [project] name and version"
            sources.pass_over(path, "a program without a pyproject.toml, whose tests are not seen", remedy)


def _has_metadata(sources: Sources, path: str) -> bool:
    return bool(re.search(r"^\[metadata\]", text_of(sources, path), re.MULTILINE))


def _is_input_of_tests(folder: str, members: frozenset[str]) -> bool:
    return bool(TEST_FOLDERS & {*folder.split("/")}) and any(each in members for each in at_or_above(folder))
