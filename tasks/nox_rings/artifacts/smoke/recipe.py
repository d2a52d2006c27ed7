"""Ring 2, the smoke test: publish the packed artifacts to throw-away registries, install them by exact version in a
clean folder, import them and call a running server.

The clean folders lie outside the work tree, so that nothing in it can be found by accident (node looks in every folder
above, pnpm and go for a workspace above)."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from nox_rings.artifacts.model import SMOKE_FOLDER, SmokeSubject
from nox_rings.artifacts.seal.sealing import require_sealed
from nox_rings.ecosystems import registries
from nox_rings.ecosystems.archives import kind_of
from nox_rings.ecosystems.base import PublishCommand
from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.model import SmokeConsumer
from nox_rings.engine.errors import CommandFailedError, StepFailedError
from nox_rings.engine.layout import file_name
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Action, Server, Step, StepContext
from nox_rings.engine.store.trees import copy_files, empty_folder

RECIPE = Recipe(version=1, source="2c450e889dddb3e4")


def smoke_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    subject = subject_of(target, SmokeSubject)
    member, ecosystem = subject.member, context.ecosystems[subject.member.ecosystem]
    consumer = SmokeConsumer(
        member=member,
        clean=context.layout.scratch / file_name(target.id),
        artifacts=context.layout.root / subject.artifacts,
        version=ecosystem.version(context.versions),
        port=registries.free_port(),
    )
    port, grpc_port = registries.free_port(), registries.free_port()
    call = ecosystem.call_command(
        consumer,
        {
            "NOX_RINGS_SMOKE_URL": f"http://{registries.LOOPBACK}:{port}",
            "NOX_RINGS_SMOKE_GRPC": f"{registries.LOOPBACK}:{grpc_port}",
            "NOX_RINGS_SMOKE_VERSION": consumer.version,
        },
    )
    return (
        Action(
            description=f"compare {consumer.artifacts} with its manifest",
            act=lambda _: _compare(consumer),
        ),
        Action(
            description=f"copy {member.folder}/{SMOKE_FOLDER} into the empty folder {consumer.clean}",
            act=lambda _: _prepare(consumer, context),
        ),
        *ecosystem.smoke_steps(consumer, lambda command: _publish(consumer, command, context)),
        _server(subject, context, port, grpc_port),
        Action(description=call.render(), act=lambda step: _call(consumer, call, step)),
        Action(description=f"remove {consumer.clean}", act=lambda _: shutil.rmtree(consumer.clean)),
    )


def _compare(consumer: SmokeConsumer) -> None:
    """Nothing is started for artifacts that differ from their manifest."""
    require_sealed(consumer.artifacts)


def _prepare(consumer: SmokeConsumer, context: RecipeContext) -> None:
    folder = joined(consumer.member.folder, SMOKE_FOLDER)
    context.layout.make_scratch()
    empty_folder(consumer.clean)
    inside = [path for path in context.files if path.startswith(f"{folder}/")]
    copy_files(context.layout.root, inside, consumer.clean / "copy")
    (consumer.clean / "copy" / folder).rename(consumer.home)
    consumer.registry.mkdir()


def _publish(consumer: SmokeConsumer, command: PublishCommand, context: RecipeContext) -> Step:
    """Publish every sealed artifact, byte for byte."""
    kinds = context.ecosystems[consumer.member.ecosystem].artifact_kinds()

    def act(step: StepContext) -> None:
        for path in sorted(path for path in require_sealed(consumer.artifacts).artifacts if kind_of(path, kinds)):
            step.run(command(consumer.artifacts / path))

    return Action(description=command(consumer.artifacts / "*").render(), act=act)


def _server(subject: SmokeSubject, context: RecipeContext, port: int, grpc_port: int) -> Server:
    return Server(
        command=Command(
            argv=subject.command,
            cwd=context.layout.root / subject.server,
            env={"PORT": str(port), "GRPC_PORT": str(grpc_port), "HOST": registries.LOOPBACK},
            description=f"{subject.server} server",
        ),
        ready=lambda: registries.answers(port, subject.health),
    )


def _call(consumer: SmokeConsumer, command: Command, step: StepContext) -> None:
    """Run the consumer and keep the one line it prints."""
    answer = step.runner.ask(step.command(command))
    step.log_command(command)
    step.log.write(f"{answer.stdout}{answer.stderr}".encode())
    if answer.exit_code:
        raise CommandFailedError(
            f"the smoke consumer ended with exit code {answer.exit_code}",
            repeat=command.render(),
            exit_code=answer.exit_code,
        )
    lines = answer.stdout.strip().splitlines()
    if not lines:
        raise StepFailedError("the smoke consumer printed nothing, expected a line about its call")
    step.detail["version"] = consumer.version
    step.detail["proof"] = lines[-1]
