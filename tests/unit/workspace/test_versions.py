from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from nox_rings.workspace.git.gaps import NO_GAPS, Gaps
from nox_rings.workspace.git.head import Head
from nox_rings.workspace.release_tags import DEFAULT_SCHEME, TagScheme
from nox_rings.workspace.versions import CommitVersions, VersionTuple, commit_versions, compute_versions

SHA = "0123456789abcdef0123456789abcdef01234567"
TIME = 1767323045  # 2026-01-02 03:04:05 UTC
STAMP = "20260102030405"


PRE = TagScheme(pre_releases=True)


def versions(
    *tags: str, here: tuple[str, ...] = (), sha: str = SHA, time: int = TIME, scheme: TagScheme = DEFAULT_SCHEME
) -> VersionTuple:
    all_tags = (*tags, *here)
    return compute_versions(sha=sha, time_seconds=time, tags=all_tags, tags_here=here, seed="0.1.0", scheme=scheme)


def test_a_commit_with_a_release_tag_is_that_release_in_every_ecosystem() -> None:
    assert versions("v1.2.3", here=("v1.3.0",)) == VersionTuple(
        base="1.3.0", channel="release", npm="1.3.0", pypi="1.3.0", go="v1.3.0", oci="1.3.0"
    )


def test_any_other_commit_is_a_pre_release_of_the_next_patch() -> None:
    assert versions("v1.2.3") == VersionTuple(
        base="1.2.4",
        channel="dev",
        npm=f"1.2.4-dev.{STAMP}.g0123456789ab",
        pypi=f"1.2.4.dev{STAMP}00444",
        go=f"v1.2.4-0.{STAMP}-0123456789ab",
        oci=f"1.2.4-dev.{STAMP}.g0123456789ab",
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


def test_without_a_tag_the_seed_is_the_base_and_go_has_the_pseudo_version_for_no_base() -> None:
    """vX.0.0-TIME-COMMIT (https://go.dev/ref/mod#pseudo-versions): v0.1.0-0.… would claim a release before v0.1.0."""
    found = compute_versions(sha=SHA, time_seconds=TIME, tags=("nightly",), tags_here=(), seed="2.3.0")
    assert found == VersionTuple(
        base="2.3.0",
        channel="dev",
        npm=f"2.3.0-dev.{STAMP}.g0123456789ab",
        pypi=f"2.3.0.dev{STAMP}00444",
        go=f"v2.0.0-{STAMP}-0123456789ab",
        oci=f"2.3.0-dev.{STAMP}.g0123456789ab",
    )


def test_a_commit_with_a_pre_release_tag_is_that_pre_release_where_the_configuration_reads_it() -> None:
    assert versions("v1.2.3", here=("v1.3.0-beta.2",), scheme=PRE) == VersionTuple(
        base="1.3.0",
        channel="pre-release",
        npm="1.3.0-beta.2",
        pypi="1.3.0b2",
        go="v1.3.0-beta.2",
        oci="1.3.0-beta.2",
    )
    assert versions("v1.2.3", here=("v1.3.0-rc.2", "v1.3.0"), scheme=PRE).npm == "1.3.0"
    assert versions("v1.2.3", here=("v1.3.0-beta.2",)).base == "1.2.4"


def test_a_commit_after_a_pre_release_sorts_between_it_and_the_next_one() -> None:
    found = versions("v1.2.3", "v1.3.0-rc.1", scheme=PRE)
    assert found == VersionTuple(
        base="1.3.0",
        channel="dev",
        npm=f"1.3.0-rc.1.dev.{STAMP}.g0123456789ab",
        pypi=f"1.3.0rc2.dev{STAMP}00444",
        go=f"v1.3.0-rc.1.0.{STAMP}-0123456789ab",
        oci=f"1.3.0-rc.1.dev.{STAMP}.g0123456789ab",
    )
    for text in (found.npm, found.go.removeprefix("v")):
        assert semver("1.3.0-rc.1") < semver(text) < semver("1.3.0-rc.2") < semver("1.3.0")
    assert Version("1.3.0rc1") < Version(found.pypi) < Version("1.3.0rc2")


@pytest.mark.parametrize(
    ("prefix", "tag"), [("", "1.2.3"), ("pkg@", "pkg@1.2.3"), ("sdk/go/v", "sdk/go/v1.2.3"), ("v", "v1.2.3")]
)
def test_a_scheme_changes_which_tags_count_and_nothing_else(prefix: str, tag: str) -> None:
    others = ("v9.0.0", "9.0.0", "pkg@9.0.0", "sdk/go/v9.0.0")
    tags = (tag, *(each for each in others if each != f"{prefix}9.0.0"))
    assert versions(*tags, scheme=TagScheme(prefix)) == versions("v1.2.3")


@pytest.mark.parametrize(
    ("time", "stamp"),
    [(-5, "19700101000000"), (0, "19700101000000"), (2**63, "99991231235959"), (253402300799, "99991231235959")],
)
def test_a_commit_may_claim_any_time(time: int, stamp: str) -> None:
    assert versions("v1.2.3", time=time).npm == f"1.2.4-dev.{stamp}.g0123456789ab"


def test_an_unborn_branch_has_a_version_too() -> None:
    assert versions(sha="", time=0) == VersionTuple(
        base="0.1.0",
        channel="dev",
        npm="0.1.0-dev.19700101000000.g000000000000",
        pypi="0.1.0.dev1970010100000000000",
        go="v0.0.0-19700101000000-000000000000",
        oci="0.1.0-dev.19700101000000.g000000000000",
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


shas = st.text("0123456789abcdef", min_size=40, max_size=40)


@given(shas, shas, st.sampled_from([("v1.2.3",), (), ("v1.3.0-rc.1",)]))
def test_two_commits_of_one_second_differ_and_sort_alike_everywhere(
    one: str, other: str, tags: tuple[str, ...]
) -> None:
    less, more = (versions(*tags, sha=sha, scheme=PRE) for sha in sorted((one, other)))
    if one[:12] != other[:12]:
        assert semver(less.npm) < semver(more.npm)
        assert semver(less.go.removeprefix("v")) < semver(more.go.removeprefix("v"))
    assert Version(less.pypi) <= Version(more.pypi)


def test_the_five_digits_of_pypi_tell_commits_apart_that_differ_in_their_first_five_digits() -> None:
    found = [versions("v1.2.3", sha=f"{number:05x}{'0' * 35}").pypi for number in range(0, 16**5, 11)]
    assert len(set(found)) == len(found)


@given(st.lists(releases, max_size=3), times)
def test_no_version_has_what_its_ecosystem_refuses(tagged: list[tuple[int, int, int]], time: int) -> None:
    """No plus in a tag of an image, no local segment for PyPI, and the canonical form of PEP 440."""
    found = versions(*(f"v{x}.{y}.{z}" for x, y, z in tagged), time=time)
    assert "+" not in found.oci and re.fullmatch(r"\w[\w.-]{0,127}", found.oci)
    assert Version(found.pypi).local is None and str(Version(found.pypi)) == found.pypi
    assert int(found.pypi.rpartition(".dev")[2]) < 2**63  # uv and others keep it in 64 bits
    assert all(int(word) < 2**53 for word in re.split(r"[.-]", found.npm) if word.isdecimal())  # node-semver


def made(
    *,
    here: tuple[str, ...] = (),
    within: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    gaps: Gaps = NO_GAPS,
    sha: str = SHA,
    scheme: TagScheme = DEFAULT_SCHEME,
) -> CommitVersions:
    everywhere = (*tags, *within, *here)
    head = Head(sha=sha, time_seconds=TIME, tags=everywhere, tags_here=here, tags_within=(*within, *here))
    return commit_versions(head, gaps, seed="0.1.0", scheme=scheme)


NO_TAG = "no release tag vX.Y.Z was found"
START = "versions start from"
FETCH = "(in a clone without tags: git fetch --tags)"


@pytest.mark.parametrize(
    ("found", "base", "note"),
    [
        (made(within=("v1.4.2",), tags=("v2.0.0",)), "1.4.3", ""),
        (made(here=("v1.5.0",), tags=("v2.0.0",)), "1.5.0", ""),
        (made(within=("nightly",)), "0.1.0", f"{NO_TAG}: {START} 0.1.0 {FETCH}"),
        (
            made(tags=("v1.4.2",)),
            "1.4.3",
            f"{NO_TAG} before this commit, only v1.4.2 elsewhere: {START} 1.4.3 {FETCH}",
        ),
        (
            made(within=("1.2.3", "1.2.2")),
            "0.1.0",
            f"{NO_TAG}: {START} 0.1.0 {FETCH}; "
            'ignored the tag 1.2.3 and 1 more, which [tool.nox-rings] reads with tag-prefix = ""',
        ),
        (
            made(within=("v1.2.3", "v1.3.0-rc.1")),
            "1.2.4",
            "ignored the tag v1.3.0-rc.1, which [tool.nox-rings] reads with pre-release-tags = true",
        ),
        (
            made(within=("v1.2.3", "pkg@2.0.0-rc.1")),
            "1.2.4",
            'ignored the tag pkg@2.0.0-rc.1, which [tool.nox-rings] reads with tag-prefix = "pkg@" and '
            "pre-release-tags = true",
        ),
        (made(within=("v1.2.3", "pkg@1.0.0", "v1.2.3-rc.1")), "1.2.4", ""),
        (made(within=("v1.2.3",), tags=("2.0.0",)), "1.2.4", ""),
        (
            made(within=("v1.2.3", "1.0.0"), scheme=TagScheme("")),
            "1.0.1",
            'ignored the tag v1.2.3, which [tool.nox-rings] reads with tag-prefix = "v"',
        ),
        (made(sha="", gaps=Gaps(is_cut=True)), "0.1.0", f"{NO_TAG}: {START} 0.1.0 {FETCH}"),
    ],
    ids=[
        *("a maintenance branch", "released here", "no release", "releases on branches of their own", "another scheme"),
        *(
            "a pre-release",
            "another scheme with pre-releases",
            "lower tags of other schemes",
            "another scheme elsewhere",
        ),
        *("the default is another scheme too", "an unborn branch"),
    ],
)
def test_a_complete_clone_knows_its_version_and_tells_what_it_counted_from(
    found: CommitVersions, base: str, note: str
) -> None:
    assert (found.versions.base, found.note, found.refusal, found.hint) == (base, note, "", "")


SHALLOW = (
    "commit 0123456789ab: found a shallow clone, expected the whole history, because versions count from the release "
    "tags before the commit"
)
KEPT_AWAY = "remote.origin.tagopt = --no-tags"
UNFETCHED = (
    f"commit 0123456789ab: found no release tag vX.Y.Z before it and {KEPT_AWAY}, expected the tags of the remote, "
    "because versions count from them"
)
UNSHALLOW = "git fetch --unshallow --tags, or -- --allow-shallow for versions that start from"
FETCH_TAGS = "git fetch --tags && git config --unset remote.origin.tagopt, or -- --allow-shallow"


@pytest.mark.parametrize(
    ("found", "refusal", "hint"),
    [
        (made(gaps=Gaps(is_cut=True)), SHALLOW, f"{UNSHALLOW} 0.1.0"),
        (made(within=("v1.2.3",), gaps=Gaps(is_cut=True)), SHALLOW, f"{UNSHALLOW} 1.2.4"),
        (made(tags=("v1.2.3",), gaps=Gaps(is_cut=True, tags_kept_away=KEPT_AWAY)), SHALLOW, f"{UNSHALLOW} 1.2.4"),
        (made(gaps=Gaps(tags_kept_away=KEPT_AWAY)), UNFETCHED, FETCH_TAGS),
        (made(tags=("v1.2.3",), within=("nightly",), gaps=Gaps(tags_kept_away=KEPT_AWAY)), UNFETCHED, FETCH_TAGS),
        (made(here=("v1.2.3",), gaps=Gaps(is_cut=True, tags_kept_away=KEPT_AWAY)), "", ""),
        (made(within=("v1.2.3",), gaps=Gaps(tags_kept_away=KEPT_AWAY)), "", ""),
    ],
    ids=[
        *("shallow", "shallow with a tag before the cut", "shallow without tags", "no tags are fetched"),
        *("no tags are fetched but one", "a tag on the commit decides alone", "a tag before the commit is known"),
    ],
)
def test_a_clone_that_may_lack_release_tags_knows_no_version(found: CommitVersions, refusal: str, hint: str) -> None:
    assert (found.refusal, found.hint) == (refusal, hint)
