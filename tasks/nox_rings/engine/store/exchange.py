"""Changes of a tree that are made together: where one of them fails, those before it are undone."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from nox_rings.engine.differences import Differences
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.process.locks import write_atomically

ATTEMPTS = 100  # to put a file into a folder that targets side by side empty


class Exchange:
    """`aside` is a folder of ours for what was there before; on the file system of the tree, nothing is copied."""

    def __init__(self, aside: Path, undo: ExitStack) -> None:
        self._aside, self._undo, self._count = aside, undo, 0

    def replace_tree(self, difference: Differences, source: Path, destination: Path) -> None:
        """Take the difference away; `source` loses what had to be written. What does not differ keeps its times."""
        self._remove_unexpected(difference, destination)
        for path in (*difference.edited, *difference.missing):
            self.put(source / path, destination / path)

    def copy_tree(self, difference: Differences, source: Path, destination: Path) -> None:
        """`replace_tree` that leaves `source` whole."""
        self._remove_unexpected(difference, destination)
        for path in (*difference.edited, *difference.missing):
            self.write(destination / path, (source / path).read_bytes())

    def _remove_unexpected(self, difference: Differences, destination: Path) -> None:
        """First: it may be a folder, or a link to one, where a file is wanted, or the other way round."""
        for path in difference.unexpected:
            self.remove(destination / path)
            self._remove_empty_parents((destination / path).parent, destination)

    def write(self, path: Path, data: bytes) -> None:
        made = self._place()
        write_atomically(made, data)
        self.put(made, path)

    def put(self, source: Path, destination: Path) -> None:
        """In one step, so that no process sees a part of a file."""
        if not os.path.lexists(destination):
            return self._put_new(source, destination)
        before = self._place()
        if destination.is_dir() and not destination.is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(destination))
        _copy_or_link(destination, before)
        self._undo.callback(_move, before, destination)
        _move(source, destination)

    def _put_new(self, source: Path, destination: Path) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._make_parents(destination.parent)
                self._undo.callback(destination.unlink, missing_ok=True)
                return _move(source, destination)
            except FileNotFoundError:  # another target took the last file of a folder, and the folder with it
                if attempt == ATTEMPTS:
                    raise

    def remove(self, path: Path) -> None:
        before = self._place()
        self._undo.callback(_put_back, before, path)
        _move(path, before)

    def _place(self) -> Path:
        self._aside.mkdir(parents=True, exist_ok=True)
        self._count += 1
        return self._aside / str(self._count)

    def _make_parents(self, folder: Path) -> None:
        """Targets that run side by side share folders (`dist/`): another may make this one, or fill it."""
        if not folder.is_dir():
            self._make_parents(folder.parent)
            with suppress(FileExistsError):
                folder.mkdir()
                self._undo.callback(_remove_if_empty, folder)

    def _remove_empty_parents(self, folder: Path, stop: Path) -> None:
        """And those that hold nothing but what interpreters left."""
        while folder != stop and _holds_nothing(folder):
            shutil.rmtree(folder / "__pycache__", ignore_errors=True)
            if not _remove_if_empty(folder):
                return
            self._undo.callback(folder.mkdir, parents=True, exist_ok=True)
            folder = folder.parent


@contextmanager
def exchange(aside: Path) -> Iterator[Exchange]:
    """Raises StepFailedError where the file system refuses a change; whatever ends the block undoes all of them."""
    shutil.rmtree(aside, ignore_errors=True)
    with ExitStack() as undo:
        try:
            yield Exchange(aside, undo)
        except OSError as error:
            undo.close()
            at = error.filename2 or error.filename or aside
            reason = error.strerror or error
            raise StepFailedError(f"{at}: could not be replaced: {reason}; the tree was left as it was") from error
        undo.pop_all()
    shutil.rmtree(aside, ignore_errors=True)


def _holds_nothing(folder: Path) -> bool:
    try:
        return all(entry.name == "__pycache__" for entry in folder.iterdir())
    except FileNotFoundError:  # another target was first
        return False


def _remove_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:  # another target put something there
        return False
    return True


def _move(source: Path, destination: Path) -> None:
    try:
        source.replace(destination)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        write_atomically(destination, source.read_bytes())
        source.unlink()


def _put_back(before: Path, path: Path) -> None:
    if os.path.lexists(before):  # else it never went
        path.parent.mkdir(parents=True, exist_ok=True)
        _move(before, path)


def _copy_or_link(path: Path, there: Path) -> None:
    """Another name where the file system has such, so that the file is there without a break."""
    try:
        os.link(path, there, follow_symlinks=False)
    except OSError:
        shutil.copy2(path, there, follow_symlinks=False)
