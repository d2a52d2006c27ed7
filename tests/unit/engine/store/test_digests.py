from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nox_rings.engine.store import digests as digest_module
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.digests import Digests
from unit.conftest import WriteTree

HOUR_NANOSECONDS = 3_600_000_000_000


REAL_TIME = time.time_ns


@pytest.fixture(autouse=True)
def in_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test writes was written long ago, so that its digest is remembered."""
    monkeypatch.setattr(time, "time_ns", lambda: REAL_TIME() + HOUR_NANOSECONDS)


def make_old(path: Path, nanoseconds: int = HOUR_NANOSECONDS) -> None:
    at = REAL_TIME() - nanoseconds
    os.utime(path, ns=(at, at), follow_symlinks=False)


def test_the_digest_is_of_the_content_and_not_of_the_time(write_tree: WriteTree) -> None:
    root = write_tree({"a": "same", "b": "same", "c": "other"})
    make_old(root / "a")
    digests = Digests(root, KnownDigests())
    assert digests.digest("a") == digests.digest("b")
    assert digests.digest("a") != digests.digest("c")


def test_a_file_that_was_only_touched_has_the_digest_it_had(write_tree: WriteTree) -> None:
    root = write_tree({"a": "text"})
    make_old(root / "a")
    digests = Digests(root, KnownDigests())
    before = digests.digest("a")
    make_old(root / "a", 2 * HOUR_NANOSECONDS)
    assert digests.digest("a") == before


def test_the_executable_bit_counts(write_tree: WriteTree) -> None:
    root = write_tree({"a": "text", "b": "text"})
    (root / "b").chmod(0o755)
    digests = Digests(root, KnownDigests())
    assert digests.digest("a") != digests.digest("b")


def test_what_is_no_file_has_no_digest(write_tree: WriteTree) -> None:
    root = write_tree({"folder/a": ""})
    digests = Digests(root, KnownDigests())
    assert digests.digest("none") is None
    assert digests.digest("folder") is None
    assert set(digests.of(("folder/a", "none", "folder"))) == {"folder/a"}


def test_a_link_counts_by_its_target_text_and_is_not_followed(write_tree: WriteTree) -> None:
    root = write_tree({"real": "one"})
    (root / "link").symlink_to("real")
    (root / "dangling").symlink_to("nowhere")
    digests = Digests(root, KnownDigests())
    before = digests.digest("link")
    (root / "real").write_text("two")
    assert digests.digest("link") == before
    assert digests.digest("dangling") is not None
    (root / "link").unlink()
    (root / "link").symlink_to("dangling")
    assert digests.digest("link") != before


def test_a_known_file_is_not_read_again(write_tree: WriteTree) -> None:
    root = write_tree({"a": "text"})
    make_old(root / "a")
    first = Digests(root, KnownDigests())
    first.digest("a")
    (entry,) = first.known.take_unsaved().values()
    stamp = entry.rpartition(" ")[0]
    second = Digests(root, KnownDigests(entries={"a": f"{stamp} remembered"}))
    assert second.digest("a") == "remembered"
    assert second.known.take_unsaved() == {}


@pytest.mark.parametrize("change", ["size", "time", "time of the inode", "inode"])
def test_a_known_file_is_read_again_when_its_size_one_of_its_times_or_its_inode_changed(
    write_tree: WriteTree, change: str
) -> None:
    root = write_tree({"a": "text"})
    make_old(root / "a")
    digests = Digests(root, KnownDigests())
    digests.digest("a")
    looked = dict(zip(("size", "time", "time of the inode", "inode"), digests.known.entries["a"].split(), strict=False))
    looked[change] += "0"
    digests.known.entries["a"] = f"{' '.join(looked.values())} remembered"
    assert digests.digest("a") != "remembered"


def test_an_edit_that_keeps_size_and_time_is_seen_by_the_inode(write_tree: WriteTree) -> None:
    root = write_tree({"a": "one", "new": "two"})
    make_old(root / "a")
    digests = Digests(root, KnownDigests())
    before = digests.digest("a")
    times = (root / "a").stat().st_mtime_ns
    os.utime(root / "new", ns=(times, times))
    (root / "new").replace(root / "a")
    assert digests.digest("a") != before


def test_an_edit_in_place_that_restores_the_time_is_seen_and_so_is_a_mode_alone(write_tree: WriteTree) -> None:
    root = write_tree({"a": "one", "b": "x"})
    digests = Digests(root, KnownDigests())
    before = digests.of(("a", "b"))
    changes: dict[str, Callable[[Path], object]] = {
        "a": lambda file: file.write_text("two"),
        "b": lambda file: file.chmod(0o755),
    }
    for path, change in changes.items():
        found = (root / path).stat()
        while (root / path).stat().st_ctime_ns == found.st_ctime_ns:  # the clock of the file system ticks
            change(root / path)
            os.utime(root / path, ns=(found.st_atime_ns, found.st_mtime_ns))
        assert digests.digest(path) != before[path]


@pytest.mark.parametrize(("age_nanoseconds", "remembered"), [(0, False), (-HOUR_NANOSECONDS, False), (10**9, True)])
def test_a_file_written_a_moment_ago_is_not_remembered_because_it_may_change_within_the_same_tick(
    write_tree: WriteTree, age_nanoseconds: int, remembered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_tree({"a": "text"})
    written = (root / "a").stat().st_ctime_ns
    os.utime(root / "a", ns=(0, 0))
    monkeypatch.setattr(time, "time_ns", lambda: written + age_nanoseconds)
    digests = Digests(root, KnownDigests())
    assert digests.digest("a") is not None
    assert ("a" in digests.known.entries) is remembered


TREE = {
    "app/main.py": "",
    "app/__pycache__/main.pyc": "",
    "app/node_modules/x/index.js": "",
    "app/docs/README.md": "",
    "app/docs/guide.md": "",
    "other": "",
}


@pytest.mark.parametrize(
    ("path", "context", "ignore", "files"),
    [
        ("other", ".", (), ["other"]),
        ("none", ".", (), []),
        ("app/docs", ".", (), ["app/docs/README.md", "app/docs/guide.md"]),
        (
            ".",
            ".",
            ("**/node_modules",),
            ["app/docs/README.md", "app/docs/guide.md", "app/main.py", "other"],
        ),
        ("app", "app", ("node_modules", "docs"), ["app/main.py"]),
        ("app", ".", ("node_modules", "app/docs"), ["app/main.py", "app/node_modules/x/index.js"]),
        ("app", "app", ("node_modules", "docs", "!docs/guide.md"), ["app/docs/guide.md", "app/main.py"]),
        ("app/main.py", "app", ("*.py",), []),
    ],
)
def test_a_walk_finds_the_files_on_the_disk_that_the_context_does_not_ignore(
    write_tree: WriteTree, path: str, context: str, ignore: tuple[str, ...], files: list[str]
) -> None:
    root = write_tree(TREE)
    assert sorted(Digests(root, KnownDigests()).walk(path, context=context, ignore=ignore)) == files


def test_a_walk_does_not_enter_a_linked_folder_but_names_the_link(write_tree: WriteTree) -> None:
    root = write_tree({"real/a": "", "globs/b": ""})
    (root / "globs/link").symlink_to("../real")
    assert sorted(Digests(root, KnownDigests()).walk("globs")) == ["globs/b", "globs/link"]


MATCHES: dict[str, tuple[str, ...]] = {
    "a/x": ("a/x",),
    "none": ("none",),
    "a/settings*.json": ("a/settings.json", "a/settings.local.json"),
    "*/x": ("a/x", "b/x"),
    "a/[xy]": ("a/x", "a/y"),
    "a/none*": (),
    "?/deep/**/z": ("a/deep",),
    "a/deep/*": ("a/deep/er",),
    "*/deep/er": ("a/deep/er",),
}


@pytest.mark.parametrize("pattern", MATCHES)
def test_wildcards_match_what_is_on_the_disk(pattern: str, write_tree: WriteTree) -> None:
    files = ("a/x", "a/y", "a/settings.json", "a/settings.local.json", "a/deep/er/z", "b/x", "c")
    digests = Digests(write_tree(dict.fromkeys(files, "")), KnownDigests())
    assert tuple(digests.matching(pattern)) == MATCHES[pattern]


def test_a_link_that_a_pattern_names_is_followed_within_the_workspace(write_tree: WriteTree) -> None:
    root = write_tree({"w/real/a": "", "elsewhere": ""})
    (root / "w/link").symlink_to("real")
    (root / "w/out").symlink_to("../elsewhere")
    (root / "w/gone").symlink_to("nowhere")
    digests = Digests(root / "w", KnownDigests())
    assert list(digests.matching("link")) == ["link", "real"]
    assert list(digests.matching("out")) == ["out"]
    assert list(digests.matching("g*")) == ["gone", "nowhere"]


def test_sockets_and_pipes_are_never_opened_and_no_content(write_tree: WriteTree) -> None:
    root = write_tree({"a/x": ""})
    os.mkfifo(root / "a/pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "a/dev.sock"))
        digests = Digests(root, KnownDigests())
        assert list(digests.walk("a")) == ["a/x"]
        assert list(digests.walk("a/pipe")) == []
        assert set(digests.of(("a/x", "a/pipe", "a/dev.sock"))) == {"a/x"}


def test_nothing_of_git_and_of_ours_is_content(write_tree: WriteTree) -> None:
    root = write_tree(
        {".nox-rings/state/x": "", ".git/HEAD": "", "sub/.git": "gitdir: x", "sub/a": "", "__pycache__/x": ""}
    )
    digests = Digests(root, KnownDigests())
    assert list(digests.walk(".")) == ["sub/a"]
    assert list(digests.walk(".nox-rings/state")) == [".nox-rings/state/x"]


def test_patterns_of_a_context_leave_out_nothing_beside_it(write_tree: WriteTree) -> None:
    digests = Digests(write_tree({"a/x": "", "b/x": ""}), KnownDigests())
    assert list(digests.walk("a/x", context="a", ignore=("x",))) == []
    assert list(digests.walk("b/x", context="a", ignore=("x", "b"))) == ["b/x"]
    assert list(digests.walk("b", context="a", ignore=("x", "b"))) == ["b/x"]


def refusing(monkeypatch: pytest.MonkeyPatch, name: str, refused: Path) -> None:
    """The system call refuses this path, as it does for who is not root."""
    real = getattr(os, name)

    def call(path: str | Path, *rest: object, **more: object) -> object:
        if os.fspath(path) == str(refused):
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return real(path, *rest, **more)

    monkeypatch.setattr(os, name, call)


@pytest.mark.parametrize(
    ("call", "path"),
    [("lstat", "a/closed/x"), ("open", "a/closed/x"), ("scandir", "a/closed"), ("listdir", "a/closed")],
)
def test_what_cannot_be_read_is_never_what_it_was(
    write_tree: WriteTree, call: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_tree({"a/closed/x": "text", "a/open": ""})
    refusing(monkeypatch, call, root / path)
    digests = Digests(root, KnownDigests())
    found = (*digests.walk("a"), *digests.matching("a/closed/*"))
    one, other = digests.of(found), digests.of(found)
    unreadable = {each for each, digest in one.items() if digest.startswith("?")}
    assert unreadable == {path}
    assert one[path].endswith(":Permission denied")
    assert one[path] != Digests(root, KnownDigests()).of(found).get(path)
    assert one["a/open"] == other["a/open"]


def test_a_file_that_vanishes_between_listing_and_reading_is_none(
    write_tree: WriteTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_tree({"a": "text"})

    def vanished(path: str) -> bytes:
        Path(path).unlink()
        return Path(path).read_bytes()

    monkeypatch.setattr(digest_module, "opened_bytes", vanished)
    assert Digests(root, KnownDigests()).of(("a",)) == {}


def test_what_was_read_for_its_content_is_not_read_again_for_its_digest(
    write_tree: WriteTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_tree({"a": "text"})
    (root / "link").symlink_to("a")
    expected = Digests(root, KnownDigests()).of(("a", "link"))
    digests = Digests(root, KnownDigests())
    with digests.one_look():
        assert [digests.content(path) for path in ("a", "link")] == [b"text", b"text"]
        monkeypatch.setattr(digest_module, "opened_bytes", None)
        assert digests.of(("a", "link")) == expected
    with pytest.raises(FileNotFoundError):
        digests.content("nowhere")


@pytest.mark.parametrize(
    ("edit", "same"),
    [
        (lambda top: (top / "modules/a/x.js").write_text("edited"), True),
        (lambda top: (top / "modules/.cache").mkdir(), True),
        (lambda top: (top / "modules/__pycache__").mkdir(), True),
        (lambda top: (top / "modules/c").mkdir(), False),
        (lambda top: (top / "modules/b").unlink(), False),
        (lambda top: (top / "modules").rename(top / "other"), False),
    ],
    ids=["inside", "a hidden name", "of an interpreter", "a new name", "one that goes", "the folder"],
)
def test_a_sign_is_the_names_in_a_folder_that_are_not_hidden(
    write_tree: WriteTree, edit: Callable[[Path], object], same: bool
) -> None:
    root = write_tree({"modules/a/x.js": "", "modules/b": ""})
    digests = Digests(root, KnownDigests())
    before = digests.sign("modules/")
    assert before is not None
    edit(root)
    assert (digests.sign("modules/") == before) is same


def test_a_sign_is_a_file_or_folders_by_a_wildcard_or_nothing(write_tree: WriteTree) -> None:
    root = write_tree(
        {"env/lib/python3.14/site/a": "", "env/lib/python3.15/other": "", "empty/.hidden": "", "file": "1"}
    )
    digests = Digests(root, KnownDigests())
    assert digests.sign("file") == digests.digest("file")
    assert digests.sign("env/lib/python*/site/") is not None
    for absent in ("file/", "none/", "none", "empty/", "env/lib/ruby*/site/"):
        assert digests.sign(absent) is None


def test_a_folder_that_looks_the_same_is_not_listed_again(
    write_tree: WriteTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_tree({"modules/a": ""})
    digests = Digests(root, KnownDigests())
    before = digests.sign("modules/")
    monkeypatch.setattr(os, "listdir", lambda _: pytest.fail("it was listed"))
    assert digests.sign("modules/") == before
