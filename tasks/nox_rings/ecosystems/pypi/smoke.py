"""A packed wheel from a throw-away index into a clean environment."""

from __future__ import annotations

from collections.abc import Sequence

from nox_rings.ecosystems import registries
from nox_rings.ecosystems.base import PublishSteps
from nox_rings.ecosystems.model import SmokeConsumer
from nox_rings.ecosystems.pypi import uv, uv_pip
from nox_rings.ecosystems.pypi.pypiserver import index_url, pypiserver_command
from nox_rings.engine.run.steps import Server, Step


def smoke_steps(consumer: SmokeConsumer, publish: PublishSteps) -> Sequence[Step]:
    url, environment = index_url(consumer.port), consumer.clean / "venv"
    return (
        Server(
            command=pypiserver_command(consumer.registry, consumer.port),
            ready=lambda: registries.answers(consumer.port),
        ),
        publish(lambda artifact: uv.publish_command(artifact, url, consumer.clean)),
        uv_pip.venv_command(environment),
        uv_pip.install_command(consumer.member.name, consumer.version, url, environment),
    )
