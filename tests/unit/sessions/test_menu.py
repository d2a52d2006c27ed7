"""Every session of the menu: its line, its help, and how it ends on arguments it does not know."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, cast

import pytest

import nox_rings
import nox_rings_dev
from nox_rings.engine.errors import (
    CommandFailedError,
    NoxRingsError,
    RunInterruptedError,
    ToolUnavailableError,
    UsageError,
)
from nox_rings.sessions.frame import reported_errors

if TYPE_CHECKING:
    import nox

MENU = {entry.name: entry for entry in (*nox_rings._menu(), *nox_rings_dev.menu())}
Captured = pytest.CaptureFixture[str]


class SessionFailed(Exception):
    """What nox raises in `session.error()`: it ends with 1."""


class FakeSession:
    def __init__(self, posargs: Sequence[str]) -> None:
        self.posargs = list(posargs)

    def error(self) -> NoReturn:
        raise SessionFailed


def session(*posargs: str) -> nox.Session:
    return cast("nox.Session", FakeSession(posargs))


def test_bare_nox_runs_what_a_pull_request_must_pass_and_builds_no_image() -> None:
    assert [name for name, entry in MENU.items() if entry.default] == [
        *("check", "lint", "tests"),
    ]


@pytest.mark.parametrize("name", MENU)
def test_the_first_line_of_a_session_reads_like_a_menu(name: str) -> None:
    first = (MENU[name].function.__doc__ or "").splitlines()[0]
    assert first[0].isupper()
    assert first.endswith(".")
    assert len(f"* {name} -> {first}") <= 120  # as `nox -l` prints it


@pytest.mark.parametrize("name", MENU)
def test_help_names_the_session_as_it_is_typed_and_starts_nothing(name: str, capsys: Captured) -> None:
    MENU[name].function(session("--help"))
    assert capsys.readouterr().out.startswith(f"usage: nox -s {name} -- ")


@pytest.mark.parametrize("name", MENU)
def test_an_unknown_argument_ends_the_run_with_2_before_anything_starts(name: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        MENU[name].function(session("--no-such-thing"))
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{name}: found the unknown argument --no-such-thing; ")
    assert err.endswith(f"\n  try: nox -s {name} -- --help\n")


@pytest.mark.parametrize("name", [name for name in MENU if name not in ("lint", "tests")])
def test_with_json_a_usage_error_is_a_document_too(name: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        MENU[name].function(session("--json", "--no-such-thing"))
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert document["error"]["family"] == "usage"
    assert document["error"]["hint"] == f"nox -s {name} -- --help"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("a sentence"), 2),
        (RunInterruptedError(2), 130),
        (RunInterruptedError(15), 143),
        (RunInterruptedError(1), 129),
    ],
)
def test_usage_errors_and_signals_end_the_whole_run_with_their_own_code(error: NoxRingsError, code: int) -> None:
    with pytest.raises(SystemExit) as ended, reported_errors(session(), as_json=False):
        raise error
    assert ended.value.code == code


@pytest.mark.parametrize(
    "error", [ToolUnavailableError("a sentence"), CommandFailedError("a sentence", repeat="buf lint", exit_code=100)]
)
def test_other_expected_errors_fail_their_session(error: NoxRingsError, capsys: Captured) -> None:
    with pytest.raises(SessionFailed), reported_errors(session(), as_json=False):
        raise error
    assert capsys.readouterr().err.startswith("a sentence\n")


def test_a_bug_is_no_expected_error() -> None:
    with pytest.raises(ZeroDivisionError), reported_errors(session(), as_json=False):
        raise ZeroDivisionError


def test_an_error_is_a_sentence_and_the_command_that_helps() -> None:
    assert str(UsageError("no such thing", hint="nox -l")) == "no such thing\n  try: nox -l"
    assert str(UsageError("no such thing")) == "no such thing"
