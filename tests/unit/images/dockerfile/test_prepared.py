"""The Dockerfile that an engine is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.images.dockerfile.prepared import prepare_dockerfile

TEXT = b"FROM scratch\nCOPY . /\n"


def prepared(root: Path, *, keeps_syntax: bool = False) -> tuple[Path, bytes, bytes]:
    """Relative to `root`, its content, and that of its ignore file (empty where there is none)."""
    found = prepare_dockerfile(root / "chat/Dockerfile", root, root / "stage", keeps_syntax=keeps_syntax)
    ignore = found.with_name("Dockerfile.dockerignore")
    return found.relative_to(root), found.read_bytes(), ignore.read_bytes() if ignore.exists() else b""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat/Dockerfile").write_bytes(TEXT)
    return tmp_path


def test_it_is_the_one_of_the_workspace(root: Path) -> None:
    assert prepared(root) == (Path("chat/Dockerfile"), TEXT, b"")


@pytest.mark.parametrize(
    ("ignored", "expected"),
    [
        (None, b"\n.nox-rings\n"),
        (b"a\n", b"a\n\n.nox-rings\n"),
        (b"\xfc\n!.nox-rings", b"\xfc\n!.nox-rings\n.nox-rings\n"),
    ],
)
def test_our_own_folder_is_no_part_of_a_context(ignored: bytes | None, expected: bytes, root: Path) -> None:
    (root / ".nox-rings").mkdir()
    if ignored is not None:
        (root / ".dockerignore").write_bytes(ignored)
    assert prepared(root) == (Path("stage/Dockerfile"), TEXT, expected)


@pytest.mark.parametrize("ignored", [".nox-rings\n", ".*\n", "**/.nox-rings/\n"])
def test_one_that_leaves_our_folder_out_already_stays(ignored: str, root: Path) -> None:
    (root / ".nox-rings").mkdir()
    (root / ".dockerignore").write_text(ignored)
    assert prepared(root)[0] == Path("chat/Dockerfile")


def test_without_its_syntax_line_it_is_a_copy_in_the_same_encoding(root: Path) -> None:
    (root / "chat/Dockerfile").write_bytes(b"\xef\xbb\xbf# syntax=docker/dockerfile:1\n# \xfcber\r\nFROM scratch\n")
    (root / "chat/Dockerfile.dockerignore").write_text("b\n")
    copy = (Path("stage/Dockerfile"), b"# (syntax line left out)\n# \xfcber\r\nFROM scratch\n", b"b\n")
    assert prepared(root) == copy
    assert prepared(root, keeps_syntax=True)[0] == Path("chat/Dockerfile")


def test_a_link_is_a_copy(root: Path) -> None:
    (root / "chat/Dockerfile").rename(root / "real.Dockerfile")
    (root / "chat/Dockerfile").symlink_to("../real.Dockerfile")
    assert prepared(root, keeps_syntax=True) == (Path("stage/Dockerfile"), TEXT, b"")
