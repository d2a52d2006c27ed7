from __future__ import annotations

import os

import pytest

from nox_rings.engine.errors import UsageError
from nox_rings.sessions.arguments import Parser, add_run_options, guessed_jobs, nearest


def parser(*, names: bool = False) -> Parser:
    made = Parser("proto", "Lint the schema.")
    if names:
        made.add_argument("names", nargs="*")
    add_run_options(made)
    return made


def test_without_arguments_everything_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOX_RINGS_TOOLS", raising=False)
    monkeypatch.delenv("NOX_RINGS_STRICT_ENV", raising=False)
    assert vars(parser().parse([])) == {
        "allow_shallow": False,
        "dry_run": False,
        "force": False,
        "jobs": guessed_jobs(os.cpu_count() or 1),
        "json": False,
        "keep_going": False,
        "strict_env": False,
        "system_tools": False,
        "trace": False,
        "help_shown": False,
    }


@pytest.mark.parametrize(("cores", "jobs"), [(1, 2), (2, 3), (3, 5), (4, 6), (64, 66)])
def test_some_more_targets_than_cores_are_made_at_once(cores: int, jobs: int) -> None:
    assert guessed_jobs(cores) == jobs


def test_every_option_is_taken() -> None:
    found = parser(names=True).parse(
        ["--dry-run", "a", "--force", "--jobs", "3", "--json", "--system-tools", "--trace", "b"]
    )
    assert (found.dry_run, found.force, found.jobs, found.json, found.system_tools) == (True, True, 3, True, True)
    assert found.trace
    assert found.names == ["a", "b"]


def test_the_environment_can_ask_for_the_tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOX_RINGS_TOOLS", "system")
    assert parser().parse([]).system_tools


def test_the_environment_can_ask_to_be_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOX_RINGS_STRICT_ENV", "1")
    assert parser().parse([]).strict_env
    monkeypatch.setenv("NOX_RINGS_STRICT_ENV", "0")
    assert not parser().parse([]).strict_env


@pytest.mark.parametrize(
    ("posargs", "message"),
    [
        (["--forse"], "proto: found the unknown argument --forse; did you mean --force?"),
        (["--dryrun"], "proto: found the unknown argument --dryrun; did you mean --dry-run?"),
        (["--job=3"], "proto: found the unknown argument --job=3; did you mean --jobs?"),
        (["--dry"], "proto: found the unknown argument --dry; did you mean --dry-run?"),
        (
            ["zzz"],
            "proto: found the unknown argument zzz; "
            "expected one of --allow-shallow, --dry-run, --force, --help, --jobs, --json, --keep-going, --strict-env, "
            "--system-tools, --trace, -h",
        ),
        (["--jobs", "0"], "proto: argument --jobs: found 0, expected 1 or more"),
        (["--jobs", "-2"], "proto: argument --jobs: found -2, expected 1 or more"),
        (["--jobs=two"], "proto: argument --jobs: found two, expected 1 or more"),
        (["--jobs", "1.5"], "proto: argument --jobs: found 1.5, expected 1 or more"),
        (["--jobs"], "proto: argument --jobs: expected one argument"),
        (["--json=yes"], "proto: argument --json: ignored explicit argument 'yes'"),
    ],
)
def test_what_is_not_understood_is_one_sentence_that_names_the_nearest(posargs: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parser().parse(posargs)
    assert caught.value.message == message
    assert caught.value.hint == "nox -s proto -- --help"


@pytest.mark.parametrize("posargs", [["--help"], ["-h"], ["--force", "--help"], ["--nope", "-h"]])
def test_help_is_shown_wherever_it_is_asked_for(posargs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert parser().parse(posargs).help_shown
    shown = capsys.readouterr().out
    assert shown.startswith("usage: nox -s proto -- ")
    assert "Lint the schema." in shown


@pytest.mark.parametrize(
    ("word", "known", "output"),
    [
        ("grap", ["graph", "agents"], "did you mean graph?"),
        ("zzz", ["b", "a"], "expected one of a, b"),
        (
            "zzz",
            [f"n{number:02}" for number in range(14)],
            "expected one of n00, n01, n02, n03, n04, n05, n06, n07, n08, n09, n10, n11 and 2 more",
        ),
    ],
)
def test_the_nearest_name_or_what_there_is(word: str, known: list[str], output: str) -> None:
    assert nearest(word, known) == output
