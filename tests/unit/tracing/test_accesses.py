"""What of the calls is a read and what a write, and which file each is of."""

from __future__ import annotations

import pytest

from nox_rings.tracing.accesses import TRACED, Access, Accesses, Use
from nox_rings.tracing.lines import parse_calls


def used(*lines: str) -> list[tuple[str, str]]:
    """Use and path of each."""
    return [(str(each.use), each.path) for each in accesses(*lines)]


def accesses(*lines: str) -> list[Access]:
    return list(Accesses(cwd="/w", program="start").of(parse_calls(lines)))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('7 open("a", O_RDONLY) = 3</w/a>', [("read", "/w/a"), ("read", "/w/a")]),
        ('7 open("l", O_RDONLY) = 3</w/real>', [("read", "/w/l"), ("read", "/w/real")]),
        ('7 openat(AT_FDCWD</x>, "./a", O_RDONLY) = 3', [("read", "/x/a"), ("read", "/x/a")]),
        ('7 openat(5</y>, "../a", O_RDONLY) = 3</a>', [("read", "/y/../a"), ("read", "/a")]),
        ('7 openat2(AT_FDCWD</x>, "a", {flags=O_RDONLY, resolve=0}, 24) = 3</x/a>', [("read", "/x/a")] * 2),
        ('7 open("a", O_RDWR) = 3</w/a>', [("read", "/w/a"), ("read", "/w/a"), ("written", "/w/a")]),
        ('7 open("a", O_WRONLY|O_CREAT, 0666) = 3</w/a>', [("written", "/w/a")]),
        ('7 open("a", O_RDWR|O_CREAT|O_EXCL, 0600) = 3</w/a>', [("written", "/w/a")]),
        ('7 open("a", O_RDWR|O_CREAT|O_TRUNC, 0600) = 3</w/a>', [("written", "/w/a")]),
        ('7 creat("a", 0600) = 3</w/a>', [("written", "/w/a")]),
        ('7 open("a", O_RDONLY|O_DIRECTORY) = 3</w/a>', []),
        ('7 open("a", O_RDONLY|O_PATH) = 3</w/a>', []),
        ('7 open("O_PATH", O_RDONLY) = 3</w/O_PATH>', [("read", "/w/O_PATH")] * 2),
        ('7 open("a", O_RDWR|O_TMPFILE, 0600) = 3</w/#12>(deleted)', []),
        ('7 open("a", O_RDONLY) = -1 ENOENT (No such file or directory)', []),
        ('7 execve("./run", ["run"], 0x7 /* 1 var */) = 0', [("read", "/w/run")]),
        ('7 execve("/bin/x", ["x"], 0x7 /* 1 var */) = -1 EACCES (Permission denied)', []),
        ('7 readlink("l", "a", 4095) = 1', [("read", "/w/l")]),
        ('7 readlink("a", 0x7ff, 4095) = -1 EINVAL (Invalid argument)', []),
        ('7 readlinkat(5</y>, "l", "a", 4095) = 1', [("read", "/y/l")]),
        ('7 rename("a", "b") = 0', [("removed", "/w/a"), ("written", "/w/b")]),
        ('7 renameat2(5</x>, "a", AT_FDCWD</y>, "b", 0) = 0', [("removed", "/x/a"), ("written", "/y/b")]),
        (
            '7 renameat2(AT_FDCWD</x>, "a", AT_FDCWD</x>, "b", RENAME_EXCHANGE) = 0',
            [("removed", "/x/a"), ("written", "/x/b"), ("written", "/x/a")],
        ),
        ('7 link("a", "b") = 0', [("written", "/w/b")]),
        ('7 linkat(AT_FDCWD</x>, "a", 6</y>, "b", 0) = 0', [("written", "/y/b")]),
        ('7 symlink("a", "b") = 0', [("written", "/w/b")]),
        ('7 symlinkat("a", 6</y>, "b") = 0', [("written", "/y/b")]),
        ('7 mknodat(AT_FDCWD</x>, "p", S_IFIFO|0600) = 0', [("written", "/x/p")]),
        ('7 truncate("a", 0) = 0', [("written", "/w/a")]),
        ('7 unlink("a") = 0', [("removed", "/w/a")]),
        ('7 unlinkat(AT_FDCWD</x>, "a", 0) = 0', [("removed", "/x/a")]),
        ("7 clone(child_stack=NULL, flags=SIGCHLD) = 8", []),
    ],
)
def test_a_call_that_succeeded_reads_or_writes_files(line: str, found: list[tuple[str, str]]) -> None:
    assert used(line) == found


def test_a_name_is_relative_to_the_folder_that_its_process_is_in() -> None:
    assert used(
        '7 chdir("sub") = 0',
        '7 open("a", O_RDONLY) = 3',
        "7 fork() = 8",
        "8 fchdir(4</other>) = 0",
        '8 readlink("b", "x", 9) = 1',
        '7 readlink("c", "x", 9) = 1',
    ) == [("read", "/w/sub/a"), ("read", "/w/sub/a"), ("read", "/other/b"), ("read", "/w/sub/c")]


def test_threads_share_their_folder_and_a_process_does_not() -> None:
    assert used(
        "7 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, stack=0x7}, 88) = 8",
        '8 chdir("/elsewhere") = 0',
        '7 readlink("a", "x", 9) = 1',
    ) == [("read", "/elsewhere/a")]


def test_a_child_whose_parent_waits_is_where_its_parent_was() -> None:
    assert used(
        '7 chdir("/sub") = 0',
        "7 vfork( <unfinished ...>",
        '8 readlink("a", "x", 9) = 1',
        "7 <... vfork resumed>) = 8",
    ) == [("read", "/sub/a")]


def test_a_process_is_called_by_the_program_it_runs() -> None:
    found = accesses(
        '7 readlink("a", "x", 9) = 1',
        "7 fork() = 8",
        '8 execve("/usr/bin/cat", ["cat"], 0x7 /* 1 var */) = 0',
        '8 readlink("b", "x", 9) = 1',
        '7 readlink("c", "x", 9) = 1',
    )
    assert [(each.path, each.program) for each in found] == [
        ("/w/a", "start"),
        ("/usr/bin/cat", "cat"),
        ("/w/b", "cat"),
        ("/w/c", "start"),
    ]


def test_what_is_traced_is_what_is_understood_and_where_processes_are() -> None:
    assert {"openat", "execve", "rename", "vfork", "clone3", "chdir", "fchdir"} <= set(TRACED)
    assert not {"stat", "newfstatat", "access", "getdents64"} & set(TRACED)
    assert {Use.READ, Use.WRITTEN, Use.REMOVED} == set(Use)
