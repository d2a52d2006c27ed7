"""One version tuple for all ecosystems (design.md, "Decisions where the sources disagree").

A release is a commit with a release tag; anything else is a pre-release of the next patch, so that it sorts after the
last release in SemVer and in PEP 440 alike. It carries the commit's time, and then the commit: two commits of one
second differ, and sort alike in all ecosystems."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from nox_rings.workspace.git.gaps import Gaps
    from nox_rings.workspace.git.head import Head
    from nox_rings.workspace.release_tags import IgnoredTag, ReleaseTag, TagScheme

LAST_SECOND = 253402300799  # of the year 9999: a commit may claim any time
SHORT_SHA = 12  # digits, as in a pseudo-version of Go


class VersionTuple(NamedTuple):
    """`npm` is SemVer, `pypi` PEP 440, `go` has the leading v, `oci` is a tag (never a `+`)."""

    base: str
    channel: str
    npm: str
    pypi: str
    go: str
    oci: str


class CommitVersions(NamedTuple):
    """The commit that is checked out: its full SHA (empty on an unborn branch), its committer time in seconds since
    the epoch, the versions of what is made from it, and a `note` about where they come from.

    `refusal` is why the versions are only a guess, and `hint` the command that brings what is missing."""

    sha: str
    time_seconds: int
    versions: VersionTuple
    note: str = ""
    refusal: str = ""
    hint: str = ""


def commit_versions(head: Head, gaps: Gaps, *, seed: str, scheme: TagScheme) -> CommitVersions:
    """What is made from `head`, in a clone with `gaps`. A release tag on the commit decides alone; without one the
    version counts from the tags before the commit, and a clone that may lack some of them knows no version."""
    from nox_rings.workspace.release_tags import latest_release

    versions = compute_versions(
        sha=head.sha,
        time_seconds=head.time_seconds,
        tags=counted_tags(within=head.tags_within, everywhere=head.tags, scheme=scheme),
        tags_here=head.tags_here,
        seed=seed,
        scheme=scheme,
    )
    found = CommitVersions(sha=head.sha, time_seconds=head.time_seconds, versions=versions)
    here, within = (latest_release(each, scheme) for each in (head.tags_here, head.tags_within))
    if head.sha and not here and gaps.is_cut:
        refusal = (
            f"commit {head.sha[:SHORT_SHA]}: found a shallow clone, expected the whole history, because versions count "
            "from the release tags before the commit"
        )
        hint = f"git fetch --unshallow --tags, or -- --allow-shallow for versions that start from {versions.base}"
        return found._replace(refusal=refusal, hint=hint)
    if head.sha and not within and gaps.tags_kept_away:
        refusal = (
            f"commit {head.sha[:SHORT_SHA]}: found no release tag {scheme} before it and {gaps.tags_kept_away}, "
            "expected the tags of the remote, because versions count from them"
        )
        hint = f"git fetch --tags && git config --unset {gaps.tags_kept_away.partition(' ')[0]}, or -- --allow-shallow"
        return found._replace(refusal=refusal, hint=hint)
    note = version_note(within=head.tags_within, everywhere=head.tags, base=versions.base, scheme=scheme)
    return found._replace(note=note)


def compute_versions(
    *,
    sha: str,
    time_seconds: int,
    tags: Iterable[str],
    tags_here: Iterable[str],
    seed: str,
    scheme: TagScheme | None = None,
) -> VersionTuple:
    """The tuple of a commit: its full SHA, its committer time (seconds since the epoch), the tags that it descends
    from, the tags on it.

    `seed` (X.Y.Z) is the base of a repository without any release tag."""
    from nox_rings.workspace.release_tags import DEFAULT_SCHEME, ReleaseTag, TagScheme, latest_release

    chosen = scheme or DEFAULT_SCHEME
    if here := latest_release(tags_here, chosen):
        return _tagged(here)
    stamp, commit = _stamp(time_seconds), (sha or "0" * SHORT_SHA)[:SHORT_SHA]
    latest = latest_release(tags, chosen)
    if latest is None:
        first = TagScheme(prefix="").parse(seed) or ReleaseTag(0, 1, 0)
        return _before(first, stamp, commit, go=f"v{first.major}.0.0-")
    if latest.is_release:
        following = latest._replace(patch=latest.patch + 1)
        return _before(following, stamp, commit, go=f"v{following.base}-0.")
    following = latest._replace(number=latest.number + 1)
    return _before(following, stamp, commit, go=f"v{latest.semver}.0.", npm=f"{latest.semver}.")


def _tagged(release: ReleaseTag) -> VersionTuple:
    semver, channel = release.semver, "release" if release.is_release else "pre-release"
    return VersionTuple(
        base=release.base, channel=channel, npm=semver, pypi=_pep440(release), go=f"v{semver}", oci=semver
    )


def _before(following: ReleaseTag, stamp: str, commit: str, *, go: str, npm: str = "") -> VersionTuple:
    """A commit on the way to the release `following`. `npm` and `go` are what comes before the time; a Go version is
    the pseudo-version of the commit, because a module proxy needs one that no tag has, in the form for its base
    (https://go.dev/ref/mod#pseudo-versions).

    The commit follows the time: as text that SemVer compares as text, never as a number, and for PEP 440, which knows
    numbers alone, as its part of 100,000: five digits are what still fits the 64 bits of uv."""
    semver = f"{npm or f'{following.base}-'}dev.{stamp}.g{commit}"
    part = int(commit, 16) * 100_000 >> 4 * len(commit)
    return VersionTuple(
        base=following.base,
        channel="dev",
        npm=semver,
        pypi=f"{_pep440(following)}.dev{stamp}{part:05}",
        go=f"{go}{stamp}-{commit}",
        oci=semver,
    )


def _pep440(release: ReleaseTag) -> str:
    """Its pre-releases are a, b and rc (https://peps.python.org/pep-0440/#pre-releases)."""
    return release.base if release.is_release else f"{release.base}{('a', 'b', 'rc')[release.stage]}{release.number}"


def _stamp(time_seconds: int) -> str:
    """YYYYMMDDHHMMSS in UTC."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(min(max(time_seconds, 0), LAST_SECOND), UTC).strftime("%Y%m%d%H%M%S")


def counted_tags(*, within: Iterable[str], everywhere: Iterable[str], scheme: TagScheme) -> tuple[str, ...]:
    """The tags that a version is computed from: those that the commit descends from. Where there is no release among
    them (releases on branches of their own) all, so that nothing sorts below a release."""
    from nox_rings.workspace.release_tags import latest_release_tag

    found = tuple(within)
    return found if latest_release_tag(found, scheme) else tuple(everywhere)


def version_note(*, within: Iterable[str], everywhere: Iterable[str], base: str, scheme: TagScheme) -> str:
    """Where the version comes from, if not from the tags before the commit; which tags were ignored that would have
    decided about it, and the configuration that reads them. Empty where there is nothing to tell."""
    from nox_rings.workspace.release_tags import ignored_tags, latest_release, latest_release_tag

    before = tuple(within)
    counts = latest_release(before, scheme) is not None
    seen = before if counts else tuple(everywhere)
    sentences = [] if counts else [_missing_sentence(latest_release_tag(seen, scheme), base, scheme)]
    if ignored := ignored_tags(seen, scheme, above=latest_release(seen, scheme)):
        sentences.append(_ignored_sentence(ignored, scheme))
    return "; ".join(sentences)


def _missing_sentence(elsewhere: str | None, base: str, scheme: TagScheme) -> str:
    where = f" before this commit, only {elsewhere} elsewhere" if elsewhere else ""
    return (
        f"no release tag {scheme} was found{where}: versions start from {base} "
        "(in a clone without tags: git fetch --tags)"
    )


def _ignored_sentence(ignored: list[IgnoredTag], scheme: TagScheme) -> str:
    highest = ignored[0]
    settings = [
        *([f"tag-prefix = {json.dumps(highest.scheme.prefix)}"] if highest.scheme.prefix != scheme.prefix else []),
        *(["pre-release-tags = true"] if highest.scheme.pre_releases != scheme.pre_releases else []),
    ]
    more = f" and {len(ignored) - 1} more" if len(ignored) > 1 else ""
    return f"ignored the tag {highest.tag}{more}, which [tool.nox-rings] reads with {' and '.join(settings)}"
