"""Target → steps. One page a kind; nothing here starts a process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.plan import Purpose
from nox_rings.engine.plan.targets import Kind, Target
from nox_rings.engine.run.steps import Step
from nox_rings.schema.breaking.model import Baseline
from nox_rings.sessions.derivation import StubsSource
from nox_rings.sessions.packed_targets import InstallSource, SmokeSource
from nox_rings.workspace.config import Config
from nox_rings.workspace.model import Home, ImageFile, Member, Workspace
from nox_rings.workspace.schemas import BufWorkspace
from nox_rings.workspace.versions import VersionTuple

if TYPE_CHECKING:
    from nox_rings.images.engine import ImageEngine
    from nox_rings.toolchain.toolchain import Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class Kitchen:
    """What recipes may know: `files` is the listing of the workspace, `time_seconds` the commit's (since the epoch),
    `scratch` a folder outside the tree, `port` hands out free loopback ports, `engine` the image engine of the run
    (asking for it starts nothing), `baselines` what the schema in a folder is compared with."""

    layout: Layout
    config: Config
    workspace: Workspace
    versions: VersionTuple
    files: tuple[str, ...]
    time_seconds: int
    scratch: Path
    port: Callable[[], int]
    engine: Callable[[], ImageEngine]
    toolchain: Callable[[], Toolchain]
    baselines: Callable[[str], tuple[Baseline, ...]]
    purpose: Purpose


def steps_for(target: Target, origin: object, kitchen: Kitchen) -> Sequence[Step]:
    """The steps that make `target`, whose part of the workspace is `origin`."""
    from nox_rings.artifacts import recipe as artifact
    from nox_rings.artifacts.install_check import recipe as install_check
    from nox_rings.artifacts.smoke import recipe as smoke
    from nox_rings.images import recipe as image
    from nox_rings.members import recipe as member
    from nox_rings.schema import recipe as schema
    from nox_rings.schema.stubs import recipe as stubs

    match origin:
        case BufWorkspace():
            return schema.schema_steps(target, origin, kitchen)
        case StubsSource():
            return stubs.stub_steps(target, origin, kitchen)
        case Home():
            return member.install_steps(origin, kitchen)
        case ImageFile():
            return image.image_steps(target, origin, kitchen)
        case InstallSource():
            return install_check.install_check_steps(target, origin, kitchen)
        case SmokeSource():
            return smoke.smoke_steps(target, origin, kitchen)
        case Member() if target.kind is Kind.ARTIFACT:
            return artifact.artifact_steps(target, origin, kitchen)
        case Member():
            return member.member_steps(origin, kitchen)
    raise AssertionError(f"{target.id}: no recipe for {origin!r}")
