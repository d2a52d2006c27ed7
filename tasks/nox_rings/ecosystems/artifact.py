"""A packed artifact as it was opened, what it was planned to be, and the form of a rule that compares the two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Archive(StrEnum):
    """How an artifact is read."""

    TAR = "tar"
    ZIP = "zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactKind:
    """What an ecosystem packs: files whose name ends in `suffix`. `license_folder` is a pattern of the folders in the
    archive in which a license counts."""

    name: str
    suffix: str
    archive: Archive
    license_folder: str = "[^/]*"

    def __str__(self) -> str:
        return self.name


NPM = ArtifactKind(name="npm", suffix=".tgz", archive=Archive.TAR)
# The files of PEP 639 keep the folders they came from.
WHEEL = ArtifactKind(
    name="wheel",
    suffix=".whl",
    archive=Archive.ZIP,
    license_folder=r"[^/]+\.dist-info(?:/licenses(?:/.+)?)?",
)
SDIST = ArtifactKind(name="sdist", suffix=".tar.gz", archive=Archive.TAR)
# The prefix is MODULE@VERSION/, and a module path has slashes of its own.
GO = ArtifactKind(name="go", suffix=".zip", archive=Archive.ZIP, license_folder="[^@]+@[^/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of an archive. `time_seconds` counts from the epoch, `target` is where a link leads."""

    path: str
    content: bytes = b""
    mode: int = 0o644
    time_seconds: int = 0
    is_link: bool = False
    target: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """`entries` in the order of the archive, folders left out. `problem` says why it could not be opened, and is empty
    where it could."""

    kind: ArtifactKind
    name: str
    entries: tuple[Entry, ...] = ()
    problem: str = ""

    def find(self, path: str) -> Entry | None:
        return next((each for each in self.entries if each.path == path), None)

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(each.path for each in self.entries)


@dataclass(frozen=True, slots=True)
class Violation:
    """`member` is a path in the artifact, empty for the artifact as a whole."""

    member: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the release plan says. `name` and `version` as the ecosystem spells them; `siblings` names → the exact
    requirement of this release (an npm range, a PEP 440 specifier, a Go version). `packages` are the import packages a
    wheel may hold, `required_members` globs of paths from where the wheel's content begins, `go_mod` what the module
    proxy serves beside the zip, `reported` what the ecosystem's own program found in the artifact. `time_seconds` is
    the commit's; `machine_paths` are those of the machine that packs."""

    name: str
    version: str
    time_seconds: int
    siblings: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    required_members: tuple[str, ...] = ()
    machine_paths: tuple[str, ...] = ()
    go_mod: str = ""
    reported: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`reason` is what goes wrong without the rule, `source` the specification it rests on, `fix` the edit to make."""

    name: str
    reason: str
    source: str
    fix: str
    check: Callable[[Artifact, Facts], Iterable[Violation]]
