"""Short reports of linters."""

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


def report(name: str, stdout: str, stderr: str = "") -> str:
    """The report of the ecosystem for the output of one of its linters."""
    (ecosystem,) = (each for each in ECOSYSTEMS if name in each.linters)
    command = COMMANDS[ecosystem.name][name]
    return ecosystem.linter_report(command, Completed(exit_code=1, stdout=stdout, stderr=stderr))


def test_the_report_of_attw_has_its_problems_without_those_that_the_profile_ignores() -> None:
    assert report("attw", ATTW) == "UntypedResolution, InternalResolutionError"


def test_output_of_attw_that_is_not_json_is_reported_unchanged() -> None:
    assert report("attw", "", "error while\n  checking file\n") == "error while checking file"


def test_the_report_of_a_linter_is_one_line_of_bounded_length() -> None:
    assert report("twine", "Checking a.whl:\n  FAILED\n") == "Checking a.whl: FAILED"
    for name in ("publint", "twine"):
        assert len(report(name, "x " * 5000)) == linters.SHOWN_CHARACTERS


def test_a_linter_that_prints_nothing_is_reported_by_its_exit_code() -> None:
    assert report("check-wheel-contents", "") == "exit code 1"


def test_each_linter_of_an_ecosystem_has_a_command() -> None:
    for ecosystem in ECOSYSTEMS:
        assert ecosystem.linters == tuple(COMMANDS.get(ecosystem.name, ()))
