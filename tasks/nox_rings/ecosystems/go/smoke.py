"""A packed Go module from a file proxy into a module outside of every workspace."""

from __future__ import annotations

from collections.abc import Sequence

from nox_rings.ecosystems.go import go_consumer
from nox_rings.ecosystems.model import SmokeConsumer
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Action, Step, StepContext

PROGRAM = "smoke-consumer"


def smoke_steps(consumer: SmokeConsumer) -> Sequence[Step]:
    """The commands are made when the step runs: GOPROXY is known only after go was asked for it."""

    def install(step: StepContext) -> None:
        answer = step.runner.require(step.command(go_consumer.proxy_question(consumer.home)))
        for command in _commands(consumer, go_consumer.proxies_of(answer, (consumer.artifacts,))):
            step.run(command)

    shown = _commands(consumer, go_consumer.shown_proxies((consumer.artifacts,)))
    return (Action(description="\n# ".join(command.render() for command in shown), act=install),)


def _commands(consumer: SmokeConsumer, proxies: str) -> Sequence[Command]:
    found = go_consumer.Consumer(
        name=consumer.member.name,
        version=consumer.version,
        home=consumer.home,
        cache=consumer.clean / "modcache",
        proxies=proxies,
        modules=(consumer.member.name,),
    )
    return *found.install_commands("smoke"), found.command("build", "-o", PROGRAM, ".")
