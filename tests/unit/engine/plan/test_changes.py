"""All that differs from the last success of a target: kind, key, then, now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nox_rings.engine.plan.changes import changes_of
from nox_rings.engine.plan.reasons import reason_to_run
from nox_rings.engine.plan.records import Facts, Record
from unit.targets import a_target

TARGET = replace(a_target("sdk:ts", dependencies=("stubs:ts",), outputs=("dist",)), signs=("mark",))
THEN = Facts(
    inputs={"a.ts": "1", "lock#ts": "2"},
    outputs={"dist/a.js": "3"},
    tools={"node": "24.1.0"},
    recipe="r1",
    extra={"version": "1.0.0", "$REGION": "4", "lock#tests": "5"},
    signs={"mark": "6", "earlier": "7"},
)
STUBS = Record(facts=Facts(outputs={"gen/a.ts": "8"}))
RECORD = Record(facts=THEN, dependencies={"stubs:ts": STUBS.digest})
Rows = list[tuple[str, str, str, str]]


@pytest.mark.parametrize(
    ("now", "rows"),
    [
        (THEN, []),
        (replace(THEN, inputs={"a.ts": "x", "b.ts": "y"}), [
            ("input-changed", "a.ts", "1", "x"),
            ("input-changed", "b.ts", "", "y"),
            ("input-changed", "lock#ts", "2", ""),
        ]),
        (replace(THEN, tools={"node": "24.2.0", "pnpm": "12"}), [
            ("tool-changed", "node", "24.1.0", "24.2.0"),
            ("tool-changed", "pnpm", "", "12"),
        ]),
        (replace(THEN, recipe="r2"), [("command-changed", "sdk:ts", "r1", "r2")]),
        (replace(THEN, extra={"version": "1.1.0", "$ZONE": "9", "lock#tests": "z"}), [
            ("environment-changed", "REGION", "not shown", ""),
            ("environment-changed", "ZONE", "", "not shown"),
            ("input-changed", "lock#tests", "5", "z"),
            ("version-changed", "version", "1.0.0", "1.1.0"),
        ]),
        (replace(THEN, outputs={"dist/a.js": "x"}), [("output-edited", "dist/a.js", "3", "x")]),
        (replace(THEN, outputs={"dist/b.js": "x"}), [
            ("output-missing", "dist/a.js", "3", ""),
            ("output-stray", "dist/b.js", "", "x"),
        ]),
        (replace(THEN, signs={}), [("output-missing", "mark", "6", "")]),
        (replace(THEN, signs={"mark": "x"}), [("output-edited", "mark", "6", "x")]),
    ],
    ids=["nothing", "files", "tools", "recipe", "extra", "edited", "missing and stray", "no sign", "another sign"],
)  # fmt: skip
def test_changes_are_told_with_old_and_new_value(now: Facts, rows: Rows) -> None:
    found = changes_of(TARGET, RECORD, now, lambda other: STUBS.digest)
    assert sorted(map(tuple, found)) == rows
    reason = reason_to_run(TARGET, now, {"sdk:ts": RECORD, "stubs:ts": STUBS})
    assert reason.kind in ({each.kind for each in found} or {"fresh"})


def test_a_dependency_that_came_out_otherwise_is_a_change() -> None:
    found = changes_of(TARGET, RECORD, THEN, lambda other: "other")
    assert list(map(tuple, found)) == [("dependency", "stubs:ts", STUBS.digest, "other")]


def test_what_cannot_be_read_now_is_no_change_where_it_may_be_so() -> None:
    target = replace(TARGET, inputs=replace(TARGET.inputs, unreadable=("a.ts",)))
    now = replace(THEN, inputs={"a.ts": "?:gone", "lock#ts": "2"})
    assert changes_of(target, RECORD, now, lambda other: STUBS.digest) == ()
