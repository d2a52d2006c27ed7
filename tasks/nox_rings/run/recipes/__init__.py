"""Target → steps. One page a kind; nothing here starts a process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nox_rings.config import Config
from nox_rings.domain.derivation import SmokeSource, StubsSource
from nox_rings.domain.targets import Kind, Target
from nox_rings.domain.versions import VersionTuple
from nox_rings.domain.workspace import BufWorkspace, Home, ImageFile, Member, Workspace
from nox_rings.paths import Layout
from nox_rings.run.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Kitchen:
    """What recipes may know: `files` is the listing of the workspace, `port` hands out free loopback ports, `image`
    makes the steps of an image with the engine of this machine."""

    layout: Layout
    config: Config
    workspace: Workspace
    versions: VersionTuple
    files: tuple[str, ...]
    port: Callable[[], int]
    image: Callable[[Target, ImageFile, Kitchen], Sequence[Step]]


def steps_for(target: Target, origin: object, kitchen: Kitchen) -> Sequence[Step]:
    """The steps that make `target`, whose part of the workspace is `origin`."""
    from nox_rings.run.recipes import artifact, member, schema, smoke

    match origin:
        case BufWorkspace():
            return schema.lint_steps(origin, kitchen)
        case StubsSource():
            return schema.stub_steps(target, origin, kitchen)
        case Home():
            return member.install_steps(origin, kitchen)
        case ImageFile():
            return kitchen.image(target, origin, kitchen)
        case SmokeSource():
            return smoke.smoke_steps(target, origin, kitchen)
        case Member() if target.kind is Kind.ARTIFACT:
            return artifact.artifact_steps(target, origin, kitchen)
        case Member():
            return member.member_steps(origin, kitchen)
    raise AssertionError(f"{target.id}: no recipe for {origin!r}")
