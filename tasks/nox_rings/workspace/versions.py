"""One version tuple for all ecosystems (design.md, "Decisions where the sources disagree").

A release is a commit with a tag `vX.Y.Z`; anything else is a pre-release of the next patch, so that it sorts after
the last release in SemVer and in PEP 440 alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

RELEASE_TAG = re.compile(r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


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
    the epoch, the versions of what is made from it, and a `note` about where they come from."""

    sha: str
    time_seconds: int
    versions: VersionTuple
    note: str = ""


def compute_versions(
    *, sha: str, time_seconds: int, tags: Iterable[str], tags_here: Iterable[str], seed: str
) -> VersionTuple:
    """The tuple of a commit: its full SHA, its committer time (seconds since the epoch), the tags that it descends
    from, the tags on it.

    `seed` (X.Y.Z) is the base of a repository without any release tag. The Go version of a pre-release is the
    pseudo-version of the commit (https://go.dev/ref/mod#pseudo-versions): a module proxy needs one that no tag has."""
    here = max(filter(None, map(_parsed, tags_here)), default=None)
    if here:
        text = ".".join(map(str, here))
        return VersionTuple(base=text, channel="release", npm=text, pypi=text, go=f"v{text}", oci=text)
    latest = max(filter(None, map(_parsed, tags)), default=None)
    major, minor, patch = (latest[0], latest[1], latest[2] + 1) if latest else _parsed(f"v{seed}") or (0, 1, 0)
    base = f"{major}.{minor}.{patch}"
    stamp = datetime.fromtimestamp(time_seconds, UTC).strftime("%Y%m%d%H%M%S")
    pseudo = f"v{base}-0.{stamp}-{(sha or '0' * 12)[:12]}"
    npm = f"{base}-dev.{stamp}"
    return VersionTuple(base=base, channel="dev", npm=npm, pypi=f"{base}.dev{stamp}", go=pseudo, oci=npm)


def counted_tags(*, within: Iterable[str], everywhere: Iterable[str]) -> tuple[str, ...]:
    """The tags that a version is computed from: those that the commit descends from. Where there is no release among
    them (a clone without history, releases on branches of their own) all, so that nothing sorts below a release."""
    found = tuple(within)
    return found if latest_release_tag(found) else tuple(everywhere)


def missing_tags_note(*, within: Iterable[str], everywhere: Iterable[str], base: str) -> str:
    """What to tell where no release tag is found before the commit; empty where there is one."""
    if latest_release_tag(within):
        return ""
    other = latest_release_tag(everywhere)
    where = (
        f"no release tag was found before this commit, only {other} elsewhere" if other else "no release tag was found"
    )
    return f"{where}: versions start from {base} (in a clone without tags: git fetch --tags, if shallow --unshallow)"


def latest_release_tag(tags: Iterable[str]) -> str | None:
    """The tag of the highest release; others than `vX.Y.Z` do not count."""
    return max((tag for tag in tags if _parsed(tag)), key=lambda tag: _parsed(tag) or (0, 0, 0), default=None)


def _parsed(tag: str) -> tuple[int, int, int] | None:
    match = RELEASE_TAG.fullmatch(tag)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
