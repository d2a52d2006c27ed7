"""What `doctor` prints and when it fails."""

from __future__ import annotations

import pytest

from nox_rings.toolchain.doctor import Condition, ToolStatus, as_json, can_run, table_lines, verdict

THERE = ToolStatus(name="git", wanted=">= 2.30", found="2.39.5", where="/usr/bin/git")
LATER = ToolStatus(name="buf", wanted="1.75.0", how="pyproject.toml, group tools", condition=Condition.INSTALLABLE)
MISSING = ToolStatus(name="engine", wanted="docker", how="start Docker", condition=Condition.MISSING)
OLD = ToolStatus(name="node", wanted=">= 22", found="20.1", where="/n", how="get it", condition=Condition.TOO_OLD)
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
        ([THERE], True, "the sessions can run"),
        ([THERE, LATER], True, "the sessions can run; buf come on first need"),
        ([THERE, LITTLE], True, "the sessions can run"),
        ([LATER, MISSING, OLD], False, "the sessions cannot run: engine missing; node too old"),
    ],
)
def test_only_what_is_missing_or_too_old_stops_the_sessions(rows: list[ToolStatus], runs: bool, message: str) -> None:
    assert can_run(rows) is runs
    assert verdict(rows) == message
    assert as_json(rows)["ok"] is runs


def test_json_has_every_column() -> None:
    assert as_json([OLD]) == {
        "ok": False,
        "tools": [
            {
                "name": "node",
                "wanted": ">= 22",
                "found": "20.1",
                "where": "/n",
                "how": "get it",
                "condition": "too old",
            }
        ],
    }
