"""Ring 2, the proof: publish the packed artifacts to throw-away registries, install them by exact version in a clean
place, import them and call a running server.

The clean places lie outside the work tree, so that nothing in it can be found by accident (node looks in every folder
above, pnpm and go for a workspace above)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from nox_rings.adapters import registries
from nox_rings.domain.derivation import REGISTRY, SmokeSource
from nox_rings.domain.language import Language
from nox_rings.domain.places import joined
from nox_rings.domain.targets import Target
from nox_rings.domain.workspace import Member
from nox_rings.errors import CommandFailedError, StepFailedError
from nox_rings.process import Command
from nox_rings.run.executor import with_environment
from nox_rings.run.network import run_with_retries
from nox_rings.run.recipes import Kitchen
from nox_rings.run.steps import Action, Server, Step, StepContext
from nox_rings.run.trees import copy_files, empty_folder, files_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """`place` is the clean folder, `artifacts` what was packed, `call` the environment of the call."""

    member: Member
    place: Path
    artifacts: Path
    version: str
    call: dict[str, str | None]


def smoke_steps(target: Target, source: SmokeSource, kitchen: Kitchen) -> Sequence[Step]:
    layout, member = kitchen.layout, source.member
    # Outside the tree and the same on every run, so that a killed run leaves one folder that the next one empties.
    mark = blake2b(str(layout.root).encode(), digest_size=6).hexdigest()
    place = Path(tempfile.gettempdir()) / f"nox-rings-{mark}" / target.id.replace(":", "-").replace("/", "-")
    port, grpc_port = kitchen.port(), kitchen.port()
    version = {
        Language.TS: kitchen.versions.npm,
        Language.PY: kitchen.versions.pypi,
        Language.GO: kitchen.versions.go,
    }[member.language]
    call = {
        "NOX_RINGS_SMOKE_URL": f"http://{registries.LOOPBACK}:{port}",
        "NOX_RINGS_SMOKE_GRPC": f"{registries.LOOPBACK}:{grpc_port}",
        "NOX_RINGS_SMOKE_VERSION": version,
    }
    artifact_name = source.artifact.partition(":")[2]
    consumer = Consumer(
        member=member,
        place=place,
        artifacts=layout.root / "dist" / REGISTRY[member.language] / artifact_name,
        version=version,
        call=dict(call),
    )
    install = {Language.TS: _npm_steps, Language.PY: _pypi_steps, Language.GO: _go_steps}[member.language]
    return (
        Action(
            description=f"copy {member.folder}/smoke into the empty folder {place}",
            act=lambda _: _prepare(consumer, kitchen),
        ),
        *install(consumer, kitchen.port()),
        _server(source.server, kitchen, port, grpc_port),
        _call(consumer),
        Action(description=f"remove {place}", act=lambda _: shutil.rmtree(place, ignore_errors=True)),
    )


def _prepare(consumer: Consumer, kitchen: Kitchen) -> None:
    folder = joined(consumer.member.folder, "smoke")
    empty_folder(consumer.place)
    inside = [path for path in kitchen.files if path.startswith(f"{folder}/")]
    copy_files(kitchen.layout.root, inside, consumer.place / "copy")
    (consumer.place / "copy" / folder).rename(consumer.place / "consumer")
    (consumer.place / "registry").mkdir()


def _server(server: Member, kitchen: Kitchen, port: int, grpc_port: int) -> Server:
    smoke = kitchen.config.smoke
    return Server(
        command=Command(
            argv=smoke.command,
            cwd=kitchen.layout.root / server.folder,
            env={"PORT": str(port), "GRPC_PORT": str(grpc_port), "HOST": registries.LOOPBACK},
            description=f"{server.folder} server",
        ),
        ready=lambda: registries.answers(port, smoke.health),
    )


def _npm_steps(consumer: Consumer, port: int) -> Sequence[Step]:
    url, place = registries.npm_url(port), consumer.place
    scope, _, name = consumer.member.name.partition("/")
    if not name:
        raise StepFailedError(
            f"{consumer.member.folder}/package.json: name: found {scope}, expected a scoped name: "
            "its scope is what sends the smoke install to the throw-away registry and its dependencies elsewhere"
        )
    # A token is asked for even where anyone may publish; pnpm 12 delays versions younger than a day unless told not to.
    settings = f"{scope}:registry={url}\n{url.removeprefix('http:')}:_authToken=throw-away\n"
    quiet: dict[str, str | None] = {"CI": "1", "NO_COLOR": "1", "PNPM_CONFIG_MINIMUM_RELEASE_AGE": "0"}
    home = place / "consumer"

    def write_settings(_: StepContext) -> None:
        (home / ".npmrc").write_text(settings, encoding="utf-8")
        (home / "package.json").write_text('{"private": true, "type": "module"}\n', encoding="utf-8")
        registries.write_verdaccio_config(place / "registry")

    return (
        Action(description=f"write .npmrc: {scope} comes from {url}", act=write_settings),
        Server(
            command=registries.verdaccio_command(place / "registry" / "verdaccio.yaml", port),
            ready=lambda: registries.answers(port, "/-/ping"),
        ),
        _each_artifact(
            consumer,
            ".tgz",
            lambda path: Command(
                argv=("pnpm", "publish", str(path), "--registry", url, "--no-git-checks", "--tag", "smoke"),
                cwd=home,
                env=quiet,
                description="pnpm publish",
            ),
        ),
        Command(
            argv=("pnpm", "add", "--ignore-workspace", "--save-exact", f"{consumer.member.name}@{consumer.version}"),
            cwd=home,
            env=quiet,
            description="pnpm add",
        ),
    )


def _pypi_steps(consumer: Consumer, port: int) -> Sequence[Step]:
    url, place = registries.pypi_url(port), consumer.place
    environment = place / "venv"
    return (
        Server(
            command=registries.pypiserver_command(place / "registry", port),
            ready=lambda: registries.answers(port),
        ),
        _each_artifact(
            consumer,
            "",
            lambda path: Command(
                argv=(
                    "uv",
                    "publish",
                    "--publish-url",
                    f"{url}/",
                    "-u",
                    "any",
                    "-p",
                    "any",
                    "--trusted-publishing",
                    "never",
                    str(path),
                ),
                cwd=place,
                env={"NO_COLOR": "1"},
                description="uv publish",
            ),
        ),
        Command(argv=("uv", "venv", "--no-project", str(environment)), cwd=place, description="uv venv"),
        # The throw-away index comes first and uv never looks further for a name it has (index-strategy first-index).
        Command(
            argv=(
                "uv",
                "pip",
                "install",
                "--refresh-package",
                consumer.member.name,
                "--index",
                f"{url}/simple/",
                f"{consumer.member.name}=={consumer.version}",
            ),
            cwd=place,
            env={"VIRTUAL_ENV": str(environment), "NO_COLOR": "1"},
            description="uv pip install",
        ),
    )


def _go_steps(consumer: Consumer, _: int) -> Sequence[Step]:
    """The module cache is private and empty: a warm one would hide changed content. Other modules come from what this
    machine has downloaded already, then from its own proxy setting; checksums are compared either way."""
    home = consumer.place / "consumer"

    def install(context: StepContext) -> None:
        def go(*argv: str, env: dict[str, str | None] | None = None) -> Command:
            command = Command(argv=("go", *argv), cwd=home, env=env or {}, description=f"go {argv[0]}")
            return with_environment(command, context.environment)

        behind, cache = context.runner.require(go("env", "GOPROXY", "GOMODCACHE")).split()
        downloaded = (Path(cache) / "cache" / "download").as_uri()
        settings = {**_go_settings(consumer), "GOPROXY": f"{consumer.artifacts.as_uri()},{downloaded},{behind}"}
        for words in (
            ("mod", "init", "smoke"),
            ("get", f"{consumer.member.name}@{consumer.version}"),
            ("build", "-o", "smoke-consumer", "."),
        ):
            command = go(*words, env=settings)
            context.log.write(f"$ {command.render(context.root)}\n".encode())
            context.log.flush()
            run_with_retries(context.runner, command, context.log, context.say)

    downloaded = "file://$(go env GOMODCACHE)/cache/download"
    proxy = f"GOPROXY={consumer.artifacts.as_uri()},{downloaded},$(go env GOPROXY)"
    return (
        Action(
            description=f"{proxy} go mod init smoke, go get {consumer.member.name}@{consumer.version}, "
            "go build, with an empty module cache",
            act=install,
        ),
    )


def _go_settings(consumer: Consumer) -> dict[str, str | None]:
    # GOPRIVATE would send the module to git instead of the proxy; GONOSUMDB alone says that no checksum server knows
    # it (facts/tools.md §6). -modcacherw lets the folder be removed afterwards.
    return {
        "GOWORK": "off",
        "GOFLAGS": "-modcacherw -mod=mod",
        "GOMODCACHE": str(consumer.place / "modcache"),
        "GONOSUMDB": consumer.member.name,
        "GOPRIVATE": None,
    }


def _each_artifact(consumer: Consumer, suffix: str, publish: Callable[[Path], Command]) -> Action:
    def act(context: StepContext) -> None:
        files = [path for path in files_in(consumer.artifacts) if path.endswith(suffix)]
        if not files:
            raise StepFailedError(f"{consumer.artifacts}: found no packed artifact, expected one")
        for path in files:
            command = with_environment(publish(consumer.artifacts / path), context.environment)
            context.log.write(f"$ {command.render(context.root)}\n".encode())
            context.log.flush()
            context.runner.run(command, context.log)

    shown = publish(consumer.artifacts / f"*{suffix}").render()
    return Action(description=shown, act=act)


def _call(consumer: Consumer) -> Action:
    """Run the consumer and keep the one line it prints."""
    home = consumer.place / "consumer"
    scripts = {Language.TS: ("node", "smoke.mjs"), Language.GO: ("./smoke-consumer",)}
    python = (str(consumer.place / "venv" / "bin" / "python"), "smoke.py")
    command = Command(
        argv=scripts.get(consumer.member.language, python), cwd=home, env=consumer.call, description="smoke consumer"
    )

    def act(context: StepContext) -> None:
        answer = context.runner.ask(with_environment(command, context.environment))
        context.log.write(f"$ {command.render(context.root)}\n{answer.stdout}{answer.stderr}".encode())
        if answer.exit_code:
            raise CommandFailedError(
                f"the smoke consumer ended with exit code {answer.exit_code}",
                repeat=f"{command.render(context.root)} (with the server running)",
                exit_code=answer.exit_code,
            )
        lines = answer.stdout.strip().splitlines()
        if not lines:
            raise StepFailedError("the smoke consumer printed nothing, expected a line that tells what it called")
        context.detail["version"] = consumer.version
        context.detail["proof"] = lines[-1]

    return Action(description=command.render(), act=act)
