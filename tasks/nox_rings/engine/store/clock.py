"""Whether the times of files tell that they were written: measured once for a file system, by a file of our own.

Some file systems keep no time of the inode, or give that of the content for it (FUSE, 9p, shares of other systems): an
edit that restores the time of the content cannot be seen there. Others keep whole seconds."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

# A file written this shortly before it was read may be written again within the same tick of the clock, and would
# then look unchanged (the "racy git" problem): its digest is used but not remembered.
TICK_NANOSECONDS = 20_000_000
SECOND = 1_000_000_000
# Of file systems that keep whole seconds; FAT keeps every other one.
COARSE_NANOSECONDS = 2 * SECOND + TICK_NANOSECONDS
PAUSE_SECONDS = 0.002
PATIENCE_TICKS = 5


def known_window(document: object, root: Path) -> tuple[bool, int | None]:
    """Whether the state has what was measured on the device that `root` is on, and that: see `measured_window`."""
    if not isinstance(document, dict) or document.get("device") != _device(root):
        return False, None
    window = document.get("window")
    return (True, window) if window is None or type(window) is int else (False, None)


def rendered_window(window: int | None, root: Path) -> dict[str, Any]:
    return {"device": _device(root), "window": window}


def measured_window(folder: Path) -> int | None:
    """Nanoseconds within which a file may be written twice and look the same; None where a write may leave no trace,
    and where `folder` cannot be written to: then only the content tells."""
    path = folder / f"clock-{os.getpid()}"
    try:
        path.write_bytes(b"a")
        before = path.stat()
        window = (
            TICK_NANOSECONDS if (before.st_ctime_ns % SECOND or before.st_mtime_ns % SECOND) else COARSE_NANOSECONDS
        )
        end = time.monotonic() + PATIENCE_TICKS * window / SECOND
        while time.monotonic() < end:
            time.sleep(PAUSE_SECONDS)
            if _rewritten(path, before).st_ctime_ns != before.st_ctime_ns:
                return window
    except OSError:
        pass
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    return None


def _rewritten(path: Path, before: os.stat_result) -> os.stat_result:
    """In place, in the same size, with the time of the content as it was."""
    with path.open("r+b") as stream:
        stream.write(b"b")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return path.stat()


def _device(root: Path) -> int:
    try:
        return root.stat().st_dev
    except OSError:
        return -1
