"""Standard streams that may be closed, full or without a reader: a run goes on to its end without them."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast


class Forgiving:
    """A text stream that keeps its first error instead of raising it, and drops what comes afterwards."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        if self.error is None:
            try:
                return self._stream.write(text)
            except OSError as error:
                self._give_up(error)
        return len(text)

    def flush(self) -> None:
        if self.error is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._give_up(error)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def _give_up(self, error: OSError) -> None:
        """What is still in the buffer goes nowhere, so that Python does not fail over it when it ends
        (https://docs.python.org/3/library/signal.html#note-on-sigpipe)."""
        self.error = error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


@contextmanager
def forgiving_streams() -> Iterator[Callable[[], str]]:
    """For the length of a session. Gives a function that flushes, and returns why standard output could not be written:
    its reader lacks a part. A reader that went away (`| head -1`) wants no more, which is no reason."""
    _open_missing()
    before = sys.stdout, sys.stderr
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name of a file may be no text; stderr is so already
    out, err = (Forgiving(each or Path(os.devnull).open("w", encoding="utf-8")) for each in before)  # noqa: SIM115
    sys.stdout, sys.stderr = cast(TextIO, out), cast(TextIO, err)

    def problem() -> str:
        out.flush()
        is_lost = out.error is not None and out.error.errno != errno.EPIPE
        return f"standard output: it cannot be written ({out.error and out.error.strerror})" if is_lost else ""

    try:
        yield problem
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = before


def _open_missing() -> None:
    """A descriptor that is closed would go to the next file that is opened, and a child would write into that."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest that is free, which is this one
