"""Folders made whole: emptied, copied, mirrored. Only generated roots and our own scratch folders are written."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nox_rings.locks import write_atomically
from nox_rings.run.digests import NEVER_CONTENT


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Relative paths that were written or removed; files that were the same already were not touched."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def empty_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def files_in(folder: Path) -> tuple[str, ...]:
    """Relative paths of all files below, without interpreter caches."""
    if not folder.is_dir():
        return ()
    found = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return tuple(
        sorted(
            str(path.relative_to(folder)) for path in found if not NEVER_CONTENT & set(path.relative_to(folder).parts)
        )
    )


def mirror(source: Path, destination: Path) -> Mirrored:
    """Make `destination` hold exactly the files of `source`. A file whose content is right keeps its times."""
    wanted = files_in(source)
    # What goes goes first: it may be a folder, or a link to one, where a file is wanted, or the other way round.
    removed = tuple(sorted(set(files_in(destination)) - set(wanted)))
    for path in removed:
        (destination / path).unlink()
        _remove_empty_parents((destination / path).parent, destination)
    written = tuple(path for path in wanted if not _same(source / path, destination / path))
    for path in written:
        write_atomically(destination / path, (source / path).read_bytes())
    return Mirrored(written=written, removed=removed)


def copy_files(root: Path, paths: Iterable[str], destination: Path) -> None:
    """Copy `paths` (relative to `root`) to the same places below `destination`; deleted ones are passed over."""
    for path in paths:
        if (root / path).is_file():
            (destination / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / path, destination / path)


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and not other.is_symlink() and one.read_bytes() == other.read_bytes()


def _remove_empty_parents(folder: Path, stop: Path) -> None:
    while folder != stop and not any(entry.name not in NEVER_CONTENT for entry in folder.iterdir()):
        shutil.rmtree(folder)
        folder = folder.parent
