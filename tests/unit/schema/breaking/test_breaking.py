from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from nox_rings.engine.findings import Finding
from nox_rings.schema.breaking.descriptors import Renumbering
from nox_rings.schema.breaking.model import (
    Baseline,
    BreakingException,
    deleted_field_message,
    named_finely,
    pair_modules,
    remaining_findings,
)
from nox_rings.schema.findings import FindingKind

TODAY = date(2026, 3, 31)
DELETED = Finding(
    kind=FindingKind.BREAKING,
    path="proto/a.proto",
    line=4,
    rule="FIELD_NO_DELETE",
    message='Previously present field "2" with name "note" on message "Item" was deleted.',
    fix="git restore",
)
OTHER = replace(DELETED, line=9, message='Previously present field "3" with name "size" on message "Item" was deleted.')
RENAMED = replace(DELETED, rule="FIELD_SAME_NAME", message='Field "1" on message "Item" changed name.')
ALLOWED = BreakingException(
    rule="FIELD_NO_DELETE",
    path="proto/a.proto",
    reason="nobody reads it",
    until=date(2026, 6, 30),
    location="tool.nox-rings.proto.exceptions[0]",
    line=12,
)
UNUSED = Finding(
    kind=FindingKind.UNUSED_EXCEPTION,
    path="pyproject.toml",
    line=12,
    rule="FIELD_NO_DELETE",
    message="found an exception that nothing needs, expected FIELD_NO_DELETE in proto/a.proto",
    fix="delete tool.nox-rings.proto.exceptions[0]",
)
EXPIRED = Finding(
    kind=FindingKind.EXPIRED_EXCEPTION,
    path="pyproject.toml",
    line=12,
    rule="FIELD_NO_DELETE",
    message="found an exception for proto/a.proto that ended on 2026-03-30, expected a later day",
    fix="delete tool.nox-rings.proto.exceptions[0] and undo the change, or give it a new `until`",
)
ENDED = replace(ALLOWED, until=date(2026, 3, 30))
LAST_DAY = replace(ALLOWED, until=TODAY)
EXACT = replace(ALLOWED, message=DELETED.message)


@pytest.mark.parametrize(
    ("found", "exceptions", "reported"),
    [
        ([], [], []),
        ([DELETED, RENAMED], [], [DELETED, RENAMED]),
        ([DELETED], [ALLOWED], []),
        ([DELETED], [LAST_DAY], []),
        ([DELETED], [ENDED], [DELETED, EXPIRED]),
        ([], [ENDED], [EXPIRED]),
        ([], [ALLOWED], [UNUSED]),
        ([DELETED, OTHER], [ALLOWED], []),
        ([DELETED, OTHER], [EXACT], [OTHER]),
        ([OTHER], [EXACT], [OTHER, UNUSED]),
        ([RENAMED], [ALLOWED], [RENAMED, UNUSED]),
        ([replace(DELETED, path="proto/b.proto")], [ALLOWED], [replace(DELETED, path="proto/b.proto"), UNUSED]),
        ([DELETED, RENAMED], [ALLOWED, replace(ALLOWED, rule="FIELD_SAME_NAME")], []),
        ([DELETED], [ALLOWED, ALLOWED], []),
        ([DELETED], [ENDED, ALLOWED], [EXPIRED]),
        ([DELETED, OTHER], [ENDED, EXACT], [OTHER, EXPIRED]),
    ],
    ids=[
        *("nothing", "nothing allowed", "excused", "the day until itself counts", "ended yesterday"),
        *("ended and not needed: reported once", "not needed", "all of a rule in a file", "that message only"),
        *("other words", "another rule", "another file", "several", "twice", "ended beside one that holds"),
        "ended beside exact words",
    ],
)
def test_a_finding_is_reported_unless_a_live_entry_covers_it_and_so_is_an_entry_without_use(
    found: Sequence[Finding], exceptions: Sequence[BreakingException], reported: list[Finding]
) -> None:
    assert list(remaining_findings(found, exceptions, today=TODAY, file="pyproject.toml")) == reported


def test_an_entry_of_unknown_line_is_reported_without_one() -> None:
    (finding,) = remaining_findings([], [replace(ALLOWED, line=0)], today=TODAY, file="pyproject.toml")
    assert finding.location == "pyproject.toml"


