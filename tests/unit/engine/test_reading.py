"""One way to read a file: what is none is never opened, and what cannot be read is one sentence."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from nox_rings.engine.errors import FileUnreadableError
from nox_rings.engine.reading import NotAFileError, expected_failure, file_bytes, file_text, sentence

REFUSED = PermissionError(errno.EACCES, "Permission denied")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf{}\r\n")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to-pipe").symlink_to("pipe")
    (tmp_path / "to-null").symlink_to("/dev/null")
    (tmp_path / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        yield tmp_path


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("folder", "folder: found a folder, expected a file"),
        ("pipe", "pipe: found a pipe, expected a file"),
        ("to-pipe", "to-pipe: found a pipe, expected a file"),
        ("to-null", "to-null: found a device, expected a file"),
        ("socket", "socket: found a socket, expected a file"),
        ("loop", "loop: cannot be used (Too many levels of symbolic links)"),
        ("none", "none: cannot be used (No such file or directory)"),
    ],
)
def test_what_is_no_file_is_not_opened(root: Path, path: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("opened"))
    with pytest.raises(OSError) as caught:
        file_bytes(root / path)
    assert sentence(path, caught.value) == told


def test_a_file_is_read_also_behind_a_link(root: Path) -> None:
    (root / "link").symlink_to("a.json")
    assert file_bytes(root / "link") == b"\xef\xbb\xbf{}\r\n"
    assert file_text(root / "a.json") == "\ufeff{}\n"


def test_text_in_another_encoding_is_a_sentence() -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        b"caf\xe9".decode()
    assert sentence("a.txt", caught.value) == "a.txt: found text that is not UTF-8 (byte 3), expected UTF-8"


def test_what_the_machine_refuses_is_expected_and_anything_else_a_bug(tmp_path: Path) -> None:
    refused = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "a/b"))
    assert isinstance(expected_failure(refused, tmp_path), FileUnreadableError)
    assert expected_failure(refused, tmp_path).message == "a/b: cannot be used (Permission denied)"
    assert expected_failure(REFUSED, tmp_path).message == "a file: cannot be used (Permission denied)"
    pipe = NotAFileError(errno.EINVAL, "found a pipe, expected a file", str(tmp_path / "pipe"))
    assert expected_failure(pipe, tmp_path).message == "pipe: found a pipe, expected a file"
    with pytest.raises(FileNotFoundError):
        expected_failure(FileNotFoundError(errno.ENOENT, "No such file", "x"), tmp_path)
