"""Lines of strace 6.1 as it writes them, and the calls that they are."""

from __future__ import annotations

import pytest

from nox_rings.tracing.lines import Argument, Call, parse_calls, unescaped

OPEN = '7  openat(AT_FDCWD</w>, "a", O_RDONLY|O_CLOEXEC) = 3</w/real>'


@pytest.mark.parametrize(
    ("line", "call"),
    [
        (OPEN, Call(7, "openat", 'AT_FDCWD</w>, "a", O_RDONLY|O_CLOEXEC', 3, "/w/real")),
        ('12 open("a", O_RDONLY)              = 3</w/a>', Call(12, "open", '"a", O_RDONLY', 3, "/w/a")),
        ('7  chdir("/work")                    = 0', Call(7, "chdir", '"/work"', 0)),
        ('7  open("a", O_RDONLY) = -1 ENOENT (No such file or directory)', Call(7, "open", '"a", O_RDONLY', -1)),
        ('7  execve("/bin/sh", ["sh", "-c", "a) = 0"...], 0x7ff /* 35 vars */) = 0', None),
        (
            '7  openat(AT_FDCWD</w>, "x\\"y", O_RDONLY) = 3</w/x\\"y>',
            Call(7, "openat", 'AT_FDCWD</w>, "x\\"y", O_RDONLY', 3, '/w/x"y'),
        ),
        (
            '7  openat(AT_FDCWD</w>, "a", O_RDONLY) = 3</w/a\\76b>',
            Call(7, "openat", 'AT_FDCWD</w>, "a", O_RDONLY', 3, "/w/a>b"),
        ),
        ('7  readlink("l", "/a", 4095)        = 2', Call(7, "readlink", '"l", "/a", 4095', 2)),
    ],
)
def test_a_line_is_a_call_with_its_result_and_where_its_descriptor_leads(line: str, call: Call | None) -> None:
    (found,) = parse_calls([line])
    if call is None:
        assert (found.name, found.result, found.arguments(1)) == ("execve", 0, [Argument(text="/bin/sh")])
    else:
        assert found == call


@pytest.mark.parametrize(
    "line",
    [
        "",
        "strace: Process 9 attached",
        "7  +++ exited with 0 +++",
        "7  --- SIGCHLD {si_signo=SIGCHLD} ---",
        '7  openat(AT_FDCWD</w>, "a", O_RDON',  # its writer was killed
        '7  openat(AT_FDCWD</w>, "a", O_RDONLY <unfinished ...>',  # and so was the process
    ],
)
def test_what_is_no_whole_call_counts_for_nothing(line: str) -> None:
    assert parse_calls([line]) == []


def test_a_call_in_two_lines_is_one_at_the_place_where_it_began() -> None:
    lines = [
        "7  vfork( <unfinished ...>",
        '8  open("a", O_RDONLY <unfinished ...>',
        '9  chdir("b") = 0',
        "8  <... open resumed>)              = 3</w/a>",
        "7  <... vfork resumed>)             = 8",
    ]
    assert [(call.process, call.name, call.result) for call in parse_calls(lines)] == [
        (7, "vfork", 8),
        (8, "open", 3),
        (9, "chdir", 0),
    ]


def test_a_thread_that_starts_a_program_becomes_its_process() -> None:
    lines = [
        '9  execve("/bin/x", ["x"], 0x7f /* 3 vars */ <unfinished ...>',
        "7  +++ superseded by execve in pid 9 +++",
        "7  <... execve resumed>)            = 0",
    ]
    (call,) = parse_calls(lines)
    assert (call.process, call.name, call.result) == (7, "execve", 0)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ('AT_FDCWD</w>, "a,b", O_RDONLY', [Argument(path="/w", other="AT_FDCWD"), Argument(text="a,b")]),
        ('5</w/d>, "x"', [Argument(path="/w/d", other="5"), Argument(text="x")]),
        ('5</w/d>(deleted), "x"', [Argument(path="/w/d", other="5"), Argument(text="x")]),
        ('"a", O_RDONLY|O_CLOEXEC', [Argument(text="a"), Argument(other="O_RDONLY|O_CLOEXEC")]),
        ('"a", {flags=O_RDONLY, resolve=0}', [Argument(text="a"), Argument(other="{flags=O_RDONLY")]),
        ('"a"', [Argument(text="a")]),
    ],
)
def test_arguments_are_split_at_commas_outside_of_names(text: str, arguments: list[Argument]) -> None:
    assert Call(7, "any", text, 0).arguments(2) == arguments


@pytest.mark.parametrize(
    ("text", "plain"),
    [("plain", "plain"), (r"\303\251", "é"), (r"a\"b\\c", 'a"b\\c'), (r"a\nb", "a\nb"), (r"\377", "\udcff")],
)
def test_names_are_those_on_the_disk(text: str, plain: str) -> None:
    assert unescaped(text) == plain
