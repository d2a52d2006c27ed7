"""A packed wheel from a throw-away index into a clean environment."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

from nox_rings.ecosystems import registries
from nox_rings.ecosystems.base import PublishSteps
from nox_rings.ecosystems.model import SmokeConsumer
from nox_rings.ecosystems.pypi import uv, uv_pip
from nox_rings.ecosystems.pypi.pypiserver import index_url, pypiserver_command
from nox_rings.engine.run.steps import Action, Server, Step


def smoke_steps(consumer: SmokeConsumer, publish: PublishSteps) -> Sequence[Step]:
    url, environment = index_url(consumer.port), consumer.clean / "venv"
    return (
        Action(
            description=f"write uv.toml: no proxy for {registries.LOOPBACK}", act=lambda _: _write_settings(consumer)
        ),
        Server(
            command=pypiserver_command(consumer.registry, consumer.port),
            ready=lambda: registries.answers(consumer.port),
        ),
        publish(lambda artifact: uv.publish_command(artifact, url, consumer.clean)),
        uv_pip.venv_command(environment),
        uv_pip.install_command(consumer.member.name, consumer.version, url, environment),
    )


def _write_settings(consumer: SmokeConsumer) -> None:
    """A proxy in the user's uv.toml is for everything that no file excepts; lists in several files are joined
    (https://docs.astral.sh/uv/concepts/configuration-files/)."""
    hosts = registries.hosts_without_proxy(os.environ).split(",")
    (consumer.clean / "uv.toml").write_text(f"no-proxy = {json.dumps(hosts)}\n", encoding="utf-8")
