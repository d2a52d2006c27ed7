"""Failures of the machine, not of what runs on it: a full disk, a tree that may only be read, too many open files.

They may come from any line that touches a file, and are one sentence wherever they come from."""

from __future__ import annotations

import errno

from nox_rings.engine.errors import StepFailedError

OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
OF_PERMISSIONS = (errno.EROFS, errno.EACCES, errno.EPERM)
OF_LIMITS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.E2BIG)


def machine_failure(error: OSError) -> StepFailedError | None:
    """The sentence for a failure of the machine; None for any other error, which is a bug of ours."""
    path = error.filename2 or error.filename
    where = f"{path if isinstance(path, str) else 'this machine'}: {error.strerror or error}"
    if error.errno in OF_THE_DISK:
        return StepFailedError(where, hint=f"df -h {path or '.'}")
    if error.errno in OF_PERMISSIONS:
        return StepFailedError(where, hint=f"ls -ld {path or '.'}")
    if error.errno in OF_LIMITS:
        return StepFailedError(where, hint="ulimit -a")
    if error.errno == errno.ENOENT and path is None:  # as the module tempfile raises it
        return StepFailedError(where, hint="export TMPDIR=FOLDER, a folder that can be written")
    return None
