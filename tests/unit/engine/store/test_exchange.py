"""Changes of a tree that are made together, with real files."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nox_rings.engine.differences import Differences
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.store import exchange as module
from nox_rings.engine.store.exchange import exchange
from nox_rings.engine.store.trees import compare
from unit.conftest import WriteTree

TEXTS = {
    "stage/a.go": "new",
    "stage/same.go": "same",
    "stage/deep/er/b.go": "new",
    "stage/was/folder": "now a file",
    "tree/a.go": "old",
    "tree/same.go": "same",
    "tree/gone/c.go": "old",
    "tree/was/folder/d.go": "old",
    "note.json": "old",
}


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text() if path.is_file() else "folder" for path in folder.rglob("*")
    }


def change(root: Path) -> None:
    with exchange(root / "aside") as tree:
        tree.replace_tree(compare(root / "stage", root / "tree"), root / "stage", root / "tree")
        tree.write(root / "note.json", b"new")
        tree.write(root / "more/other.json", b"new")


def test_a_tree_is_replaced_with_what_is_written_beside_it(write_tree: WriteTree) -> None:
    root = write_tree(TEXTS)
    inode = (root / "tree/same.go").stat().st_ino
    change(root)
    assert {path: text for path, text in content(root / "tree").items() if text != "folder"} == {
        "a.go": "new",
        "same.go": "same",
        "deep/er/b.go": "new",
        "was/folder": "now a file",
    }
    assert not (root / "tree/gone").exists()
    assert ((root / "note.json").read_text(), (root / "more/other.json").read_text()) == ("new", "new")
    assert (root / "tree/same.go").stat().st_ino == inode
    assert not (root / "aside").exists()


def failing_after(count: int, move: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    calls: list[Path] = []

    def fail(source: Path, destination: Path) -> None:
        calls.append(source)
        if len(calls) == count:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(destination))
        move(source, destination)

    return fail


@pytest.mark.parametrize("count", range(1, 8))
def test_where_one_change_fails_the_tree_is_as_before(
    write_tree: WriteTree, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    root = write_tree(TEXTS)
    before = content(root / "tree")
    monkeypatch.setattr(module, "_move", failing_after(count, module._move))
    with pytest.raises(StepFailedError, match="could not be replaced: No space left on device; the tree was left"):
        change(root)
    assert content(root / "tree") == before
    assert (root / "note.json").read_text() == "old"
    assert not (root / "more").exists()


def test_whatever_ends_the_changes_undoes_them(write_tree: WriteTree) -> None:
    root = write_tree({"a": "old"})
    with pytest.raises(KeyboardInterrupt), exchange(root / "aside") as tree:
        tree.write(root / "a", b"new")
        tree.remove(root / "a")
        raise KeyboardInterrupt
    assert (root / "a").read_text() == "old"


def test_a_folder_in_the_place_of_a_file_is_one_sentence_and_stays(write_tree: WriteTree) -> None:
    root = write_tree({"stage/b": "new", "stage/a": "new", "tree/b/inside": "old", "tree/a": "old"})
    difference = Differences(edited={"a": 1}, unexpected=(), missing=("b",))
    with (
        pytest.raises(StepFailedError, match=r"tree/b: could not be replaced: Is a directory"),
        exchange(root / "x") as t,
    ):
        t.replace_tree(difference, root / "stage", root / "tree")
    assert content(root / "tree") == {"a": "old", "b": "folder", "b/inside": "old"}


def test_targets_side_by_side_make_and_leave_one_folder(tmp_path: Path) -> None:
    """`dist/` of several artifacts: each puts its files there and takes them away, all at once."""

    def come_and_go(number: int) -> None:
        mine = tmp_path / f"tree/dist/deep/{number}"
        for _ in range(50):
            with exchange(tmp_path / f"aside-{number}") as tree:
                tree.write(mine, b"new")
            with exchange(tmp_path / f"aside-{number}") as tree:
                tree.replace_tree(
                    Differences(unexpected=(f"dist/deep/{number}",)), tmp_path / "stage", tmp_path / "tree"
                )
        with exchange(tmp_path / f"aside-{number}") as tree:
            tree.write(mine, b"kept")

    (tmp_path / "tree").mkdir()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come_and_go, range(8)))
    assert content(tmp_path / "tree/dist/deep") == {str(number): "kept" for number in range(8)}


def test_undoing_leaves_what_another_target_put_into_a_folder_of_ours(tmp_path: Path) -> None:
    with pytest.raises(StepFailedError, match="could not be replaced"), exchange(tmp_path / "aside") as tree:
        tree.write(tmp_path / "dist/mine", b"new")
        (tmp_path / "dist/of-another").write_text("new")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "mine")
    assert content(tmp_path / "dist") == {"of-another": "new"}
