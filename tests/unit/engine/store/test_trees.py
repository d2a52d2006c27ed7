from __future__ import annotations

import os
from pathlib import Path

import pytest

from nox_rings.engine.differences import Differences
from nox_rings.engine.store.trees import (
    compare,
    copy_files,
    empty_folder,
    files_in,
    normalize_metadata,
    sync_tree,
)
from unit.conftest import WriteTree


def test_a_mirror_writes_what_differs_and_removes_what_is_too_much(write_tree: WriteTree) -> None:
    root = write_tree(
        {"from/a": "same", "from/b": "new", "from/sub/c": "more", "to/a": "same", "to/b": "old", "to/extra/d": ""}
    )
    assert sync_tree(root / "from", root / "to") == Differences(
        edited={"b": 1}, unexpected=("extra/d",), missing=("sub/c",)
    )
    assert {path: (root / "to" / path).read_text() for path in files_in(root / "to")} == {
        "a": "same",
        "b": "new",
        "sub/c": "more",
    }
    assert not (root / "to/extra").exists()


def test_a_mirror_leaves_the_times_of_what_is_right_already(write_tree: WriteTree) -> None:
    root = write_tree({"from/a": "same", "from/b": "new", "to/a": "same", "to/b": "old"})
    for name in ("a", "b"):
        os.utime(root / "to" / name, ns=(1_000_000_000, 1_000_000_000))
    sync_tree(root / "from", root / "to")
    assert (root / "to/a").stat().st_mtime_ns == 1_000_000_000
    assert (root / "to/b").stat().st_mtime_ns > 1_000_000_000


def test_a_second_mirror_does_nothing(write_tree: WriteTree) -> None:
    root = write_tree({"from/a": "1", "from/sub/b": "2"})
    sync_tree(root / "from", root / "to")
    assert sync_tree(root / "from", root / "to") == Differences(edited={}, unexpected=(), missing=())


def test_a_mirror_of_nothing_leaves_an_empty_folder(write_tree: WriteTree) -> None:
    root = write_tree({"to/deep/er/a": "", "to/b": ""})
    (root / "from").mkdir()
    assert sync_tree(root / "from", root / "to").unexpected == ("b", "deep/er/a")
    assert list((root / "to").iterdir()) == []


def test_interpreter_caches_neither_count_nor_keep_a_folder(write_tree: WriteTree) -> None:
    root = write_tree(
        {"from/a.py": "", "from/__pycache__/a.pyc": "", "to/old/b.py": "", "to/old/__pycache__/b.pyc": ""}
    )
    assert sync_tree(root / "from", root / "to") == Differences(edited={}, unexpected=("old/b.py",), missing=("a.py",))
    assert sorted(path.name for path in (root / "to").iterdir()) == ["a.py"]


@pytest.mark.parametrize(
    ("wanted", "found", "line"),
    [("a\nb\n", "a\nB\n", 2), ("a\nb\n", "a\n", 2), ("a\n", "a\nb\n", 2), ("a\n", "a", 0), ("", "a\n", 1)],
)
def test_a_comparison_names_the_first_line_that_differs(
    write_tree: WriteTree, wanted: str, found: str, line: int
) -> None:
    root = write_tree({"from/a": wanted, "to/a": found})
    assert compare(root / "from", root / "to").edited == {"a": line}
    assert (root / "to/a").read_text() == found


def test_a_file_replaces_a_folder_and_a_folder_a_file(write_tree: WriteTree) -> None:
    root = write_tree({"from/a": "file", "from/b/c": "in folder", "to/a/x": "", "to/b": ""})
    sync_tree(root / "from", root / "to")
    assert (root / "to/a").read_text() == "file"
    assert (root / "to/b/c").read_text() == "in folder"


def test_a_link_in_the_tree_is_replaced_and_what_it_points_at_is_left_alone(write_tree: WriteTree) -> None:
    root = write_tree({"from/a": "text", "from/sub/b": "text", "outside/b": "text", "outside/a": "text"})
    (root / "to").mkdir()
    (root / "to/a").symlink_to("../outside/a")
    (root / "to/sub").symlink_to("../outside")
    sync_tree(root / "from", root / "to")
    assert not (root / "to/a").is_symlink()
    assert not (root / "to/sub").is_symlink()
    assert (root / "to/sub/b").read_text() == "text"
    assert sorted(path.name for path in (root / "outside").iterdir()) == ["a", "b"]


def test_an_emptied_folder_is_there_and_empty(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    assert list(empty_folder(folder).iterdir()) == []
    (folder / "sub").mkdir()
    (folder / "sub/a").write_text("")
    assert list(empty_folder(folder).iterdir()) == []


def test_copies_have_the_same_paths_and_deleted_files_are_skipped(write_tree: WriteTree) -> None:
    root = write_tree({"a/b": "text", "c": "text"})
    copy_files(root, ("a/b", "gone"), root / "copy")
    assert files_in(root / "copy") == ("a/b",)
    assert files_in(root / "none") == ()


def test_a_levelled_folder_has_the_modes_and_times_of_every_other(write_tree: WriteTree) -> None:
    folder = write_tree({"a/private": "x", "a/open": "x", "a/run": "x"})
    (folder / "a/private").chmod(0o600)
    (folder / "a/open").chmod(0o666)
    (folder / "a/run").chmod(0o700)
    (folder / "a").chmod(0o700)
    normalize_metadata(folder, 1700000000)
    found = {path.name: (path.stat().st_mode & 0o7777, path.stat().st_mtime) for path in (folder / "a").rglob("*")}
    assert found == {"private": (0o644, 1.7e9), "open": (0o644, 1.7e9), "run": (0o755, 1.7e9)}
    assert ((folder / "a").stat().st_mode & 0o7777, (folder / "a").stat().st_mtime) == (0o755, 1.7e9)
