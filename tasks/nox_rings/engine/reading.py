"""The one way to read a file of the workspace: only a regular file is ever opened, and what cannot be read is one
sentence about it.

A pipe that nobody writes to blocks whoever opens it, a device has effects, and a link may lead to either."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from nox_rings.engine.errors import FileUnreadableError, NoxRingsError
from nox_rings.engine.machine import machine_failure

KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class NotAFileError(OSError):
    """What is there is none: its text says what was found."""


def file_bytes(path: Path | str) -> bytes:
    """The content of a regular file, also behind links. Raises OSError, never waits."""
    _require_file(os.stat(path), path)  # noqa: PTH116 - before it is opened: to open a device may have effects
    return opened_bytes(path)


def opened_bytes(path: Path | str) -> bytes:
    """`file_bytes` of what was seen to be a file just now."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with open(descriptor, "rb", buffering=0) as stream:  # noqa: PTH123 - of a descriptor
        _require_file(os.fstat(descriptor), path)  # it may have been replaced meanwhile
        return stream.read()


def _require_file(found: os.stat_result, path: Path | str) -> None:
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        raise NotAFileError(errno.EINVAL, f"found {KINDS.get(kind, 'no file')}, expected a file", os.fspath(path))


def file_text(path: Path, *, errors: str = "strict") -> str:
    """`Path.read_text` in UTF-8 that never waits. Raises OSError and UnicodeDecodeError."""
    return file_bytes(path).decode("utf-8", errors).replace("\r\n", "\n").replace("\r", "\n")


# What a machine refuses, whatever we do: permission, room, a file system that may only be read, a damaged disk.
REFUSALS = frozenset(
    {errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ELOOP, errno.EMFILE}
    | {errno.ENAMETOOLONG, errno.EFBIG, errno.ESTALE}
)


def expected_failure(error: OSError, root: Path) -> NoxRingsError:
    """One sentence for what the machine refused in the middle of a step. Raises the error itself where it is a bug."""
    if not isinstance(error, NotAFileError) and error.errno not in REFUSALS:
        if failure := machine_failure(error):
            return failure
        raise error
    path = os.path.relpath(os.fsdecode(error.filename), root) if isinstance(error.filename, (str, bytes)) else "a file"
    return FileUnreadableError(sentence(path, error), hint=f"ls -ld {path}; df -h {path}")


def sentence(path: str, error: OSError | ValueError) -> str:
    """Why a file cannot be read."""
    if isinstance(error, UnicodeDecodeError):
        return f"{path}: found text that is not UTF-8 (byte {error.start}), expected UTF-8"
    if isinstance(error, NotAFileError):
        return f"{path}: {error.strerror}"
    reason = (error.strerror if isinstance(error, OSError) else "") or " ".join(str(error).split())
    return f"{path}: cannot be used ({reason})"
