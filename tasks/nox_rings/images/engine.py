"""The image engine of a run: Docker where one is usable, else a BuildKit of our own, started by the first image."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import IO

from nox_rings.engine.layout import Layout
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.process.retries import run_with_retries
from nox_rings.engine.process.runner import Runner
from nox_rings.images import oci_layout
from nox_rings.images.buildx import (
    DOCKER,
    Client,
    ImageBuild,
    build_command,
    docker_problem,
    parse_metadata,
    without_syntax_line,
)
from nox_rings.images.embedded.base_names import Family
from nox_rings.images.embedded.bases import BaseShelf, Toolkit
from nox_rings.images.embedded.buildkit import BuildKit, EnginePrograms
from nox_rings.images.embedded.runc import require_runc
from nox_rings.toolchain.toolchain import Toolchain

ENGINE_TOOLS = ("buildkitclient", "buildkitd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A built image: its digest, itself as a named context for a build that starts from it, and the OCI layout that
    holds it (none where a Docker engine does)."""

    digest: str
    context: str
    client: Client
    layout: Path | None = None


class ImageEngine:
    """Chosen once a run. Safe to use from several threads."""

    def __init__(
        self, runner: Runner, layout: Layout, toolchain: Toolchain, bases: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        """`bases` are FROM names that the configuration sends elsewhere."""
        self._runner, self._layout, self._toolchain, self._say = runner, layout, toolchain, say
        self._configured = bases
        self._guard = Lock()
        self._client: Client | None = None
        self._kit: BuildKit | None = None
        self._shelf: BaseShelf | None = None

    def require(self, log: IO[bytes]) -> Client:
        """The engine, started. Raises ToolUnavailableError, StepFailedError."""
        with self._guard:
            if self._client is None:
                problem = docker_problem(self._runner)
                if problem is None:
                    self._client = DOCKER
                else:
                    self._say(f"{problem}: images are built by the embedded BuildKit")
                    self._client = self._embedded(log)
            return self._client

    def _embedded(self, log: IO[bytes]) -> Client:
        toolchain = self._toolchain
        toolchain.require(*ENGINE_TOOLS, "node", "go")
        programs = EnginePrograms(
            buildkitd=toolchain.path("buildkitd"),
            client=toolchain.path("buildkitclient"),
            runc=require_runc(self._runner, self._layout.tools, log, self._say),
        )
        self._kit = BuildKit(self._runner, programs, self._layout.own / "buildkit", say=self._say)
        versions = toolchain.versions("node", "go")
        toolkits = {
            Family.NODE: Toolkit(version=versions["node"], root=lambda: toolchain.path("node").resolve().parents[1]),
            Family.GOLANG: Toolkit(version=versions["go"], root=self._go_root),
        }
        self._shelf = BaseShelf(self._runner, self._layout.tools / "base-images", toolkits)
        return self._kit.start()

    def _go_root(self) -> Path:
        command = Command(argv=("go", "env", "GOROOT"), cwd=self._layout.root, env=self._toolchain.environment("go"))
        return Path(self._runner.require(command).strip())

    def build(self, build: ImageBuild, bases: Mapping[str, str], log: IO[bytes]) -> Made:
        """Build one image; `bases` are its FROM names (→ where they stand).

        Raises CommandFailedError, WorkspaceInvalidError for a base that cannot be made."""
        client = self.require(log)
        build.metadata.parent.mkdir(parents=True, exist_ok=True)
        layouts: list[Path] = []
        contexts = {name: self._configured[name] for name in bases if name in self._configured}
        if self._shelf:
            missing = {name: place for name, place in bases.items() if name not in contexts}
            for name, base in self._shelf.plan(missing).items():
                made = self._shelf.require(base, client, log, self._say)
                contexts[name] = made.context
                layouts.append(made.layout)
            oci_layout.link_blobs(build.layout, layouts)
            build = replace(build, dockerfile=_without_syntax(build))
        command = build_command(client, replace(build, named_contexts=contexts), cwd=self._layout.root)
        log.write(f"$ {command.render(self._layout.root)}\n".encode())
        log.flush()
        run_with_retries(self._runner, command, log, self._say)
        digest = parse_metadata(build.metadata.read_text(encoding="utf-8")).digest
        if client.loads:
            return Made(digest=digest, context=f"docker-image://{build.tags[0]}", client=client)
        oci_layout.sweep(build.layout, digest)
        context = oci_layout.context_of(build.layout, digest)
        return Made(digest=digest, context=context, client=client, layout=build.layout)

    def entrypoint(self, build: ImageBuild, made: Made) -> tuple[str, ...]:
        """What the image starts: ENTRYPOINT, or CMD where there is none."""
        if made.client.loads:
            argv = ("docker", "image", "inspect", "--format", "{{json .Config}}", build.tags[0])
            config = json.loads(self._runner.require(Command(argv=argv, cwd=self._layout.root)))
            return tuple(config.get("Entrypoint") or config.get("Cmd") or ())
        found = oci_layout.read_image_config(build.layout, made.digest)
        return found.entrypoint or found.command

    def close(self) -> None:
        with self._guard:
            if self._kit is not None:
                self._kit.stop()
            self._client = self._kit = self._shelf = None


def _without_syntax(build: ImageBuild) -> Path:
    """The Dockerfile, or a copy of the same name beside the metadata where it asks for a frontend from a hub."""
    text = build.dockerfile.read_text(encoding="utf-8")
    if (plain := without_syntax_line(text)) == text:
        return build.dockerfile
    copy = build.metadata.parent / build.dockerfile.name
    write_atomically(copy, plain.encode())
    ignore = build.dockerfile.with_name(f"{build.dockerfile.name}.dockerignore")
    if ignore.is_file():
        write_atomically(copy.with_name(ignore.name), ignore.read_bytes())
    return copy
