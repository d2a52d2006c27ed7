"""Which errors of the machine are one sentence, and which are a bug of ours."""

from __future__ import annotations

import errno

import pytest

from nox_rings.engine.machine import machine_failure
from nox_rings.engine.process.command import without_escapes
from nox_rings.engine.process.environment import hosts_without_proxy


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/w/a"), "/w/a: No space left on device", "df -h /w/a"),
        (OSError(errno.ENOSPC, "No space left on device"), "this machine: No space left on device", "df -h ."),
        (OSError(errno.EROFS, "Read-only file system", "/w/a"), "/w/a: Read-only file system", "ls -ld /w/a"),
        (OSError(errno.EACCES, "Permission denied", "/a", None, "/b"), "/b: Permission denied", "ls -ld /b"),
        (OSError(errno.EMFILE, "Too many open files", "/w/a"), "/w/a: Too many open files", "ulimit -a"),
        (
            FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/x']"),
            "this machine: No usable temporary directory found in ['/x']",
            "export TMPDIR=FOLDER, a folder that can be written",
        ),
    ],
)
def test_a_failure_of_the_machine_is_a_sentence_and_a_command_that_shows_it(
    error: OSError, message: str, hint: str
) -> None:
    failure = machine_failure(error)
    assert failure is not None
    assert (failure.message, failure.hint) == (message, hint)


@pytest.mark.parametrize(
    "error", [FileNotFoundError(errno.ENOENT, "No such file", "/w/a"), OSError("x"), IsADirectoryError(21, "x", "/w")]
)
def test_any_other_error_is_a_bug(error: OSError) -> None:
    assert machine_failure(error) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain [0m text", "plain [0m text"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b[38:2:1:2:3mred\x1b[K", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07", "link"),
        ("\x1b]0;title\x07a\x1bMb", "ab"),
        ("\x1b[31mred", "red"),
        ("\x1b[31", "\x1b[31"),
    ],
)
def test_colours_titles_and_links_are_left_out_and_nothing_else(text: str, plain: str) -> None:
    assert without_escapes(text) == plain


@pytest.mark.parametrize(
    ("environment", "hosts"),
    [
        ({}, "127.0.0.1,localhost,::1"),
        ({"NO_PROXY": "a, b", "no_proxy": "b,c"}, "a,b,c,127.0.0.1,localhost,::1"),
        ({"NO_PROXY": "a", "no_proxy": "*"}, "*"),
        ({"NO_PROXY": "localhost"}, "localhost,127.0.0.1,::1"),
    ],
)
def test_loopback_is_added_to_the_hosts_that_need_no_proxy(environment: dict[str, str], hosts: str) -> None:
    assert hosts_without_proxy(environment) == hosts
