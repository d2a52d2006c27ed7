"""Command-line tools as pins in their ecosystems' own lockfiles: which tool comes from where, in which version.

A provider is what is installed as a whole: a dependency group of uv.lock, a folder with a package-lock.json, a folder
with a go.mod that has `tool` lines, a Go program that is part of nox-rings. Nothing is run to know a version, so a
fresh answer costs no process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nox_rings.workspace.git.commands import MINIMUM_VERSION


class ProviderKind(StrEnum):
    UV = "uv"
    NPM = "npm"
    GO = "go"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A tool of a provider; `program` is a glob below the provider's installed folder. `main` is False for a program
    that only comes along with the one its package is known for, and need not be reported. `digest` is the lockfile's
    own for `package`, the same on every machine; empty where the lockfile has none."""

    name: str
    version: str
    program: str
    main: bool = True
    package: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """`manifest` is the path that pins it, relative to the workspace. `digest` covers all that decides its content.
    `project`: the workspace's own distribution is part of it (the group `dev`, whose tools import it). `built_in`: it
    is built from sources of nox-rings, and `manifest` is relative to the package."""

    kind: ProviderKind
    name: str
    manifest: str
    digest: str
    pins: tuple[Pin, ...]
    project: bool = False
    built_in: bool = False

    @property
    def folder(self) -> str:
        return f"{self.kind}-{self.name}-{self.digest}" if self.name else f"{self.kind}-{self.digest}"

    @property
    def installer(self) -> str:
        """The tool that installs it."""
        return {ProviderKind.UV: "uv", ProviderKind.NPM: "npm", ProviderKind.GO: "go"}[self.kind]

    @property
    def label(self) -> str:
        if self.built_in:
            return f"the sources of {self.name} in nox-rings"
        return f"{self.manifest}, group {self.name}" if self.kind is ProviderKind.UV else self.manifest


# `--system-tools` takes what is on PATH from these versions on; tools not named are taken as they are.
LEAST_VERSIONS: Mapping[str, str] = {
    "buf": "1.50",
    "buildctl": "0.13",
    "buildkitd": "0.13",
    "buildx": "0.15",
    "git": MINIMUM_VERSION,
    "go": "1.25",
    "node": "22.0",
    "npm": "10.0",
    "pnpm": "10.0",
    "python": "3.11",
    "uv": "0.13",
}
