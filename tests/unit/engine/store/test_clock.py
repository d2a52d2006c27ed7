"""What the times of files tell, by a file system that keeps them, and by such as do not."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from nox_rings.engine.store import clock
from nox_rings.engine.store.clock import known_window, measured_window, rendered_window
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.digests import Digests

SECOND = 1_000_000_000


def stat_of(mtime: int, ctime: int) -> os.stat_result:
    values = (0o100644, 1, 1, 1, 0, 0, 1, 0, mtime // SECOND, ctime // SECOND)
    return os.stat_result(values, {"st_atime_ns": 0, "st_mtime_ns": mtime, "st_ctime_ns": ctime})


def test_this_file_system_keeps_the_time_of_the_inode_and_nothing_is_left_behind(tmp_path: Path) -> None:
    assert measured_window(tmp_path) == 20_000_000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("before", "after", "window"),
    [
        (stat_of(5, 5), stat_of(5, 5), None),
        (stat_of(5, 5), stat_of(5, 9), 20_000_000),
        (stat_of(SECOND, SECOND), stat_of(SECOND, 3 * SECOND), 2_020_000_000),
        (stat_of(SECOND, SECOND + 1), stat_of(SECOND, SECOND + 4), 20_000_000),
    ],
    ids=["no time of the inode", "one", "whole seconds", "finer than seconds"],
)
def test_what_a_write_changes_decides(
    tmp_path: Path,
    before: os.stat_result,
    after: os.stat_result,
    window: int | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path: before if path.name.startswith("clock-") else real(path))
    monkeypatch.setattr(clock, "_rewritten", lambda path, _: after)
    assert measured_window(tmp_path) == window


def test_where_nothing_can_be_written_only_the_content_tells(tmp_path: Path) -> None:
    assert measured_window(tmp_path / "none") is None


@pytest.mark.parametrize("window", [20_000_000, None])
def test_it_is_known_for_the_device_it_was_measured_on(tmp_path: Path, window: int | None) -> None:
    kept = rendered_window(window, tmp_path)
    assert known_window(kept, tmp_path) == (True, window)
    damages: tuple[object, ...] = ({**kept, "device": -5}, {**kept, "window": "x"}, {**kept, "window": True}, [], None)
    for damaged in damages:
        assert known_window(damaged, tmp_path)[0] is False


def test_without_such_a_clock_an_edit_that_restores_all_that_a_file_looks_like_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size is the same, and the times are those of a file system that keeps none."""
    real_time, real_lstat = time.time_ns, os.lstat
    monkeypatch.setattr(time, "time_ns", lambda: real_time() + 3600 * SECOND)

    def lstat(path: str) -> os.stat_result:
        found = real_lstat(path)
        values = (found.st_mode, found.st_ino, found.st_dev, 1, 0, 0, found.st_size, 0, 0, 0)
        return os.stat_result(values, {"st_atime_ns": 0, "st_mtime_ns": 7, "st_ctime_ns": 7})

    monkeypatch.setattr(os, "lstat", lstat)
    path = tmp_path / "a"
    for window, is_seen in ((None, True), (20_000_000, False)):
        path.write_text("one")
        digests = Digests(tmp_path, KnownDigests(), window_nanoseconds=window)
        before = digests.digest("a")
        path.write_text("two")
        assert (digests.digest("a") != before) is is_seen
        assert bool(digests.known.entries) is not is_seen
