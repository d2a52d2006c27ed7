from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nox_rings.ecosystems.findings import FindingKind as ArtifactFindingKind
from nox_rings.engine.findings import Finding, ordered
from nox_rings.schema.findings import FindingKind

WHOLE = Finding(
    kind=FindingKind.LINT,
    path="proto/a.proto",
    line=7,
    rule="MESSAGE_PASCAL_CASE",
    message='Message name "bad" should be PascalCase.',
    fix="edit proto/a.proto:7, then nox -s proto",
)
BARE = Finding(kind=FindingKind.MISSING, path="ts/gen/a.ts", message="found nothing, expected a stub")


@pytest.mark.parametrize(
    ("finding", "location", "text"),
    [
        (
            WHOLE,
            "proto/a.proto:7",
            'proto/a.proto:7: lint: Message name "bad" should be PascalCase. (MESSAGE_PASCAL_CASE)',
        ),
        (
            replace(WHOLE, line=0),
            "proto/a.proto",
            'proto/a.proto: lint: Message name "bad" should be PascalCase. (MESSAGE_PASCAL_CASE)',
        ),
        (
            replace(WHOLE, rule=""),
            "proto/a.proto:7",
            'proto/a.proto:7: lint: Message name "bad" should be PascalCase.',
        ),
        (BARE, "ts/gen/a.ts", "ts/gen/a.ts: missing: found nothing, expected a stub"),
    ],
    ids=["all of it", "no line", "no rule of a tool", "neither"],
)
def test_a_finding_is_a_line_that_an_editor_can_follow(finding: Finding, location: str, text: str) -> None:
    assert finding.location == location
    assert str(finding) == text


@pytest.mark.parametrize(
    ("finding", "document"),
    [
        (
            WHOLE,
            {
                "kind": "lint",
                "path": "proto/a.proto",
                "line": 7,
                "rule": "MESSAGE_PASCAL_CASE",
                "message": 'Message name "bad" should be PascalCase.',
                "fix": "edit proto/a.proto:7, then nox -s proto",
            },
        ),
        (
            BARE,
            {"kind": "missing", "path": "ts/gen/a.ts", "message": "found nothing, expected a stub", "fix": ""},
        ),
    ],
    ids=["all of it", "without a line and a rule"],
)
def test_a_machine_gets_no_line_and_no_rule_where_there_are_none(finding: Finding, document: dict[str, Any]) -> None:
    assert finding.as_json() == document
    assert type(finding.as_json()["kind"]) is str


def test_findings_are_reported_by_path_line_kind_and_message() -> None:
    wanted = (
        replace(WHOLE, path="a.proto", line=9),
        replace(WHOLE, path="b.proto", line=2),
        replace(WHOLE, path="b.proto", line=10, kind=FindingKind.BREAKING),
        replace(WHOLE, path="b.proto", line=10, message="a"),
        replace(WHOLE, path="b.proto", line=10, message="b"),
    )
    assert ordered(reversed(wanted)) == wanted


def test_a_finding_is_reported_once_though_two_checks_found_it() -> None:
    assert ordered([WHOLE, BARE, WHOLE]) == (WHOLE, BARE)


def test_findings_that_differ_in_their_fix_alone_are_two() -> None:
    assert len(ordered([WHOLE, replace(WHOLE, fix="another")])) == 2


def test_the_kinds_are_a_closed_set_with_these_names() -> None:
    """Machines branch on them: a new name needs a line here, and an old one must not vanish."""
    assert [str(kind) for kind in (*FindingKind, *ArtifactFindingKind)] == [
        *("invalid-schema", "unformatted", "lint", "breaking", "deleted-field", "renumbered-field"),
        *("expired-exception", "unused-exception", "foreign-template", "unapproved-root", "missing-plugin"),
        *("plugin-failed", "nothing-inspected", "schema-drift", "template-drift", "plugin-drift", "hand-edit"),
        *("stray-file", "missing"),
        *("foreign-sibling", "contract", "uninstallable", "consumer-error", "nothing-inspected"),
    ]
