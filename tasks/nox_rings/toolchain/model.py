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


class Origin(StrEnum):
    """Who pins a provider: the workspace, nox-rings for a workspace that does not, or the sources of nox-rings that it
    is built from."""

    WORKSPACE = "workspace"
    NOX_RINGS = "nox-rings"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A tool of a provider; `program` is a glob below the provider's installed folder. `main` is False for a program
    installed along with the main program of its package, which messages leave out. `digest` is the lockfile's
    own for `package`, the same on every machine; empty where the lockfile has none. `sources` are the folders of the
    workspace that it is installed from, and that these need: their files decide what it does."""

    name: str
    version: str
    program: str
    main: bool = True
    package: str = ""
    digest: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """`manifest` is the path that pins it, relative to the workspace, to the pins of nox-rings or to its package, as
    `origin` says. `digest` covers all that decides its content. `project`: the workspace's own distribution is part of
    it (the group `dev`, whose tools import it)."""

    kind: ProviderKind
    name: str
    manifest: str
    digest: str
    pins: tuple[Pin, ...]
    project: bool = False
    origin: Origin = Origin.WORKSPACE

    @property
    def folder(self) -> str:
        return f"{self.kind}-{self.name}-{self.digest}" if self.name else f"{self.kind}-{self.digest}"

    @property
    def installer(self) -> str:
        """The tool that installs it."""
        return {ProviderKind.UV: "uv", ProviderKind.NPM: "npm", ProviderKind.GO: "go"}[self.kind]

    @property
    def label(self) -> str:
        if self.origin is Origin.SOURCES:
            return f"the sources of {self.name} in nox-rings"
        file = f"{self.manifest}, group {self.name}" if self.kind is ProviderKind.UV else self.manifest
        return f"the pins of nox-rings: {file}" if self.origin is Origin.NOX_RINGS else file


# A tool on PATH is taken from these versions on, by `--system-tools` and where the workspace does not pin it. One that
# is not named (a throw-away registry) comes from the pins of nox-rings before PATH, and where those have none as it is.
LEAST_VERSIONS: Mapping[str, str] = {
    "buf": "1.50",
    "buildkitd": "0.13",
    "buildx": "0.15",
    "git": MINIMUM_VERSION,
    "go": "1.25",
    "node": "22.0",
    "npm": "10.0",
    "pnpm": "10.0",
    "protoc": "3.15",
    "protoc-gen-connect-go": "1.0",
    "protoc-gen-es": "1.0",
    "protoc-gen-go": "1.28",
    "protoc-gen-go-grpc": "1.2",
    "python": "3.11",
    "uv": "0.13",
}
