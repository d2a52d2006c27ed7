"""What linters reported, in few words."""

from __future__ import annotations

from pathlib import Path

from nox_rings.ecosystems import linters
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.npm import linters as npm_linters
from nox_rings.ecosystems.pypi import linters as pypi_linters
from nox_rings.engine.process.runner import Completed

ATTW = """{"problems": {
  "NoResolution": [{"kind": "NoResolution", "resolutionKind": "node10"}],
  "UntypedResolution": [{"resolutionKind": "node10"}, {"resolutionKind": "bundler"}],
  "InternalResolutionError": [{"kind": "InternalResolutionError"}]
}}"""
PACKED = Path("/w/packed")
COMMANDS = {
    "npm": npm_linters.commands(PACKED, "a", "1.2.3"),
    "pypi": pypi_linters.commands(PACKED),
}


def told(name: str, stdout: str, stderr: str = "") -> str:
    """As the ecosystem reports what one of its linters printed."""
    (ecosystem,) = (each for each in ECOSYSTEMS if name in each.linters)
    command = COMMANDS[ecosystem.name][name]
    return ecosystem.linter_report(command, Completed(exit_code=1, stdout=stdout, stderr=stderr))


def test_the_problems_of_attw_are_told_without_those_that_its_profile_leaves_out() -> None:
    assert told("attw", ATTW) == "UntypedResolution, InternalResolutionError"


def test_what_attw_says_without_json_is_told_as_it_is() -> None:
    assert told("attw", "", "error while\n  checking file\n") == "error while checking file"


def test_the_sentences_of_a_judge_are_one_line_and_not_endless() -> None:
    assert told("twine", "Checking a.whl:\n  FAILED\n") == "Checking a.whl: FAILED"
    for name in ("publint", "twine"):
        assert len(told(name, "x " * 5000)) == linters.SHOWN_CHARACTERS


def test_a_judge_that_says_nothing_is_told_by_its_exit_code() -> None:
    assert told("check-wheel-contents", "") == "exit code 1"


def test_each_linter_of_an_ecosystem_has_a_command() -> None:
    for ecosystem in ECOSYSTEMS:
        assert ecosystem.linters == tuple(COMMANDS.get(ecosystem.name, ()))
