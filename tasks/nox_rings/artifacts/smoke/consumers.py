"""How a packed SDK gets from a throw-away registry into a clean place, per ecosystem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nox_rings.artifacts.seal.sealing import require_sealed
from nox_rings.ecosystems import registries
from nox_rings.ecosystems.archives import kind_of
from nox_rings.ecosystems.go import go_consumer
from nox_rings.ecosystems.npm import pnpm
from nox_rings.ecosystems.pypi import uv, uv_pip
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Action, Server, Step, StepContext
from nox_rings.workspace.language import Language
from nox_rings.workspace.model import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A program that uses the SDK at `member`: `place` is the clean folder, `artifacts` what was packed, `version` the
    exact one to install, `port` where the registry listens."""

    member: Member
    place: Path
    artifacts: Path
    version: str
    port: int

    @property
    def home(self) -> Path:
        """The consumer's own folder."""
        return self.place / "consumer"

    @property
    def registry(self) -> Path:
        """What the registry keeps."""
        return self.place / "registry"


def install_steps(consumer: Consumer) -> Sequence[Step]:
    steps = {Language.TS: _npm_steps, Language.PY: _pypi_steps, Language.GO: _go_steps}
    return steps[consumer.member.language](consumer)


def call_command(consumer: Consumer, env: dict[str, str | None]) -> Command:
    """The consumer's program; it prints one line."""
    programs = {
        Language.TS: ("node", "smoke.mjs"),
        Language.GO: ("./smoke-consumer",),
        Language.PY: (str(consumer.place / "venv" / "bin" / "python"), "smoke.py"),
    }
    argv = programs[consumer.member.language]
    return Command(argv=argv, cwd=consumer.home, env=env, description="smoke consumer")


def _npm_steps(consumer: Consumer) -> Sequence[Step]:
    url, name = registries.npm_url(consumer.port), consumer.member.name
    config = consumer.registry / "verdaccio.yaml"
    return (
        Action(
            description=f"write .npmrc: {name.partition('/')[0]} comes from {url}",
            act=lambda _: _write_npm_settings(consumer, url),
        ),
        Server(
            command=registries.verdaccio_command(config, consumer.port),
            ready=lambda: registries.answers(consumer.port, "/-/ping"),
        ),
        _publish(consumer, lambda path: pnpm.publish_command(path, url, consumer.home)),
        pnpm.add_command(name, consumer.version, consumer.home),
    )


def _write_npm_settings(consumer: Consumer, url: str) -> None:
    scope, _, name = consumer.member.name.partition("/")
    if not name:
        raise StepFailedError(
            f"{consumer.member.folder}/package.json: name: found {scope}, expected a scoped name: "
            "its scope is what sends the smoke install to the throw-away registry and its dependencies elsewhere"
        )
    # A token is asked for even where anyone may publish.
    settings = f"{scope}:registry={url}\n{url.removeprefix('http:')}:_authToken=throw-away\n"
    (consumer.home / ".npmrc").write_text(settings, encoding="utf-8")
    (consumer.home / "package.json").write_text('{"private": true, "type": "module"}\n', encoding="utf-8")
    registries.write_verdaccio_config(consumer.registry)


def _pypi_steps(consumer: Consumer) -> Sequence[Step]:
    url, environment = registries.pypi_url(consumer.port), consumer.place / "venv"
    return (
        Server(
            command=registries.pypiserver_command(consumer.registry, consumer.port),
            ready=lambda: registries.answers(consumer.port),
        ),
        _publish(consumer, lambda path: uv.publish_command(path, url, consumer.place)),
        uv_pip.venv_command(environment),
        uv_pip.install_command(consumer.member.name, consumer.version, url, environment),
    )


def _go_steps(consumer: Consumer) -> Sequence[Step]:
    def commands(proxies: str) -> Sequence[Command]:
        found = go_consumer.Consumer(
            name=consumer.member.name,
            version=consumer.version,
            home=consumer.home,
            cache=consumer.place / "modcache",
            proxies=proxies,
            modules=(consumer.member.name,),
        )
        return *found.install_commands("smoke"), found.command("build", "-o", "smoke-consumer", ".")

    def install(context: StepContext) -> None:
        answer = context.runner.require(context.command(go_consumer.proxy_question(consumer.home)))
        for command in commands(go_consumer.proxies_of(answer, (consumer.artifacts,))):
            context.run(command)

    shown = commands(go_consumer.shown_proxies((consumer.artifacts,)))
    return (Action(description="\n# ".join(command.render() for command in shown), act=install),)


def _publish(consumer: Consumer, publish: Callable[[Path], Command]) -> Action:
    """Publish every sealed artifact, the very bytes."""

    def act(context: StepContext) -> None:
        for path in sorted(filter(lambda path: kind_of(Path(path)), require_sealed(consumer.artifacts).artifacts)):
            context.run(publish(consumer.artifacts / path))

    return Action(description=publish(consumer.artifacts / "*").render(), act=act)
