from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from nox_rings.workspace.versions import (
    VersionTuple,
    compute_versions,
    counted_tags,
    latest_release_tag,
    missing_tags_note,
)

SHA = "0123456789abcdef0123456789abcdef01234567"
TIME = 1767323045  # 2026-01-02 03:04:05 UTC
STAMP = "20260102030405"


def versions(*tags: str, here: tuple[str, ...] = (), sha: str = SHA, time: int = TIME) -> VersionTuple:
    return compute_versions(sha=sha, time_seconds=time, tags=(*tags, *here), tags_here=here, seed="0.1.0")


def test_a_commit_with_a_release_tag_is_that_release_in_every_ecosystem() -> None:
    assert versions("v1.2.3", here=("v1.3.0",)) == VersionTuple(
        base="1.3.0", channel="release", npm="1.3.0", pypi="1.3.0", go="v1.3.0", oci="1.3.0"
    )


def test_any_other_commit_is_a_pre_release_of_the_next_patch() -> None:
    assert versions("v1.2.3") == VersionTuple(
        base="1.2.4",
        channel="dev",
        npm=f"1.2.4-dev.{STAMP}",
        pypi=f"1.2.4.dev{STAMP}",
        go=f"v1.2.4-0.{STAMP}-0123456789ab",
        oci=f"1.2.4-dev.{STAMP}",
    )


@pytest.mark.parametrize(
    ("tags", "here", "base"),
    [
        ((), (), "0.1.0"),
        (("v0.1.0",), (), "0.1.1"),
        (("v1.9.0", "v1.10.0"), (), "1.10.1"),
        (("v1.2.3", "v2.0.0-rc.1", "v2.0", "2.0.0", "v02.0.0", "release-3.0.0"), (), "1.2.4"),
        (("v1.0.0",), ("v1.1.0", "v1.0.5"), "1.1.0"),
        (("v1.0.0",), ("nightly",), "1.0.1"),
    ],
    ids=["no tag: the seed", "next patch", "numbers", "only vX.Y.Z is a release", "highest tag here", "other tag here"],
)
def test_the_base_is_the_tag_here_or_the_patch_after_the_highest_tag(
    tags: tuple[str, ...], here: tuple[str, ...], base: str
) -> None:
    assert versions(*tags, here=here).base == base


@pytest.mark.parametrize(
    ("tags", "latest"),
    [
        ((), None),
        (("v1.2.3",), "v1.2.3"),
        (("v1.9.0", "v1.10.0", "v1.2.11"), "v1.10.0"),
        (("v0.0.0",), "v0.0.0"),
        (("v1.0.0", "v2.0.0-rc.1", "v2.0.0.dev1", "v2.0.0+build"), "v1.0.0"),
        (("v1.0.0", "2.0.0", "v2.0", "v2", "V2.0.0", "v02.0.0", "v2.0.0 "), "v1.0.0"),
        (("v1.0.0", "release-3.0.0", "sdk/v3.0.0", "nightly", ""), "v1.0.0"),
        (("nightly", "v1.0.0-rc.1"), None),
    ],
    ids=[
        *("no tag", "one", "numbers, not text", "zero is a release", "pre-releases and builds", "almost vX.Y.Z"),
        *("other tags", "no release"),
    ],
)
def test_the_latest_release_is_the_highest_tag_of_exactly_three_numbers(
    tags: tuple[str, ...], latest: str | None
) -> None:
    assert latest_release_tag(tags) == latest
    assert latest_release_tag(reversed(tags)) == latest


def test_an_unborn_branch_has_a_version_too() -> None:
    assert versions(sha="", time=0) == VersionTuple(
        base="0.1.0",
        channel="dev",
        npm="0.1.0-dev.19700101000000",
        pypi="0.1.0.dev19700101000000",
        go="v0.1.0-0.19700101000000-000000000000",
        oci="0.1.0-dev.19700101000000",
    )


# Precedence of SemVer 2.0.0 §11, and the form of §9: no leading zero in a numeric identifier.
SEMVER = re.compile(
    r"(?P<core>(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))"
    r"(?:-(?P<pre>(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*))?"
)
Precedence = tuple[tuple[int, ...], int, tuple[tuple[int, int, str], ...]]


