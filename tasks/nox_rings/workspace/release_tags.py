"""Which tags are releases: `vX.Y.Z`, or by the scheme that `[tool.nox-rings]` names.

Numbers have at most 15 digits, for that is what every reader takes exactly: node-semver refuses those above 2^53 - 1
(https://github.com/npm/node-semver, MAX_SAFE_INTEGER), uv those above 2^64 - 1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# In the order of SemVer and of PEP 440 alike; last, and without a name, the release itself.
STAGES = ("alpha", "beta", "rc", "")
NUMBER = r"(0|[1-9][0-9]{0,14})"
VERSION = rf"{NUMBER}\.{NUMBER}\.{NUMBER}(?:-(alpha|beta|rc)\.{NUMBER})?"


class ReleaseTag(NamedTuple):
    """X.Y.Z, or a pre-release of it: `stage` is an index of STAGES. Compared, the later version is the greater."""

    major: int
    minor: int
    patch: int
    stage: int = len(STAGES) - 1
    number: int = 0

    @property
    def base(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def is_release(self) -> bool:
        return not STAGES[self.stage]

    @property
    def semver(self) -> str:
        return self.base if self.is_release else f"{self.base}-{STAGES[self.stage]}.{self.number}"


class TagScheme(NamedTuple):
    """Release tags are `prefix` and a version; `pre_releases`: also `-alpha.N`, `-beta.N` and `-rc.N` behind it."""

    prefix: str = "v"
    pre_releases: bool = False

    def parse(self, tag: str) -> ReleaseTag | None:
        if not tag.startswith(self.prefix):
            return None
        found = _parsed(tag.removeprefix(self.prefix))
        return found if found and (found.is_release or self.pre_releases) else None

    def __str__(self) -> str:
        return f"{self.prefix}X.Y.Z{'[-rc.N]' if self.pre_releases else ''}"


DEFAULT_SCHEME = TagScheme()


def latest_release(tags: Iterable[str], scheme: TagScheme = DEFAULT_SCHEME) -> ReleaseTag | None:
    return max(filter(None, map(scheme.parse, tags)), default=None)


def latest_release_tag(tags: Iterable[str], scheme: TagScheme = DEFAULT_SCHEME) -> str | None:
    """The tag of the highest release of the scheme; no other tag counts."""
    known = ((found, tag) for tag in tags if (found := scheme.parse(tag)))
    return max(known, default=(None, None))[1]


class IgnoredTag(NamedTuple):
    """A tag that another scheme reads, and that scheme."""

    release: ReleaseTag
    tag: str
    scheme: TagScheme


def ignored_tags(
    tags: Iterable[str], scheme: TagScheme = DEFAULT_SCHEME, above: ReleaseTag | None = None
) -> list[IgnoredTag]:
    """The tags that would decide about the version if the scheme read them: those of a version higher than `above`;
    the highest first."""
    found = (each for each in _read_otherwise(tags, scheme) if above is None or each.release > above)
    return sorted(found, reverse=True)


def _read_otherwise(tags: Iterable[str], scheme: TagScheme) -> Iterator[IgnoredTag]:
    for tag in tags:
        # A prefix that ends in a digit or a dot would be a part of the number.
        match = None if scheme.parse(tag) else re.fullmatch(rf"((?:.*[^0-9.])?){VERSION}", tag, re.DOTALL)
        release = _parsed(tag.removeprefix(match[1])) if match else None
        if match and release:
            pre_releases = scheme.pre_releases or not release.is_release
            yield IgnoredTag(release, tag, TagScheme(match[1], pre_releases))


def _parsed(text: str) -> ReleaseTag | None:
    match = re.fullmatch(VERSION, text)
    if not match:
        return None
    major, minor, patch = (int(match[index]) for index in (1, 2, 3))
    if match[4] is None:
        return ReleaseTag(major, minor, patch)
    return ReleaseTag(major, minor, patch, STAGES.index(match[4]), int(match[5]))