@pytest.mark.parametrize(
    ("now", "then", "pairs"),
    [
        ({}, {}, {}),
        ({"a": ["x"]}, {}, {}),
        ({}, {"a": ["x"]}, {}),
        ({"a": ["x"]}, {"a": ["y"]}, {"a": "a"}),
        ({"new": ["x", "y"]}, {"old": ["x"]}, {"new": "old"}),
        ({"new": ["x"]}, {"old": ["y"]}, {}),
        ({"new": []}, {"old": []}, {}),
        ({"new": ["x", "y", "z"]}, {"less": ["x"], "more": ["y", "z"]}, {"new": "more"}),
        ({"a": ["x"], "new": ["x"]}, {"a": ["x"]}, {"a": "a"}),
        ({"b": ["x"], "c": ["y"]}, {"d": ["y"], "e": ["x"]}, {"b": "e", "c": "d"}),
        ({"a": ["y"], "b": ["x"]}, {"a": ["x"], "b": ["y"]}, {"a": "a", "b": "b"}),
        ({"b": ["x"], "c": ["x"]}, {"old": ["x"]}, {"b": "old"}),
    ],
    ids=[
        *("nothing", "all new", "all gone", "same folder", "moved", "new beside one that is gone", "empty ones"),
        *("most files in common", "copied: the old one keeps its place", "two moved", "swapped: by folder"),
        "one earlier module is compared once",
    ],
)
def test_a_module_is_compared_with_its_folder_or_with_the_one_it_came_from(
    now: dict[str, list[str]], then: dict[str, list[str]], pairs: dict[str, str]
) -> None:
    assert pair_modules(now, then) == pairs


RENUMBERED = Renumbering(file="a.proto", message="Item", field="note", before=2, after=5, line=6, message_line=4)


@pytest.mark.parametrize(
    ("finding", "renumbered", "named"),
    [
        (RENAMED, [RENUMBERED], RENAMED),
        (DELETED, [], replace(DELETED, kind=FindingKind.DELETED_FIELD)),
        (
            DELETED,
            [RENUMBERED],
            replace(
                DELETED,
                kind=FindingKind.RENUMBERED_FIELD,
                line=6,
                message='Field "note" on message "Item" has number 5, had 2.',
            ),
        ),
        (
            DELETED,
            [replace(RENUMBERED, line=0, message_line=0)],
            replace(
                DELETED,
                kind=FindingKind.RENUMBERED_FIELD,
                line=4,
                message='Field "note" on message "Item" has number 5, had 2.',
            ),
        ),
        (
            DELETED,
            [replace(RENUMBERED, field="size", before=3), replace(RENUMBERED, after=7)],
            replace(
                DELETED,
                kind=FindingKind.RENUMBERED_FIELD,
                line=6,
                message='Field "note" on message "Item" has number 7, had 2.',
            ),
        ),
        (
            replace(
                DELETED,
                rule="FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
                message=DELETED.message.replace("deleted.", 'deleted without reserving the number "2".'),
            ),
            [RENUMBERED],
            replace(
                DELETED,
                kind=FindingKind.RENUMBERED_FIELD,
                rule="FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
                line=6,
                message='Field "note" on message "Item" has number 5, had 2.',
            ),
        ),
        (DELETED, [replace(RENUMBERED, line=16, message_line=14)], replace(DELETED, kind=FindingKind.DELETED_FIELD)),
        (
            replace(DELETED, line=14),
            [RENUMBERED, replace(RENUMBERED, line=16, message_line=14)],
            replace(
                DELETED,
                kind=FindingKind.RENUMBERED_FIELD,
                line=16,
                message='Field "note" on message "Item" has number 5, had 2.',
            ),
        ),
        (DELETED, [replace(RENUMBERED, message="Other")], replace(DELETED, kind=FindingKind.DELETED_FIELD)),
        (DELETED, [replace(RENUMBERED, field="other")], replace(DELETED, kind=FindingKind.DELETED_FIELD)),
        (DELETED, [replace(RENUMBERED, before=22)], replace(DELETED, kind=FindingKind.DELETED_FIELD)),
    ],
    ids=[
        *("another rule", "deleted", "renumbered", "on an unknown line", "one of several"),
        "by a weaker rule",
        *("in another message of that name", "in each of two messages of that name"),
        *("in another message", "another field", "another number"),
    ],
)
def test_a_missed_field_is_named_deleted_or_renumbered(
    finding: Finding, renumbered: list[Renumbering], named: Finding
) -> None:
    assert named_finely(finding, renumbered) == named


def test_the_message_for_a_deleted_field_is_bufs_own() -> None:
    """As buf 1.75 prints it; it names the message by its last name."""
    assert f"{deleted_field_message('Item', 'note', 2)}." == DELETED.message


def test_a_baseline_is_shown_by_its_short_commit_and_why() -> None:
    baseline = Baseline(tree="t" * 40, folder="proto", commit="0123456789abcdef" * 2, why="merge base with origin/main")
    assert str(baseline) == "0123456789ab (merge base with origin/main)"
