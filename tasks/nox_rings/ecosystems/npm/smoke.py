"""A packed npm package from a throw-away registry into a clean folder."""

from __future__ import annotations

import os
from collections.abc import Sequence

from nox_rings.ecosystems import registries
from nox_rings.ecosystems.base import PublishSteps
from nox_rings.ecosystems.model import SmokeConsumer
from nox_rings.ecosystems.npm import pnpm
from nox_rings.ecosystems.npm.verdaccio import registry_url, verdaccio_command, write_config
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.run.steps import Action, Server, Step


def smoke_steps(consumer: SmokeConsumer, publish: PublishSteps) -> Sequence[Step]:
    url, name = registry_url(consumer.port), consumer.member.name
    config = consumer.registry / "verdaccio.yaml"
    return (
        Action(
            description=f"write .npmrc: {name.partition('/')[0]} comes from {url}",
            act=lambda _: _write_settings(consumer, url),
        ),
        Server(
            command=verdaccio_command(config, consumer.port),
            ready=lambda: registries.answers(consumer.port, "/-/ping"),
        ),
        publish(lambda artifact: pnpm.publish_command(artifact, url, consumer.home)),
        pnpm.add_command(name, consumer.version, consumer.home),
    )


def _write_settings(consumer: SmokeConsumer, url: str) -> None:
    scope, _, name = consumer.member.name.partition("/")
    if not name:
        raise StepFailedError(
            f"{consumer.member.folder}/package.json: name: found {scope}, expected a scoped name: "
            "its scope is what sends the smoke install to the throw-away registry and its dependencies elsewhere"
        )
    # pnpm requires a token even for anonymous uploads.
    settings = f"{scope}:registry={url}\n{url.removeprefix('http:')}:_authToken=throw-away\n"
    # A proxy in ~/.npmrc is for everything that no file excepts (https://pnpm.io/settings#noproxy).
    settings += f"noproxy={registries.hosts_without_proxy(os.environ)}\n"
    (consumer.home / ".npmrc").write_text(settings, encoding="utf-8")
    (consumer.home / "package.json").write_text('{"private": true, "type": "module"}\n', encoding="utf-8")
    write_config(consumer.registry)
