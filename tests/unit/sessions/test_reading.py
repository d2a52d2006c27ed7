"""What discovery read, and whether it would read the same again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.digests import Digests
from nox_rings.sessions.reading import reads_the_same, rendered_reading
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

BY_NAME = {each.name: each for each in ECOSYSTEMS}
GO = 'package a\n\nimport "x.y/z"\n\n//go:embed dist\nvar files string\n'
TEXTS = {"a.json": "{}", "notes.txt": "x", "a.go": GO, "real.yaml": "a: 1\n"}


def read(root: Path) -> object:
    """As the store gives it back."""
    sources = Sources(root=root, files=("a.json", "a.go"))
    sources.text("a.json")
    sources.loose_text("link.yaml")
    with pytest.raises(OSError, match=r"gone\.env"):
        sources.text("gone.env")
    sources.outline("a.go", "go", lambda text: BY_NAME["go"].outline(text))
    assert (sources.exists("dist"), sources.exists("notes.txt")) == (False, True)
    return json.loads(json.dumps(rendered_reading(sources.reading, root, Digests(root, KnownDigests()))))


@pytest.fixture
def root(write_tree: WriteTree) -> Path:
    made = write_tree(TEXTS)
    (made / "link.yaml").symlink_to("real.yaml")
    return made


def is_same(document: object, root: Path) -> bool:
    return reads_the_same(document, root, Digests(root, KnownDigests()), BY_NAME)


CHANGES: dict[str, tuple[Callable[[Path], object], bool]] = {
    "nothing": (lambda root: None, True),
    "a file that was not read": (lambda root: (root / "notes.txt").write_text("y"), True),
    "a file that was read": (lambda root: (root / "a.json").write_text("[]"), False),
    "what a link leads to": (lambda root: (root / "real.yaml").write_text("a: 2\n"), False),
    "a file that was not there": (lambda root: (root / "gone.env").write_text("A=1"), False),
    "a folder that was not there": (lambda root: (root / "dist").mkdir(), False),
    "a file that was there": (lambda root: (root / "notes.txt").unlink(), False),
    "a Go file elsewhere": (lambda root: (root / "a.go").write_text(f"{GO}\nfunc f() {{}}\n"), True),
    "an import": (lambda root: (root / "a.go").write_text(GO.replace("x.y/z", "x.y/w")), False),
    "a pattern to embed": (lambda root: (root / "a.go").write_text(GO.replace("dist", "static")), False),
    "a Go file that is gone": (lambda root: (root / "a.go").unlink(), False),
}


@pytest.mark.parametrize(("change", "same"), CHANGES.values(), ids=list(CHANGES))
def test_the_graph_counts_while_all_that_discovery_read_is_as_it_was(
    root: Path, change: Callable[[Path], object], same: bool
) -> None:
    document = read(root)
    change(root)
    assert is_same(document, root) is same


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"files": {}},
        {"files": [], "there": {}},
        {"files": {"a.json": 1}, "there": {}},
        {"files": {"a.go": ["x", "gone", "y"]}, "there": {}},
        {"files": {"a.go": ["x"]}, "there": {}},
    ],
)
def test_what_is_damaged_is_not_the_same(root: Path, document: object) -> None:
    assert not is_same(document, root)
