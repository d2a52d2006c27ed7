"""Builds as Docker's plugin buildx ≥ 0.15 takes them (https://docs.docker.com/reference/cli/docker/buildx/build/), and
our own client of BuildKit, whose options are the same (embedded/buildkitclient).

`--provenance=false` because an image that is pushed is an index otherwise, and its digest is not that of the image. Our
client makes no provenance."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Runner

# SOURCE_DATE_EPOCH of our own environment would become a build argument unasked.
QUIET: Mapping[str, str | None] = {"BUILDX_METADATA_PROVENANCE": "disabled", "SOURCE_DATE_EPOCH": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How builds are called: `argv` is all that comes before the options of a build. Docker keeps images itself
    (`loads`); BuildKit alone writes them into OCI layouts."""

    argv: tuple[str, ...]
    env: Mapping[str, str | None] = field(default_factory=dict)
    loads: bool = False


DOCKER = Client(argv=("docker", "buildx", "build", "--provenance=false"), loads=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageBuild:
    """One image. `layout` is where it goes unless the client loads it; BuildKit writes its digest to `metadata`; named
    contexts are folders, `oci-layout://…` or `docker-image://…`; secrets are `id=NAME,env=VARIABLE`, never values.
    `source_date_epoch` (seconds) makes equal inputs give equal digests, for which all own layers are rewritten."""

    context: Path
    dockerfile: Path
    metadata: Path
    layout: Path
    tags: tuple[str, ...] = ()
    build_args: Mapping[str, str] = field(default_factory=dict)
    named_contexts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    stage: str = ""
    platforms: tuple[str, ...] = ()
    source_date_epoch: int | None = None
    fast_compression: bool = False
    no_cache: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildMetadata:
    """`digest` is the manifest's (with a daemon that only knows its own store: the image ID)."""

    digest: str
    config_digest: str


def build_command(client: Client, build: ImageBuild, *, cwd: Path) -> Command:
    argv = [*client.argv, "--progress=plain", f"--file={build.dockerfile}"]
    argv += [f"--target={build.stage}"] if build.stage else []
    argv += [f"--platform={','.join(build.platforms)}"] if build.platforms else []
    argv += ["--no-cache"] if build.no_cache else []
    arguments = dict(build.build_args)
    if build.source_date_epoch is not None:
        arguments["SOURCE_DATE_EPOCH"] = str(build.source_date_epoch)
    argv += [f"--build-arg={name}={value}" for name, value in arguments.items()]
    argv += [f"--label={name}={value}" for name, value in build.labels.items()]
    argv += [f"--build-context={name}={value}" for name, value in build.named_contexts.items()]
    argv += [f"--secret={secret}" for secret in build.secrets]
    argv += [f"--tag={tag}" for tag in build.tags] if client.loads else []
    argv += ["--load"] if client.loads else [f"--output={_layout_output(build)}"]
    argv += [f"--metadata-file={build.metadata}", str(build.context)]
    env = {**QUIET, **client.env}
    return Command(argv=tuple(argv), cwd=cwd, env=env, description=f"build {build.dockerfile.name}")


def _layout_output(build: ImageBuild) -> str:
    output = f"type=oci,tar=false,dest={build.layout}"
    if build.fast_compression:
        output += ",compression=gzip,compression-level=1"
    if build.source_date_epoch is not None:
        output += ",rewrite-timestamp=true"
    return output


def prove_command(client: Client, image: str, argv: tuple[str, ...], folder: Path) -> Command:
    """Start `argv` in `image` (a named context) as that image's user, without a network; `folder` is scratch.

    Its output is in the answer's standard error: see `parse_output`."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    dockerfile = folder / "proof.Dockerfile"
    dockerfile.write_text(f"FROM image\nRUN --network=none {json.dumps(argv)}\n", encoding="utf-8")
    build = [*client.argv, "--progress=rawjson", "--no-cache", f"--file={dockerfile}"]
    build += [f"--build-context=image={image}", "--output=type=cacheonly", str(folder)]
    return Command(argv=tuple(build), cwd=folder, env={**QUIET, **client.env}, description="run the image once")


def parse_output(raw_progress: str) -> str:
    """What the RUN steps printed, from `--progress=rawjson`."""
    printed = []
    for line in raw_progress.splitlines():
        if line.startswith("{"):
            document = json.loads(line)
            printed += [base64.b64decode(log["data"]).decode(errors="replace") for log in document.get("logs") or ()]
    return "".join(printed).strip()


def parse_errors(raw_progress: str) -> str:
    """Error messages of failed steps, from `--progress=rawjson`; or its plain lines, where no step was reached."""
    errors, plain = [], []
    for line in raw_progress.splitlines():
        if line.startswith("{"):
            errors += [vertex["error"] for vertex in json.loads(line).get("vertexes") or () if vertex.get("error")]
        else:
            plain.append(line)
    return "\n".join(dict.fromkeys(errors or plain))


def parse_metadata(text: str) -> BuildMetadata:
    document: dict[str, str] = json.loads(text)
    digest = document["containerimage.digest"]
    return BuildMetadata(digest=digest, config_digest=document.get("containerimage.config.digest", digest))


# Features of 2022 and later that our builds use and that older daemons lack in part.
PROBE = "FROM scratch\nCOPY --link --from=probe Dockerfile /\nCOPY <<EOT /here\nhere\nEOT\n"


def docker_problem(runner: Runner) -> str | None:
    """Why Docker cannot build our images here, or None when it can: its server answers and what we use works."""
    folder = Path(tempfile.gettempdir())
    try:
        server = runner.ask(Command(argv=("docker", "version", "--format", "{{.Server.Version}}"), cwd=folder))
    except ToolUnavailableError:
        return "no docker on PATH"
    if server.exit_code:
        return "docker is there, its server does not answer"
    with tempfile.TemporaryDirectory(prefix="nox-rings-probe-") as name:
        (Path(name) / "Dockerfile").write_text(PROBE, encoding="utf-8")
        options = (f"--build-context=probe={name}", "--output=type=cacheonly", f"--metadata-file={name}/metadata.json")
        if runner.ask(Command(argv=(*DOCKER.argv, *options, name), cwd=folder, env=QUIET)).exit_code:
            return f"docker {server.stdout.strip()} lacks named contexts, linked copies or here-documents"
    return None
