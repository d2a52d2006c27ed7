"""A BuildKit of our own as an image engine: started by the first image of a run, stopped at its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING

from nox_rings.engine.layout import Layout
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner
from nox_rings.images import oci_layout
from nox_rings.images.buildx import Client, ImageBuild
from nox_rings.images.dockerfile.prepared import prepare_dockerfile
from nox_rings.images.embedded.base_names import Family
from nox_rings.images.embedded.bases import BaseImageCache, Toolkit
from nox_rings.images.embedded.buildkit import BuildKit, EnginePrograms
from nox_rings.images.embedded.runc import require_runc
from nox_rings.images.engine import BuiltImage, run_build

if TYPE_CHECKING:
    from nox_rings.workspace.tools import Tools

ENGINE_TOOLS = ("buildkitclient", "buildkitd")


class EmbeddedEngine:
    """Safe to use from several threads."""

    def __init__(self, runner: Runner, layout: Layout, tools: Tools, say: Callable[[str], None]) -> None:
        self._runner, self._layout, self._tools, self._say = runner, layout, tools, say
        self._guard = Lock()
        self._started: tuple[BuildKit, Client, BaseImageCache] | None = None

    def build(self, build: ImageBuild, bases: Mapping[str, str], log: IO[bytes], runner: Runner) -> BuiltImage:
        client, cache = self._require(log)
        build.metadata.parent.mkdir(parents=True, exist_ok=True)
        contexts, layouts = dict(build.named_contexts), []
        for name, base in cache.plan(bases).items():
            made = cache.require(base, client, log, self._say)
            contexts[name] = made.context
            layouts.append(made.layout)
        layouts += [layout for each in build.named_contexts.values() if (layout := oci_layout.folder_of_context(each))]
        oci_layout.link_blobs(build.layout, layouts)
        folder = build.metadata.parent
        dockerfile = prepare_dockerfile(build.dockerfile, build.context, folder, keeps_syntax=False)
        build = replace(build, named_contexts=contexts, dockerfile=dockerfile)
        digest = run_build(runner, client, build, log, self._say, root=self._layout.root)
        oci_layout.sweep(build.layout, digest)
        config = oci_layout.read_image_config(build.layout, digest)
        return BuiltImage(
            digest=digest,
            context=oci_layout.context_of(build.layout, digest),
            client=client,
            entrypoint=config.entrypoint or config.command,
            layout=build.layout,
        )

    def close(self) -> None:
        with self._guard:
            if self._started:
                self._started[0].stop()
            self._started = None

    def _require(self, log: IO[bytes]) -> tuple[Client, BaseImageCache]:
        """The engine, started. Raises ToolUnavailableError, StepFailedError."""
        with self._guard:
            if self._started is None:
                self._started = self._start(log)
            _, client, cache = self._started
            return client, cache

    def _start(self, log: IO[bytes]) -> tuple[BuildKit, Client, BaseImageCache]:
        tools = self._tools.without_path()  # a node of the system has no folder of its own to be copied from
        tools.require(*ENGINE_TOOLS, "node", "go")
        programs = EnginePrograms(
            buildkitd=tools.path("buildkitd"),
            client=tools.path("buildkitclient"),
            runc=require_runc(self._runner, self._layout.tools, log, self._say),
        )
        kit = BuildKit(self._runner, programs, self._layout.own / "buildkit", say=self._say)
        versions = tools.versions("node", "go")
        toolkits = {
            Family.NODE: Toolkit(version=versions["node"], root=lambda: tools.path("node").resolve().parents[1]),
            Family.GOLANG: Toolkit(version=versions["go"], root=lambda: self._go_root(tools)),
        }
        cache = BaseImageCache(self._runner, self._layout.tools / "base-images", toolkits)
        return kit, kit.start(), cache

    def _go_root(self, tools: Tools) -> Path:
        command = Command(argv=("go", "env", "GOROOT"), cwd=self._layout.root, env=tools.environment("go"))
        return Path(self._runner.require(command).strip())
