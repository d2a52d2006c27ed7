"""Which tags are releases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nox_rings.workspace.release_tags import (
    IgnoredTag,
    ReleaseTag,
    TagScheme,
    ignored_tags,
    latest_release,
    latest_release_tag,
)

PRE = TagScheme(pre_releases=True)
RELEASE, RC = 3, 2
LARGE = "9" * 15


@pytest.mark.parametrize(
    ("scheme", "tag", "found"),
    [
        (TagScheme(), "v1.2.3", ReleaseTag(1, 2, 3)),
        (TagScheme(), "v0.0.0", ReleaseTag(0, 0, 0)),
        (TagScheme(), f"v1.0.{LARGE}", ReleaseTag(1, 0, int(LARGE))),
        (TagScheme(), f"v1.0.1{LARGE}", None),
        (TagScheme(), f"v1.0.{'9' * 5000}", None),
        (TagScheme(), "v1.0.٣", None),  # a digit, but none of ASCII
        (TagScheme(), "1.2.3", None),
        (TagScheme(), "v1.2", None),
        (TagScheme(), "v1.2.3.4", None),
        (TagScheme(), "v01.2.3", None),
        (TagScheme(), "V1.2.3", None),
        (TagScheme(), "v1.2.3 ", None),
        (TagScheme(), "v1.2.3\n", None),
        (TagScheme(), "", None),
        (TagScheme(), "v1.2.3-rc.1", None),
        (TagScheme(), "v1.2.3+build", None),
        (PRE, "v1.2.3-rc.1", ReleaseTag(1, 2, 3, RC, 1)),
        (PRE, "v1.2.3-alpha.0", ReleaseTag(1, 2, 3, 0, 0)),
        (PRE, "v1.2.3-beta.12", ReleaseTag(1, 2, 3, 1, 12)),
        (PRE, "v1.2.3", ReleaseTag(1, 2, 3)),
        *((PRE, f"v1.2.3-{word}", None) for word in ("rc1", "rc", "rc.01", "rc.1.2", "next.1", "dev.1", "RC.1")),
        (TagScheme(prefix=""), "1.2.3", ReleaseTag(1, 2, 3)),
        (TagScheme(prefix=""), "v1.2.3", None),
        (TagScheme(prefix="pkg@"), "pkg@1.2.3", ReleaseTag(1, 2, 3)),
        (TagScheme(prefix="sdk/go/v"), "sdk/go/v1.2.3", ReleaseTag(1, 2, 3)),
        (TagScheme(prefix="a.b+"), "a.b+1.2.3", ReleaseTag(1, 2, 3)),
    ],
)
def test_a_release_tag_is_the_prefix_and_three_numbers(scheme: TagScheme, tag: str, found: ReleaseTag | None) -> None:
    assert scheme.parse(tag) == found


@pytest.mark.parametrize(
    ("tags", "latest"),
    [
        ((), None),
        (("v1.2.3",), "v1.2.3"),
        (("v1.9.0", "v1.10.0", "v1.2.11"), "v1.10.0"),
        (("v1.0.0", "v2.0.0-rc.1", "v2.0.0.dev1", "v2.0.0+build"), "v1.0.0"),
        (("v1.0.0", "2.0.0", "v2.0", "v2", "V2.0.0", "v02.0.0", "v2.0.0 "), "v1.0.0"),
        (("v1.0.0", "release-3.0.0", "sdk/v3.0.0", "nightly", ""), "v1.0.0"),
        (("nightly", "v1.0.0-rc.1"), None),
    ],
    ids=["no tag", "one", "numbers, not text", "pre-releases and builds", "almost vX.Y.Z", "other tags", "no release"],
)
def test_the_latest_release_is_the_highest_tag_of_exactly_three_numbers(
    tags: tuple[str, ...], latest: str | None
) -> None:
    assert latest_release_tag(tags) == latest
    assert latest_release_tag(reversed(tags)) == latest


def test_a_pre_release_is_before_its_release_and_in_the_order_of_alpha_beta_rc() -> None:
    ordered = [
        "v1.9.9",
        "v2.0.0-alpha.2",
        "v2.0.0-alpha.11",
        "v2.0.0-beta.1",
        "v2.0.0-rc.1",
        "v2.0.0",
        "v2.0.1-alpha.0",
    ]
    assert sorted(ordered, key=lambda tag: PRE.parse(tag) or ReleaseTag(0, 0, 0)) == ordered
    assert latest_release_tag(ordered[:-2], PRE) == "v2.0.0-rc.1"
    assert latest_release(ordered, PRE) == ReleaseTag(2, 0, 1, 0, 0)


@pytest.mark.parametrize(
    ("tags", "above", "ignored"),
    [
        (("1.2.3",), None, [("1.2.3", TagScheme(prefix=""))]),
        (("pkg@1.2.3", "pkg@1.10.0"), None, [(f"pkg@1.{n}", TagScheme(prefix="pkg@")) for n in ("10.0", "2.3")]),
        (("sdk/go/v1.2.3",), None, [("sdk/go/v1.2.3", TagScheme(prefix="sdk/go/v"))]),
        (("v1.3.0-rc.1",), ReleaseTag(1, 2, 9), [("v1.3.0-rc.1", PRE)]),
        (("v1.3.0-rc.1", "1.2.3"), ReleaseTag(1, 3, 0), []),
        (("x2-1.0.0-beta.2",), None, [("x2-1.0.0-beta.2", TagScheme("x2-", True))]),
        (("v1.2", "nightly", "v1.2.3.4", "1.2.3.4", "2026.01.02", "v1.2.3-rc1", "", "v"), None, []),
        (("v1.2.3", "v9.9.9"), None, []),
    ],
)
def test_tags_of_another_scheme_that_would_decide_are_found_with_the_scheme_that_reads_them(
    tags: tuple[str, ...], above: ReleaseTag | None, ignored: list[tuple[str, TagScheme]]
) -> None:
    assert [(each.tag, each.scheme) for each in ignored_tags(tags, above=above)] == ignored


@given(st.lists(st.text("v1.0-rcpkg@/ \n٣", max_size=12), max_size=5), st.text("v@/", max_size=2), st.booleans())
def test_every_text_is_read_or_not_and_what_is_ignored_is_read_by_its_scheme(
    tags: list[str], prefix: str, pre_releases: bool
) -> None:
    scheme = TagScheme(prefix, pre_releases)
    for each in ignored_tags(tags, scheme):
        assert isinstance(each, IgnoredTag)
        assert scheme.parse(each.tag) is None
        assert each.scheme.parse(each.tag) == each.release
