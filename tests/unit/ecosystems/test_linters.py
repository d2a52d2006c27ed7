"""What judges said, in few words."""

from __future__ import annotations

from pathlib import Path

from nox_rings.ecosystems import linters as judges
from nox_rings.engine.process.runner import Completed

ATTW = """{"problems": {
  "NoResolution": [{"kind": "NoResolution", "resolutionKind": "node10"}],
  "UntypedResolution": [{"resolutionKind": "node10"}, {"resolutionKind": "bundler"}],
  "InternalResolutionError": [{"kind": "InternalResolutionError"}]
}}"""


def told(name: str, stdout: str, stderr: str = "") -> str:
    command = judges.commands(Path("/w/packed"), Path("/w/packed/a.tgz"))[name]
    return judges.told(command, Completed(exit_code=1, stdout=stdout, stderr=stderr))


def test_the_problems_of_attw_are_told_without_those_that_its_profile_leaves_out() -> None:
    assert told("attw", ATTW) == "UntypedResolution, InternalResolutionError"


def test_what_attw_says_without_json_is_told_as_it_is() -> None:
    assert told("attw", "", "error while\n  checking file\n") == "error while checking file"


def test_the_sentences_of_a_judge_are_one_line_and_not_endless() -> None:
    assert told("twine", "Checking a.whl:\n  FAILED\n") == "Checking a.whl: FAILED"
    assert len(told("publint", "x " * 5000)) == judges.SHOWN_CHARACTERS


def test_a_judge_that_says_nothing_is_told_by_its_exit_code() -> None:
    assert told("check-wheel-contents", "") == "exit code 1"
