from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.process.locks import file_lock, write_atomically


def test_a_write_leaves_the_old_content_or_the_new_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file.json"
    write_atomically(path, b"old")
    inode = path.stat().st_ino
    with path.open("rb") as reader:
        write_atomically(path, b"new")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"
    assert path.stat().st_ino != inode
    assert [each.name for each in path.parent.iterdir()] == ["file.json"]


def test_a_write_that_fails_leaves_the_old_content_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    (path / "in the way").mkdir(parents=True)
    with pytest.raises(OSError):
        write_atomically(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_a_lock_that_cannot_be_taken_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file", encoding="utf-8")
    with (
        pytest.raises(StepFailedError, match=r"locks/a\.lock: the lock cannot be taken: "),
        file_lock(tmp_path / "locks" / "a.lock"),
    ):
        pass
