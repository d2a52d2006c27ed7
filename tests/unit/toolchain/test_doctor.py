"""What `doctor` prints and when it fails."""

from __future__ import annotations

import pytest

from nox_rings.toolchain.doctor import Condition, DoctorReport, ToolStatus, as_json, table_lines, verdict

THERE = ToolStatus(name="git", wanted=">= 2.30", found="2.39.5", where="/usr/bin/git")
LATER = ToolStatus(name="buf", wanted="1.75.0", how="pyproject.toml, group tools", condition=Condition.INSTALLABLE)
MISSING = ToolStatus(name="engine", wanted="docker", how="start Docker", condition=Condition.MISSING)
OLD = ToolStatus(
    name="node", wanted=">= 22", found="20.1", where="/n", how="get it", condition=Condition.TOO_OLD, origin="PATH"
)
LITTLE = ToolStatus(name="disk space", wanted=">= 8 GB", found="1 GB", how="free some", condition=Condition.OPTIONAL)


def test_the_table_has_a_line_for_each_tool_and_says_how_to_get_what_lacks() -> None:
    assert table_lines([THERE, LATER, OLD]) == [
        "tool  wanted   found   where         how to get it",
        "git   >= 2.30  2.39.5  /usr/bin/git",
        "buf   1.75.0   -       -             installed on first need: pyproject.toml, group tools",
        "node  >= 22    20.1    /n            too old: get it",
    ]


def test_paths_below_the_workspace_are_shown_relative_to_it() -> None:
    assert table_lines([THERE], root="/usr")[1].endswith("bin/git")


@pytest.mark.parametrize(
    ("rows", "runs", "message"),
    [
        ((THERE,), True, "the sessions can run"),
        ((THERE, LATER), True, "the sessions can run; installed on first need: buf"),
        ((THERE, LITTLE), True, "the sessions can run"),
        ((LATER, MISSING, OLD), False, "the sessions cannot run: engine missing; node too old"),
    ],
)
def test_only_what_is_missing_or_too_old_stops_the_sessions(
    rows: tuple[ToolStatus, ...], runs: bool, message: str
) -> None:
    report = DoctorReport(rows=rows)
    assert (report.ok, as_json(report)["ok"], verdict(report)) == (runs, runs, message)


def test_a_workspace_that_cannot_be_read_is_a_problem_beside_the_tools() -> None:
    report = DoctorReport(rows=(THERE, MISSING), problem="pyproject.toml: found text that is not TOML")
    unknown = "the targets of this workspace are not known: pyproject.toml: found text that is not TOML"
    assert verdict(report) == f"the sessions cannot run: engine missing; {unknown}"
    assert as_json(report)["problem"] == "pyproject.toml: found text that is not TOML"
    assert not DoctorReport(rows=(THERE,), problem="x").ok


def test_json_has_every_column() -> None:
    assert as_json(DoctorReport(rows=(OLD,))) == {
        "ok": False,
        "tools": [
            {
                "name": "node",
                "wanted": ">= 22",
                "found": "20.1",
                "where": "/n",
                "how": "get it",
                "origin": "PATH",
                "condition": "too old",
            }
        ],
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (OLD, "node: found 20.1 (/n), expected node 22 or later; get it"),
        (
            ToolStatus(name="protoc-gen-mine", wanted="any", how="pin it", condition=Condition.MISSING),
            "protoc-gen-mine: found none on PATH, expected protoc-gen-mine; pin it",
        ),
    ],
)
def test_what_blocks_is_a_sentence_with_the_way_to_get_it(row: ToolStatus, sentence: str) -> None:
    assert row.problem == sentence
