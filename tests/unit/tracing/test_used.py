"""Which files of a workspace were used, with the links on the way to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.tracing.accesses import Access, Use
from nox_rings.tracing.used import UsedFiles


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "root"
    (root / "packages/a/src").mkdir(parents=True)
    (root / "packages/a/src/x.ts").write_text("x")
    (root / "node_modules").mkdir()
    (root / "node_modules/a").symlink_to("../packages/a")
    (root / "packages/alias").symlink_to(root / "packages/a/src")
    (root / "loop").symlink_to("loop")
    return root


def read(path: object, *, resolved: bool = False) -> Access:
    return Access(str(path), Use.READ, "node", resolved)


def written(path: object) -> Access:
    return Access(str(path), Use.WRITTEN, "node")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("packages/a/src/x.ts", ["packages/a/src/x.ts"]),
        ("node_modules/a/src/x.ts", ["node_modules/a", "packages/a/src/x.ts"]),
        ("node_modules/a/../other", ["node_modules/a", "packages/other"]),
        ("packages/alias/x.ts", ["packages/alias", "packages/a/src/x.ts"]),
        ("packages/../gone", ["gone"]),
        ("../outside", []),
    ],
)
def test_to_read_a_file_is_to_read_the_links_on_the_way_to_it(tree: Path, path: str, found: list[str]) -> None:
    used = UsedFiles(str(tree))
    used.add([read(tree / path)])
    assert list(used.read) == found


def test_a_link_to_itself_ends(tree: Path) -> None:
    used = UsedFiles(str(tree))
    used.add([read(tree / "loop/x")])
    assert "loop" in used.read


def test_a_path_that_the_kernel_resolved_is_taken_as_it_is(tree: Path) -> None:
    used = UsedFiles(str(tree))
    used.add([read(tree / "node_modules/a/src/x.ts", resolved=True)])
    assert list(used.read) == ["node_modules/a/src/x.ts"]


def test_what_was_written_before_it_was_read_was_not_read(tree: Path) -> None:
    used = UsedFiles(str(tree))
    used.add([read(tree / "before"), written(tree / "before"), written(tree / "made"), read(tree / "made/inner")])
    assert (used.read, used.written) == ({"before": "node"}, {"before": "node", "made": "node"})


def test_a_link_that_is_written_or_removed_is_not_followed_but_its_folder_is(tree: Path) -> None:
    used = UsedFiles(str(tree))
    used.add([written(tree / "node_modules/a"), Access(f"{tree}/node_modules/a/gone", Use.REMOVED, "rm")])
    assert (used.written, used.removed) == ({"node_modules/a": "node"}, {"packages/a/gone": "rm"})


def test_the_first_program_is_named(tree: Path) -> None:
    used = UsedFiles(str(tree))
    used.add([read(tree / "x"), Access(f"{tree}/x", Use.READ, "cat")])
    assert used.read == {"x": "node"}
