"""Arguments and results of the methods of an ecosystem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nox_rings.ecosystems.artifact import Violation
from nox_rings.workspace.model import InstallRoot, Member

if TYPE_CHECKING:
    from nox_rings.ecosystems.base import Ecosystem
    from nox_rings.ecosystems.context import RecipeContext

# What a build leaves in a member's folder; never an input.
BUILD_FOLDERS = ("dist", "node_modules", ".venv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """`parts` are those of lockfiles that reach a member (`Workspace.parts`), by its folder; `settings` are digests of
    parts of other files, by name (`Member.settings`)."""

    install_roots: tuple[InstallRoot, ...] = ()
    members: tuple[Member, ...] = ()
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSubject:
    """A member, and what building and testing it needs to know of the others.

    `siblings` are those it depends on, `nested` folders of members of its ecosystem inside it, `generated` the
    generated roots in it, `lockfile` the path of what pins its installation, empty where nothing does. `checks` are
    configured commands, "..." among them for those of the ecosystem; `skipped` is why it is not built."""

    member: Member
    siblings: tuple[Member, ...] = ()
    nested: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()
    lockfile: str = ""
    checks: tuple[str, ...] = ()
    skipped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactSubject:
    """A member to pack. `copied` are the members that go into the stamped copy, itself first; `released` are the names
    of all members of its ecosystem, which have the same version."""

    source: MemberSubject
    copied: tuple[Member, ...]
    released: tuple[str, ...]

    @property
    def member(self) -> Member:
        return self.source.member


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """A member that is being packed: its stamped copy below `copy`, the artifacts in `packed`; `stage` is for scratch.
    `tools` are the versions of the target's tools, `time_seconds` is the time in archives, since the epoch."""

    subject: ArtifactSubject
    tools: Mapping[str, str]
    context: RecipeContext
    copy: Path
    packed: Path
    stage: Path
    time_seconds: int

    @property
    def member(self) -> Member:
        return self.subject.member

    @property
    def ecosystem(self) -> Ecosystem:
        return self.context.ecosystems[self.member.ecosystem]

    @property
    def version(self) -> str:
        return self.ecosystem.version(self.context.versions)

    @property
    def reproducible(self) -> dict[str, str]:
        """Variables of the commands that pack: the commit's time for now, without the locale and the time zone of this
        machine."""
        return {"LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": str(self.time_seconds)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SbomSource:
    """A CycloneDX `document`, the member's own `license`, and those of others by purl or bom-ref."""

    document: Mapping[str, Any]
    license: str
    licenses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSettings:
    """What the contract gate compares an artifact with, beyond name and version.

    `siblings` are names → the exact requirement of this release, `packages` the import packages it may hold,
    `required_members` globs of paths from where its content begins, `manifest` what is served beside the archive.
    `reported` are violations that the ecosystem's own tool found."""

    siblings: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    required_members: tuple[str, ...] = ()
    manifest: str = ""
    reported: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeConsumer:
    """A program that uses the packed member: `clean` is a clean folder outside of the workspace, `artifacts` what was
    packed, `version` the exact one to install, `port` where the throw-away registry listens."""

    member: Member
    clean: Path
    artifacts: Path
    version: str
    port: int

    @property
    def home(self) -> Path:
        """The consumer's own folder."""
        return self.clean / "consumer"

    @property
    def registry(self) -> Path:
        """What the registry keeps."""
        return self.clean / "registry"

    def sealed(self, names: Sequence[str]) -> tuple[Path, ...]:
        return tuple(self.artifacts / name for name in names)
