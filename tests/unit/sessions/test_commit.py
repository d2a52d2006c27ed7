"""What is kept of the commit checked out, and when it counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nox_rings.sessions.commit import (
    VersionSettings,
    parsed_commit,
    parsed_settings,
    refs_key,
    rendered_commit,
    settings_of,
)
from nox_rings.workspace.config import Config
from nox_rings.workspace.release_tags import TagScheme
from nox_rings.workspace.versions import CommitVersions, compute_versions

SETTINGS = VersionSettings("0.1.0", "v", False)
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


def test_nothing_is_kept_where_the_key_is_not_known() -> None:
    assert refs_key("refs", None, SETTINGS) == ""
    assert parsed_commit(kept(""), "") is None


def test_a_moved_ref_a_deepened_clone_and_other_settings_each_change_the_key() -> None:
    keys = [
        refs_key("refs", "", SETTINGS),
        refs_key("other refs", "", SETTINGS),
        refs_key("refs", "b\n", SETTINGS),
        refs_key("refs", "", SETTINGS._replace(seed="0.2.0")),
        refs_key("refs", "", SETTINGS._replace(tag_prefix="")),
        refs_key("refs", "", SETTINGS._replace(pre_release_tags=True)),
    ]
    assert len(set(keys)) == len(keys)


def test_settings_come_back_as_they_were() -> None:
    assert settings_of(Config(seed_version="1.0.0", tag_prefix="x@")) == VersionSettings("1.0.0", "x@", False)
    assert parsed_settings(json.loads(json.dumps(SETTINGS))) == SETTINGS
    assert SETTINGS.scheme == TagScheme("v", False)


@pytest.mark.parametrize("document", [None, "x", [], ["0.1.0"], ["0.1.0", "v", 1], ["0.1.0", "v", True, 1], {"a": 1}])
def test_damaged_settings_count_as_none(document: object) -> None:
    assert parsed_settings(document) is None
