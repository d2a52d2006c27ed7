"""The SDKs: side by side in one session, and one session a language after the other."""

from __future__ import annotations

import re

import pytest

from checkout import Answer, Checkout, make_checkout


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return make_checkout(tmp_path_factory.mktemp("cold"))


def started(answer: Answer) -> list[str]:
    return re.findall(r"^▶ (\S+)", answer.out, re.M)


def outcomes(answer: Answer) -> dict[str, str]:
    """Session → its outcome as nox reports it."""
    return dict(re.findall(r"^nox > \* (\S+): (\w+)", answer.err, re.M))


def reported(answer: Answer) -> list[str]:
    """The targets in the report at the end."""
    _, _, report = answer.out.partition("target ")
    return re.findall(r"^(proto|\w+:\w+) +(?:done|fresh)", report, re.M)


def test_one_session_makes_all_sdks_side_by_side_and_reports_once(cold: Checkout) -> None:
    answer = cold.nox("-s", "sdk", "--", "--jobs", "3")
    assert answer.exit_code == 0, answer.out[-4000:] + answer.err[-4000:]
    assert sorted(started(answer)) == [
        *("install:pnpm", "install:uv", "proto"),
        *("sdk:go", "sdk:py", "sdk:ts", "stubs:go", "stubs:py", "stubs:ts"),
    ]
    assert sorted(reported(answer)) == sorted(started(answer))


def test_a_language_that_is_named_is_made_alone(cold: Checkout) -> None:
    planned = cold.nox("-s", "sdk", "--", "py", "ts", "--force", "--dry-run", "--json").json()["targets"]
    forced = {each["id"] for each in planned if each["reason"] == "forced"}
    assert forced == {"sdk:py", "sdk:ts"}
    assert "stubs:go" not in {each["id"] for each in planned}


def test_a_language_that_is_unknown_is_a_usage_error(cold: Checkout) -> None:
    answer = cold.nox("-s", "sdk", "--", "tss")
    assert (answer.exit_code, started(answer)) == (2, [])
    assert "sdk: argument LANGUAGE: found tss; did you mean ts?" in answer.err


def test_sessions_of_one_call_run_in_turn_and_a_failure_of_one_language_fails_its_session_only(cold: Checkout) -> None:
    with cold.replaced("packages/ameide_sdk_go/options.go", "package ", "pakage "):
        answer = cold.nox("-s", "sdk-ts", "sdk-go", "sdk-py", "--", "--force")
    assert answer.exit_code == 1
    assert outcomes(answer) == {"sdk-ts": "success", "sdk-go": "aborted", "sdk-py": "success"}
    assert started(answer) == ["sdk:ts", "sdk:go", "sdk:py"]
    assert answer.out.count("✗ sdk:go (") == 1