def semver(text: str) -> Precedence:
    """A key that sorts as SemVer does: a pre-release before its release, numbers before words and by value."""
    match = SEMVER.fullmatch(text)
    assert match, f"{text} is not SemVer"
    pre = tuple(
        (0, int(word), "") if word.isdigit() else (1, 0, word) for word in (match["pre"] or "").split(".") if word
    )
    return tuple(map(int, match["core"].split("."))), 0 if pre else 1, pre


@pytest.mark.parametrize(
    ("smaller", "greater"),
    [("1.0.0-alpha", "1.0.0-alpha.1"), ("1.0.0-beta.2", "1.0.0-beta.11"), ("1.0.0-rc.1", "1.0.0"), ("1.9.0", "1.10.0")],
)
def test_the_precedence_written_here_sorts_the_examples_of_the_specification(smaller: str, greater: str) -> None:
    assert semver(smaller) < semver(greater)


numbers = st.integers(0, 40)
releases = st.tuples(numbers, numbers, numbers)
times = st.integers(0, 4102444800)  # until 2100


@given(st.lists(releases, min_size=1, max_size=5), times)
def test_a_dev_version_sorts_after_the_last_release_and_before_the_next_one(
    tagged: list[tuple[int, int, int]], time: int
) -> None:
    found = versions(*(f"v{x}.{y}.{z}" for x, y, z in tagged), time=time)
    x, y, z = max(tagged)
    last = f"{x}.{y}.{z}"
    for following in (f"{x}.{y}.{z + 1}", f"{x}.{y + 1}.0", f"{x + 1}.0.0"):
        assert semver(last) < semver(found.npm) < semver(following)
        assert semver(last) < semver(found.go.removeprefix("v")) < semver(following)
        assert Version(last) < Version(found.pypi) < Version(following)


@given(times, times)
def test_a_later_commit_has_the_greater_version(one: int, other: int) -> None:
    earlier, later = (versions("v1.2.3", time=time) for time in sorted((one, other)))
    assert semver(earlier.npm) <= semver(later.npm)
    assert Version(earlier.pypi) <= Version(later.pypi)
    assert (semver(earlier.npm) == semver(later.npm)) is (one == other)


@given(st.lists(releases, max_size=3), times)
def test_no_version_has_what_its_ecosystem_refuses(tagged: list[tuple[int, int, int]], time: int) -> None:
    """No plus in a tag of an image, no local segment for PyPI, and the canonical form of PEP 440."""
    found = versions(*(f"v{x}.{y}.{z}" for x, y, z in tagged), time=time)
    assert "+" not in found.oci and re.fullmatch(r"\w[\w.-]{0,127}", found.oci)
    assert Version(found.pypi).local is None and str(Version(found.pypi)) == found.pypi


@pytest.mark.parametrize(
    ("within", "everywhere", "counted"),
    [
        (("v1.4.2",), ("v1.4.2", "v2.0.0"), ("v1.4.2",)),  # a maintenance branch
        (("nightly",), ("nightly", "v1.4.2"), ("nightly", "v1.4.2")),  # a shallow clone, releases on branches
        ((), (), ()),
    ],
)
def test_tags_that_the_commit_descends_from_count_and_others_where_none_of_them_is_a_release(
    within: tuple[str, ...], everywhere: tuple[str, ...], counted: tuple[str, ...]
) -> None:
    assert counted_tags(within=within, everywhere=everywhere) == counted


@pytest.mark.parametrize(
    ("within", "everywhere", "note"),
    [
        (("v1.4.2",), ("v1.4.2", "v2.0.0"), ""),
        (
            (),
            (),
            "no release tag was found: versions start from 1.4.3 "
            "(in a clone without tags: git fetch --tags, if shallow --unshallow)",
        ),
        (
            (),
            ("v1.4.2",),
            "no release tag was found before this commit, only v1.4.2 elsewhere: versions start from 1.4.3 (in a clone "
            "without tags: git fetch --tags, if shallow --unshallow)",
        ),
    ],
)
def test_a_commit_that_no_release_is_before_is_told(
    within: tuple[str, ...], everywhere: tuple[str, ...], note: str
) -> None:
    assert missing_tags_note(within=within, everywhere=everywhere, base="1.4.3") == note
