"""The subjects of install checks and smoke tests."""

from __future__ import annotations

from dataclasses import dataclass

from nox_rings.workspace.model import Member

SMOKE_FOLDER = "smoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallCheckSubject:
    """The packed set of an ecosystem: each SDK by the folder that holds its artifacts.

    `absent` are names of members that are not of the set, `generated_roots` the folders of stubs of the workspace."""

    ecosystem: str
    sdks: tuple[tuple[str, Member], ...]
    absent: tuple[str, ...] = ()
    generated_roots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeSubject:
    """A consumer of the packed SDK at `member`, kept in the SDK's `smoke` folder, and the server it calls.

    `artifacts` is the folder of the packed artifacts, `command` serves in the folder `server`, `health` is the path
    that answers 200 once it does."""

    member: Member
    artifacts: str
    server: str
    command: tuple[str, ...]
    health: str
