"""Several sessions in one nox call: the SDKs are made side by side, and each session answers for its own."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkout import REPOSITORY, Answer, Checkout, make_checkout

NOXFILE = """\
import nox

from nox_rings.sessions.call import call_of, later_sessions


def tell(session):
    call = call_of(session)
    print(session.name, later_sessions(session), sorted(call.results))
    call.results[session.name] = None


for name in "abc":
    nox.session(name=name, venv_backend="none")(tell)
"""
SESSIONS = ("-s", "sdk-ts", "sdk-go", "sdk-py")


def test_a_session_knows_those_that_come_after_it_and_shares_its_call_with_them(tmp_path: Path) -> None:
    folder = Checkout(tmp_path)
    folder.write("noxfile.py", NOXFILE)
    nox = (sys.executable, "-m", "nox", "-s", "c", "a", "b")
    answer = folder.command(*nox, PYTHONPATH=str(REPOSITORY / "tasks"))
    assert answer.out.splitlines() == ["c ('a', 'b') []", "a ('b',) ['c']", "b () ['a', 'c']"], answer.err


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return make_checkout(tmp_path_factory.mktemp("cold"))


def started(answer: Answer) -> list[str]:
    return re.findall(r"^▶ (\S+)", answer.out, re.M)


def outcomes(answer: Answer) -> dict[str, str]:
    """Session → how nox says that it ended."""
    return dict(re.findall(r"^nox > \* (\S+): (\w+)", answer.err, re.M))


def tables(answer: Answer) -> Iterator[list[str]]:
    """The targets in the report of each session."""
    for text in answer.out.split("target ")[1:]:
        yield re.findall(r"^(proto|\w+:\w+) +(?:done|fresh)", text, re.M)


def test_one_call_makes_all_sdks_at_once_and_each_session_tells_of_its_own(cold: Checkout) -> None:
    answer = cold.nox(*SESSIONS, "--", "--jobs", "3")
    assert answer.exit_code == 0, answer.out[-4000:] + answer.err[-4000:]
    assert sorted(started(answer)) == [
        *("install:pnpm", "install:uv", "proto"),
        *("sdk:go", "sdk:py", "sdk:ts", "stubs:go", "stubs:py", "stubs:ts"),
    ]
    first_report = answer.out.index("target ")
    assert all(answer.out.index(f"✓ sdk:{name}") < first_report for name in ("go", "py", "ts"))
    assert [table[-1] for table in tables(answer)] == ["sdk:ts", "sdk:go", "sdk:py"]
    assert outcomes(answer) == {"sdk-ts": "success", "sdk-go": "success", "sdk-py": "success"}


def test_what_one_language_breaks_fails_its_session_alone_and_is_tried_once(cold: Checkout) -> None:
    with cold.replaced("packages/ameide_sdk_go/options.go", "package ", "pakage "):
        answer = cold.nox(*SESSIONS, "--", "--force", "--jobs", "1")
    assert answer.exit_code == 1
    assert outcomes(answer) == {"sdk-ts": "success", "sdk-go": "aborted", "sdk-py": "success"}
    assert sorted(started(answer)) == ["sdk:go", "sdk:py", "sdk:ts"]
    assert answer.out.count("✗ sdk:go (") == 1
