"""Reads and writes the few files of a repository that adoption may touch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nox_rings.adopt.model import FileChange, Texts
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.reading import file_bytes
from nox_rings.workspace.model import ImageFile


def read_texts(root: Path, images: Iterable[ImageFile]) -> Texts:
    """Raises StepFailedError for a file that cannot be read."""
    beside = (f"{each.dockerfile}.dockerignore" for each in images if each.context == ".")
    ignore_files = {path: _read(root, path) for path in dict.fromkeys((".dockerignore", *beside))}
    return Texts(
        noxfile=_read(root, "noxfile.py"),
        pyproject=_read(root, "pyproject.toml"),
        ignore_files={path: text for path, text in ignore_files.items() if text is not None},
    )


def _read(root: Path, path: str) -> str | None:
    try:
        return file_bytes(root / path).decode(errors="surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StepFailedError(f"{path}: it cannot be read: {error.strerror or error}") from error


def write_changes(root: Path, changes: Iterable[FileChange]) -> None:
    """A file that is there keeps its mode, and a link stays one. Raises StepFailedError."""
    for change in changes:
        path = (root / change.path).resolve()
        try:
            mode = path.stat().st_mode if path.exists() else None
            write_atomically(path, change.after.encode(errors="surrogateescape"))
            if mode is not None:
                path.chmod(mode)
        except OSError as error:
            raise StepFailedError(f"{change.path}: it cannot be written: {error.strerror or error}") from error
