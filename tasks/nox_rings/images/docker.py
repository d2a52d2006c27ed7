"""The Docker of this machine as an image engine: it keeps images itself, and gets bases from registries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner
from nox_rings.images.buildx import DOCKER, ImageBuild
from nox_rings.images.dockerfile.prepared import prepare_dockerfile
from nox_rings.images.engine import BuiltImage, run_build


class DockerEngine:
    def __init__(self, runner: Runner, root: Path) -> None:
        self._runner, self._root = runner, root

    def build(self, build: ImageBuild, bases: Mapping[str, str], log: IO[bytes], runner: Runner) -> BuiltImage:
        folder = build.metadata.parent
        folder.mkdir(parents=True, exist_ok=True)
        dockerfile = prepare_dockerfile(build.dockerfile, build.context, folder, keeps_syntax=True)
        build = replace(build, dockerfile=dockerfile)
        digest = run_build(runner, DOCKER, build, log, lambda _: None, root=self._root)
        return BuiltImage(
            digest=digest,
            context=f"docker-image://{build.tags[0]}",
            client=DOCKER,
            entrypoint=self._entrypoint(build.tags[0]),
        )

    def close(self) -> None: ...

    def _entrypoint(self, tag: str) -> tuple[str, ...]:
        argv = ("docker", "image", "inspect", "--format", "{{json .Config}}", tag)
        config = json.loads(self._runner.require(Command(argv=argv, cwd=self._root)))
        return tuple(config.get("Entrypoint") or config.get("Cmd") or ())
