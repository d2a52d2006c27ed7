"""What is kept of the commit checked out, and when it counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nox_rings.sessions.commit import parsed_commit, refs_key, rendered_commit
from nox_rings.workspace.versions import CommitVersions, compute_versions

COMMIT = CommitVersions(
    sha="a" * 40,
    time_seconds=1,
    versions=compute_versions(sha="a" * 40, time_seconds=1, tags=(), tags_here=(), seed="1.2.3"),
)


def kept(key: str = "k") -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(rendered_commit(COMMIT, key)))
    return document


def test_it_comes_back_as_it_was_while_the_key_is_the_same() -> None:
    assert parsed_commit(kept(), "k") == COMMIT
    assert parsed_commit(kept(), "other") is None


@pytest.mark.parametrize(
    "document",
    [None, [], {"key": "k"}, {"key": "k", "versions": 1}, {**kept(), "versions": {"base": "1"}}, {**kept(), "x": 1}],
)
def test_what_is_damaged_or_of_another_version_counts_as_none(document: object) -> None:
    assert parsed_commit(document, "k") is None


def test_nothing_is_kept_where_the_key_is_not_known(tmp_path: Path) -> None:
    assert refs_key(tmp_path, "refs", "0.1.0") == ""
    assert parsed_commit(kept(""), "") is None


def test_a_moved_ref_a_deepened_clone_and_another_seed_each_change_the_key(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    first = refs_key(tmp_path, "refs", "0.1.0")
    others = [refs_key(tmp_path, "other refs", "0.1.0"), refs_key(tmp_path, "refs", "0.2.0")]
    (tmp_path / ".git/shallow").write_text("b\n")
    others.append(refs_key(tmp_path, "refs", "0.1.0"))
    assert len({first, *others}) == 4
