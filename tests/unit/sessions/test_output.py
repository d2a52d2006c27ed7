"""Streams that cannot be written."""

from __future__ import annotations

import errno
import io
import os
import sys

import pytest

from nox_rings.sessions.output import Forgiving, forgiving_streams


class Broken(io.StringIO):
    """Fails from the second write on."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.writes = number, 0
        self.descriptor = os.open(os.devnull, os.O_WRONLY)

    def write(self, text: str) -> int:
        self.writes += 1
        if self.writes > 1:
            raise OSError(self.number, os.strerror(self.number))
        return super().write(text)

    def fileno(self) -> int:
        return self.descriptor


def test_the_first_error_is_kept_and_nothing_is_written_afterwards() -> None:
    stream = Broken(errno.ENOSPC)
    forgiving = Forgiving(stream)
    assert [forgiving.write(text) for text in ("one", "two", "three")] == [3, 3, 5]
    forgiving.flush()
    assert forgiving.error and forgiving.error.errno == errno.ENOSPC
    assert (stream.getvalue(), stream.writes) == ("one", 2)
    assert forgiving.isatty() is False  # type: ignore[operator]


@pytest.mark.parametrize(
    ("number", "problem"),
    [(errno.ENOSPC, "standard output: it cannot be written (No space left on device)"), (errno.EPIPE, "")],
)
def test_a_reader_that_went_away_is_no_problem_and_a_lost_part_is_one(
    number: int, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(number))
    before = sys.stdout
    with forgiving_streams() as found:
        print("one")
        print("two")
        assert found() == problem
    assert sys.stdout is before


def test_a_stream_that_is_closed_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with forgiving_streams() as problem:
        print("one")
        assert sys.stdout.isatty() is False
        assert problem() == ""
