"""`affected` by a table: an edit, and the targets that it concerns, written by hand. On a full clone, and in others."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from checkout import REPOSITORY
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.graph.base import Base
from nox_rings.sessions.affected import affected_since
from nox_rings.sessions.run import Run
from property import members
from property.model import Tree
from python_workspaces import uv
from strangers import NOXFILE

SCRIPT = "#!/bin/sh\nexit 0\n"
BASE = {"service:base", "package:mid", "package:top"}
IMAGE = {"image-dev:base"}
MID = {"package:mid", "package:top"}
TOP = {"package:top"}
CORE = {"package:core", "package:py/app", "package:tool"}
PY_APP = {"package:py/app", "package:tool"}
TOOL = {"package:tool"}
LIB = {"package:lib", "package:go/app", "package:cmd"}
GO_APP = {"package:go/app", "package:cmd"}
CMD = {"package:cmd"}
PNPM, UV = {"install:pnpm"}, {"install:uv"}
ALL = BASE | IMAGE | CORE | LIB | PNPM | UV
NOTHING: set[str] = set()


class Found(NamedTuple):
    base: Base
    ids: set[str]
    removed: set[str]


def affected(root: Path, base: str = "") -> Found:
    runner = ProcessRunner()
    try:
        found, targets, removed = affected_since(Run(root, runner), base, strict=False)
        return Found(found, set(targets), set(removed))
    finally:
        runner.close()


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """`main` with one commit and `topic` with another of no file. Nothing is built: what git knows is enough."""
    folder = tmp_path_factory.mktemp("affected")
    inner = Tree(folder / "inner", folder)
    inner.write("text.txt", "of a submodule\n")
    made = Tree(folder / "w", folder)
    for path, text in members.files().items():
        made.write(path, text)
    made.write("noxfile.py", NOXFILE.format(str(REPOSITORY / "tasks")))
    made.write("go/lib/run.sh", SCRIPT)
    for path, text in members.links().items():
        made.path(path).symlink_to(text)
    subprocess.run((uv(), "lock", "-q"), cwd=made.root, check=True, capture_output=True)
    for each in (inner, made):
        each.git("init", "-q", "-b", "main")
        each.git("add", "-A")
        each.git("commit", "-q", "-m", "first")
    made.git("submodule", "--quiet", "add", str(inner.root), "go/cmd/sub")
    made.git("commit", "-q", "-m", "second")
    made.git("checkout", "-q", "-b", "topic")
    made.git("commit", "-q", "--allow-empty", "-m", "third")
    return made


@pytest.fixture
def tree(origin: Tree) -> Iterator[Tree]:
    """On `topic`; afterwards as it was."""
    head = origin.git("rev-parse", "HEAD").strip()
    yield origin
    origin.git("checkout", "-q", "--force", "topic")
    origin.git("reset", "-q", "--hard", head)
    origin.git("submodule", "--quiet", "update", "--init", "--force")
    origin.git("clean", "-q", "-ffdx", "-e", ".nox-rings")


def append(path: str, text: str = "more\n") -> Callable[[Tree], None]:
    return lambda tree: tree.write(path, tree.read(path) + text)


def write(path: str, text: str = "new\n") -> Callable[[Tree], None]:
    return lambda tree: tree.write(path, text)


def remove(path: str) -> Callable[[Tree], None]:
    return lambda tree: tree.remove(path)


def replace(path: str, old: str, new: str) -> Callable[[Tree], None]:
    def edit(tree: Tree) -> None:
        text = tree.read(path)
        assert old in text
        tree.write(path, text.replace(old, new, 1))

    return edit


def rename(path: str, other: str) -> Callable[[Tree], None]:
    def edit(tree: Tree) -> None:
        tree.path(path).rename(tree.path(other))

    return edit


def retarget(path: str, text: str) -> Callable[[Tree], None]:
    def edit(tree: Tree) -> None:
        tree.remove(path)
        tree.path(path).symlink_to(text)

    return edit


def staged(path: str) -> Callable[[Tree], None]:
    def edit(tree: Tree) -> None:
        append(path)(tree)
        tree.git("add", path)

    return edit


def committed(path: str) -> Callable[[Tree], None]:
    def edit(tree: Tree) -> None:
        append(path)(tree)
        tree.git("commit", "-q", "-a", "-m", "edit")

    return edit


def executable(tree: Tree) -> None:
    tree.path("go/lib/run.sh").chmod(0o755)


def touched(tree: Tree) -> None:
    os.utime(tree.path("web/base/src/a.txt"))


def reverted(tree: Tree) -> None:
    committed("web/base/src/a.txt")(tree)
    tree.git("revert", "--no-edit", "HEAD")


def nested_repository(tree: Tree) -> None:
    inner = Tree(tree.path("py/tool/inner"), tree.observed)
    inner.write("a.txt", "a\n")
    inner.git("init", "-q")


def moved_submodule(tree: Tree) -> None:
    tree.git("commit", "-q", "--allow-empty", "-m", "more", cwd="go/cmd/sub")


def folder_for_a_file(tree: Tree) -> None:
    tree.remove("web/top/src/a.txt")
    tree.write("web/top/src/a.txt/b", "b")


def new_npm_member(tree: Tree) -> None:
    tree.write("web/extra/package.json", '{"name": "@p/extra", "version": "1.0.0"}\n')
    tree.write("pnpm-lock.yaml", members.pnpm_lock("2.1.3", more=("web/extra",)))


def removed_module(tree: Tree) -> None:
    tree.remove("go/cmd")
    replace("go.work", "\t./go/cmd\n", "")(tree)


TABLE: dict[str, tuple[Callable[[Tree], None], set[str]]] = {
    "nothing": (lambda tree: None, NOTHING),
    "a touch": (touched, NOTHING),
    "a commit and its revert": (reverted, NOTHING),
    "a file of no member": (append("docs/readme.md"), NOTHING),
    "a file that git ignores": (write("web/base/a_ignored.txt"), NOTHING),
    "a source of npm, unstaged": (append("web/base/src/a.txt"), BASE | IMAGE),
    "staged": (staged("web/mid/src/a.txt"), MID),
    "committed": (committed("web/top/src/a.txt"), TOP),
    "untracked": (write("web/mid/src/new.txt"), MID),
    "deleted": (remove("web/top/src/b.txt"), TOP),
    "renamed": (rename("web/mid/src/a.txt", "web/mid/src/z.txt"), MID),
    "renamed, of other letters": (rename("py/app/case.txt", "py/app/CASE.txt"), PY_APP),
    "moved to another member": (rename("py/app/src/a.txt", "go/app/a.txt"), PY_APP | GO_APP),
    "a source of Python": (append("py/core/src/core/__init__.py", "MORE = 1\n"), CORE),
    "a test of Python": (append("py/tool/tests/test_tool.py", "# more\n"), TOOL),
    "a source of Go": (append("go/lib/lib.go", "// more\n"), LIB),
    "an embedded file of Go": (append("go/app/data/text.txt"), GO_APP),
    "the mode of a file": (executable, LIB),
    "a link retargeted": (retarget("web/top/src/linked.txt", "../../../shared/other.txt"), TOP),
    "behind links": (append("shared/text.txt"), ALL - PNPM - UV),
    "a link in the place of a file": (retarget("go/cmd/src/a.txt", "b.txt"), CMD),
    "a folder in the place of a file": (
        folder_for_a_file,
        TOP,
    ),
    "a name of other bytes": (write("py/tool/new\nline"), TOOL),
    "a manifest of npm": (replace("web/mid/package.json", '"1.0.0"', '"1.0.1"'), MID | PNPM),
    "a manifest of Go": (replace("go/app/go.mod", "go 1.24", "go 1.25"), GO_APP | LIB),
    "an edge that goes": (replace("web/top/package.json", '"@p/mid": "workspace:*"', ""), TOP | PNPM),
    "a package of the lockfile": (write("pnpm-lock.yaml", members.pnpm_lock("2.1.2")), MID | PNPM),
    "the version in go.work": (replace("go.work", "go 1.24", "go 1.25"), LIB),
    "a comment in go.work": (append("go.work", "// more\n"), NOTHING),
    "a compiler's settings": (append("tsconfig.base.json", "\n"), BASE),
    "settings of all tests": (append("conftest.py", "# more\n"), CORE),
    "settings of an image": (append("web/base/Dockerfile.dev", "LABEL a=b\n"), {"image-dev:base"}),
    "a pin of Python": (write(".python-version", "3.11\n"), CORE | UV),
    "settings of npm": (write(".npmrc", "prefer-offline=true\n"), BASE | PNPM),
    "an input of a member": (
        replace("pyproject.toml", 'env = ["PROPERTY_FLAG"]', 'env = ["PROPERTY_FLAG"]\ninputs = ["docs"]'),
        BASE | UV,  # the file is the manifest of uv's root, too
    ),
    "a member more": (new_npm_member, BASE | PNPM | {"package:extra"}),  # all is installed anew
    "a module fewer": (removed_module, NOTHING),
    "a repository in a member": (nested_repository, TOOL),
    "a submodule moved": (moved_submodule, CMD),
    "an edit in a submodule": (append("go/cmd/sub/text.txt"), CMD),
    "a file in a submodule": (write("go/cmd/sub/new.txt"), CMD),
}


@pytest.mark.parametrize(("edit", "expected"), TABLE.values(), ids=TABLE)
def test_an_edit_concerns(tree: Tree, edit: Callable[[Tree], None], expected: set[str]) -> None:
    edit(tree)
    found = affected(tree.root)
    assert found.base.commit == tree.git("rev-parse", "main").strip(), found.base
    assert found.ids == expected


def test_what_is_gone_is_told_beside_what_is_affected(tree: Tree) -> None:
    removed_module(tree)
    assert affected(tree.root).removed == {"package:cmd"}


def clone(tree: Tree, folder: Path, *options: str, branch: str = "topic") -> Path:
    """Of a server whose default branch is `main`."""
    server = folder.parent / "server"
    if not server.exists():
        tree.git("clone", "-q", "--bare", str(tree.root), str(server))
        Tree(server, folder).git("symbolic-ref", "HEAD", "refs/heads/main")
    tree.git("clone", "-q", f"--branch={branch}", *options, server.as_uri(), str(folder))
    return folder


def test_every_kind_of_clone_with_history_gives_the_same_answer(tree: Tree, tmp_path: Path) -> None:
    committed("web/top/src/a.txt")(tree)
    main = tree.git("rev-parse", "main").strip()
    full = clone(tree, tmp_path / "full")
    detached = clone(tree, tmp_path / "detached")
    Tree(detached, tmp_path).git("checkout", "-q", "--detach")
    alone = clone(tree, tmp_path / "alone")
    Tree(alone, tmp_path).git("branch", "main", "origin/main")
    Tree(alone, tmp_path).git("remote", "remove", "origin")
    second = tmp_path / "second"
    tree.git("worktree", "add", "-q", "--detach", str(second), "topic")
    deep = clone(tree, tmp_path / "deep", "--depth=3", "--no-single-branch")
    for root in (full, detached, alone, second, deep):
        found = affected(root)
        assert (found.base.commit, found.ids) == (main, TOP), (root, found)
    tree.git("worktree", "remove", "--force", str(second))


def test_without_history_everything_is_affected_and_the_reason_is_told(tree: Tree, tmp_path: Path) -> None:
    committed("web/top/src/a.txt")(tree)
    cut = clone(tree, tmp_path / "cut", "--depth=1")
    cut_main = clone(tree, tmp_path / "cut main", "--depth=1", branch="main")
    detached = clone(tree, tmp_path / "detached", branch="main")
    Tree(detached, tmp_path).git("checkout", "-q", "--detach")
    first = clone(tree, tmp_path / "first")
    Tree(first, tmp_path).git("checkout", "-q", "--orphan", "main2")
    Tree(first, tmp_path).git("commit", "-q", "-m", "another first")
    unborn = clone(tree, tmp_path / "unborn")
    Tree(unborn, tmp_path).git("checkout", "-q", "--orphan", "nothing")
    for root, base, why in (
        (
            cut,
            "",
            "found none of origin/main, origin/master, main, master in this clone: git fetch --unshallow origin",
        ),
        (
            cut_main,
            "",
            "HEAD is the merge base with origin/main, and this clone is shallow: git fetch --unshallow origin",
        ),
        (detached, "", "HEAD is the merge base with origin/main, and it is detached: --base HEAD~1 compares with"),
        (first, "", "found no common ancestor of HEAD and origin/main"),
        (first, "nope", "found no commit nope in this clone"),
        (unborn, "", "there is no commit yet"),
    ):
        found = affected(root, base)
        assert found.base.commit == ""
        assert found.base.why.startswith(why), found.base.why
        assert found.ids == ALL, found.base.why


def test_the_first_commit_alone_has_nothing_to_be_compared_with_but_by_name(tree: Tree, tmp_path: Path) -> None:
    only = clone(tree, tmp_path / "only", branch="main")
    inside = Tree(only, tmp_path)
    inside.git("checkout", "-q", "--orphan", "other")
    inside.git("commit", "-q", "-m", "first")
    inside.git("branch", "-q", "-D", "main")
    inside.git("remote", "remove", "origin")
    assert affected(only).base.why.startswith("HEAD is the merge base with other, and it is the first commit")
    append("web/top/src/a.txt")(inside)
    assert affected(only, "HEAD").ids == TOP


def test_the_session_prints_ids_a_table_or_a_document_and_strict_fails(tree: Tree, tmp_path: Path) -> None:
    append("web/top/src/a.txt")(tree)
    assert tree.nox("affected", "--ids")[0] == "package:top\n"
    out, _ = tree.nox("affected")
    assert out.splitlines()[1:] == [
        "ring  target       why",
        "1     package:top  input-changed: web/top/src/a.txt",
        "1 of 12 targets are affected",
    ]
    document = json.loads(tree.nox("affected", "--json")[0])
    (target,) = document["targets"]
    assert (document["everything"], target["id"], target["reason"]) == (False, "package:top", "input-changed")
    out, err = tree.nox("affected", "--base", "nope", "--strict")
    assert out == ""
    assert "affected: found no commit nope in this clone; expected a commit to compare with (--strict)" in err
    assert err.endswith("exit code 1")


def test_what_the_base_cannot_describe_affects_everything(tree: Tree) -> None:
    tree.git("checkout", "-q", "-B", "broken", "main")
    tree.write("pyproject.toml", tree.read("pyproject.toml") + "\n[tool.nox-rings]\nnope = 1\n")
    tree.git("commit", "-q", "-a", "-m", "broken")
    broken = tree.git("rev-parse", "HEAD").strip()
    tree.git("checkout", "-q", "-B", "topic2")
    tree.git("revert", "--no-edit", "HEAD")
    found = affected(tree.root, "broken")
    assert found.ids == ALL
    assert found.base.why.startswith(f"{broken[:12]}, the merge base with broken, cannot be compared: ")
