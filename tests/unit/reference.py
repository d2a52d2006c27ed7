"""A workspace of the reference shape, and what the real capabilities and ecosystems derive from one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nox_rings.capabilities import CAPABILITIES
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.plan.targets import Target
from nox_rings.workspace.config import Config, MemberConfig, SmokeConfig
from nox_rings.workspace.index import WorkspaceIndex
from nox_rings.workspace.model import ImageFile, ImageVariant, InstallRoot, Member, Workspace
from nox_rings.workspace.schemas import BufWorkspace, StubPlugin, StubTemplate

PNPM = InstallRoot(
    folder=".",
    ecosystem="npm",
    lockfile="pnpm-lock.yaml",
    files=("package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"),
    manager="pnpm",
)
UV = InstallRoot(folder=".", ecosystem="pypi", lockfile="uv.lock", files=("pyproject.toml", "uv.lock"))


@dataclass(frozen=True, slots=True)
class FixedPin:
    version: str = "1.0"
    package: str = ""
    digest: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedTools:
    """Every tool is there in version 1.0, and the named ones are pinned. `sources` are the folders that one is
    installed from."""

    pinned: frozenset[str] = frozenset()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def require(self, *names: str) -> None: ...

    def path(self, name: str) -> Path:
        return Path("/tools") / name

    def versions(self, *names: str) -> dict[str, str]:
        return dict.fromkeys(names, "1.0")

    def pin(self, name: str) -> FixedPin | None:
        return FixedPin(sources=self.sources.get(name, ())) if name in self.pinned else None

    def is_own(self, name: str) -> bool:
        return name in self.pinned

    def is_available(self, name: str) -> bool:
        return True

    def missing(self, *names: str) -> tuple[str, ...]:
        return ()

    def without_path(self) -> FixedTools:
        return self

    def unpinned(self) -> dict[str, str]:
        return {}

    def environment(self, *names: str) -> dict[str, str]:
        return {}


def template(suffix: str, *outs: str, plugin: str = "x") -> StubTemplate:
    plugins = tuple(StubPlugin(name=plugin, program=plugin, out=out) for out in outs)
    return StubTemplate(file=f"proto/buf.gen.{suffix}.yaml", suffix=suffix, plugins=plugins)


def schema(*templates: StubTemplate, folder: str = "proto") -> BufWorkspace:
    return BufWorkspace(folder=folder, modules=(folder,), templates=templates)


def member(
    folder: str, ecosystem: str, *depends_on: str, checks: tuple[str, ...] = ("build", "test"), name: str = "same"
) -> Member:
    root = folder if ecosystem == "go" else "."
    return Member(
        folder=folder,
        ecosystem=ecosystem,
        name=name,
        install_root=root,
        depends_on=depends_on,
        checks=checks,
        outputs=(f"{folder}/dist",) if ecosystem == "npm" and "build" in checks else (),
    )


def image(folder: str, variant: ImageVariant, *sources: str, context: str = ".") -> ImageFile:
    file = f"{folder}/Dockerfile.{variant}"
    return ImageFile(
        dockerfile=file,
        name=folder.rpartition("/")[2],
        variant=variant,
        context=context,
        sources=sources,
        bases=("node:24",),
        ignore=("**/node_modules", "**/dist"),
    )


REFERENCE = Workspace(
    schemas=(schema(template("go", "sdk/go/gen", plugin="go"), template("ts", "sdk/ts/src/gen", plugin="node")),),
    install_roots=(PNPM, UV),
    members=(
        member("sdk/ts", "npm"),
        member("services/graph", "npm", "sdk/ts"),
        member("libs/tidy", "npm", checks=("test",)),
        member("libs/notes", "npm", checks=()),
        member("proto", "npm"),
        member("sdk/go", "go"),
        member("services/agents", "go", "sdk/go"),
        member("tools/report", "pypi", checks=()),
        member("services/inference", "pypi", checks=("test",)),
    ),
    images=(
        image("services/graph", ImageVariant.DEV, "sdk/ts", "services/graph"),
        image("services/graph", ImageVariant.RELEASE, "."),
        image("services/agents", ImageVariant.DEV, "services/agents", context="services/agents"),
    ),
)

# With an SDK of each ecosystem, and names as packages have them.
RELEASED = replace(
    REFERENCE,
    schemas=(schema(*REFERENCE.schemas[0].templates, template("py", "sdk/py/gen")),),
    members=(
        member("sdk/ts", "npm", name="@acme/sdk"),
        member("services/graph", "npm", "sdk/ts", name="@acme/graph"),
        member("libs/tidy", "npm", checks=("test",)),
        member("sdk/go", "go", name="example.com/sdk"),
        member("services/agents", "go", "sdk/go", name="example.com/agents"),
        member("sdk/py", "pypi", name="acme-sdk"),
        member("services/inference", "pypi", "sdk/py", checks=("test",), name="inference"),
        member("tools/report", "pypi", checks=("build",), name="report"),
    ),
)


def view_of(
    workspace: Workspace,
    *,
    inputs: Mapping[str, tuple[str, ...]] | None = None,
    configured: Mapping[str, MemberConfig] | None = None,
    files: tuple[str, ...] = (),
    server: str = "service:graph",
    smokes: tuple[str, ...] = ("sdk/ts", "sdk/go"),
    pinned: frozenset[str] = frozenset(),
    sources: Mapping[str, tuple[str, ...]] | None = None,
) -> WorkspaceView:
    """`inputs` are configured for folders of members, `configured` all else; `files` are listed, `smokes` folders
    of SDKs with a program in `smoke`, `pinned` the tools that the workspace pins, `sources` the folders that those are
    installed from."""
    return WorkspaceView(
        index=WorkspaceIndex(workspace),
        config=Config(
            members={
                **{folder: MemberConfig(inputs=paths) for folder, paths in (inputs or {}).items()},
                **(configured or {}),
            },
            smoke=SmokeConfig(server=server, command=("node", "main.js"), health="/up"),
        ),
        files=tuple(sorted((*files, *(f"{folder}/smoke/main" for folder in smokes)))),
        ecosystems={each.name: each for each in ECOSYSTEMS},
        tools=FixedTools(pinned, sources or {}),
    )


def derived(view: WorkspaceView) -> tuple[Target, ...]:
    """By all capabilities, in their order."""
    return tuple(target for each in CAPABILITIES for target in each.derive(view))


def targets(
    workspace: Workspace,
    *,
    inputs: Mapping[str, tuple[str, ...]] | None = None,
    configured: Mapping[str, MemberConfig] | None = None,
    files: tuple[str, ...] = (),
    server: str = "service:graph",
    smokes: tuple[str, ...] = ("sdk/ts", "sdk/go"),
    pinned: frozenset[str] = frozenset(),
    sources: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, Target]:
    """By id; see `view_of`."""
    view = view_of(
        workspace,
        inputs=inputs,
        configured=configured,
        files=files,
        server=server,
        smokes=smokes,
        pinned=pinned,
        sources=sources,
    )
    return {target.id: target for target in derived(view)}
