"""Whole folders: emptied, copied, synchronized. Only generated roots and our own scratch folders are written."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

from nox_rings.engine.differences import Differences
from nox_rings.engine.store.exchange import exchange
from nox_rings.engine.store.search import NEVER_CONTENT


def empty_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def files_in(folder: Path) -> tuple[str, ...]:
    """Relative paths of all files below, without interpreter caches."""
    return tuple(sorted(_files_in(str(folder), "")))


def _files_in(folder: str, prefix: str) -> Iterator[str]:
    """By scandir: pathlib takes as long for a large schema as the fastest of its plugins."""
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in NEVER_CONTENT:
                yield from _files_in(entry.path, f"{prefix}{entry.name}/")
        elif entry.is_symlink() or entry.is_file():
            yield f"{prefix}{entry.name}"


def compare(wanted: Path, found: Path) -> Differences:
    """How `found` differs from `wanted`; nothing is written."""
    should, there = files_in(wanted), set(files_in(found))
    return Differences(
        edited=edited_files(wanted, found, (path for path in should if path in there)),
        unexpected=tuple(sorted(there - set(should))),
        missing=tuple(path for path in should if path not in there),
    )


def edited_files(wanted: Path, found: Path, paths: Iterable[str]) -> dict[str, int]:
    """Which of `paths`, that both folders have, differ, and the first line that does."""
    return {
        path: _first_difference(wanted / path, found / path) for path in paths if not _same(wanted / path, found / path)
    }


def sync_tree(source: Path, destination: Path) -> Differences:
    """Make `destination` hold exactly the files of `source`; returns what had to be done. Raises StepFailedError where
    the file system refuses a part of it: `destination` is as it was then."""
    difference = compare(source, destination)
    with exchange(source.with_name(f"{source.name}.before")) as tree:
        tree.copy_tree(difference, source, destination)
    return difference


def copy_files(root: Path, paths: Iterable[str], destination: Path) -> None:
    """Copy `paths` (relative to `root`) to the same paths below `destination`; deleted ones are skipped."""
    for path in paths:
        if (root / path).is_file():
            (destination / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / path, destination / path)


def normalize_metadata(folder: Path, time_seconds: int) -> None:
    """Give everything below the modes and times it has on every other machine, whatever umask and clock are."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
            os.utime(path, (time_seconds, time_seconds))


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and not other.is_symlink() and one.read_bytes() == other.read_bytes()


def _first_difference(one: Path, other: Path) -> int:
    if not other.is_file() or other.is_symlink():
        return 0
    lines = zip_longest(one.read_bytes().splitlines(), other.read_bytes().splitlines())
    return next((number for number, (left, right) in enumerate(lines, 1) if left != right), 0)
