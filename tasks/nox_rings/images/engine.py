"""Image engines behind one Protocol, and which one a run uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from nox_rings.engine.process.command import Command
from nox_rings.engine.process.retries import run_with_retries
from nox_rings.engine.process.runner import Runner
from nox_rings.images.buildx import Client, ImageBuild, build_command, parse_metadata

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltImage:
    """`digest` is the manifest's, `context` the image as a named context for a build that starts from it, `entrypoint`
    what it starts. `layout` is the OCI layout that holds it, None where an engine keeps it itself."""

    digest: str
    context: str
    client: Client
    entrypoint: tuple[str, ...]
    layout: Path | None = None


class ImageEngine(Protocol):
    """Builds images. Safe to use from several threads."""

    def build(self, build: ImageBuild, bases: Mapping[str, str], log: IO[bytes], runner: Runner) -> BuiltImage:
        """`bases` are FROM names → where they stand, as far as `build` names no context for them. `runner` starts the
        client, which reads the context.

        Raises CommandFailedError, and WorkspaceInvalidError for a base that cannot be had."""
        ...

    def close(self) -> None:
        """Stop what the engine started."""
        ...


def choose_engine(context: RecipeContext) -> ImageEngine:
    """Docker where one is usable, else a BuildKit of our own. Asks Docker, and starts nothing."""
    from nox_rings.images.buildx import docker_problem

    problem = docker_problem(context.runner)
    if problem is None:
        from nox_rings.images.docker import DockerEngine

        return DockerEngine(context.runner, context.layout.root)
    from nox_rings.images.embedded.engine import EmbeddedEngine

    context.say(f"{problem}: images are built by the embedded BuildKit")
    return EmbeddedEngine(context.runner, context.layout, context.tools(), context.say)


def run_build(
    runner: Runner, client: Client, build: ImageBuild, log: IO[bytes], say: Callable[[str], None], *, root: Path
) -> str:
    """The digest of the image. Raises CommandFailedError."""
    build.metadata.parent.mkdir(parents=True, exist_ok=True)
    command = build_command(client, build, cwd=root)
    _write_command(log, command, root)
    run_with_retries(runner, command, log, say)
    return parse_metadata(build.metadata.read_text(encoding="utf-8")).digest


def _write_command(log: IO[bytes], command: Command, root: Path) -> None:
    log.write(f"$ {command.render(root)}\n".encode())
    log.flush()
