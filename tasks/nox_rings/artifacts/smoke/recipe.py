"""Ring 2, the proof: publish the packed artifacts to throw-away registries, install them by exact version in a clean
place, import them and call a running server.

The clean places lie outside the work tree, so that nothing in it can be found by accident (node looks in every folder
above, pnpm and go for a workspace above)."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from nox_rings.artifacts.seal.sealing import require_sealed
from nox_rings.artifacts.smoke.consumers import Consumer, call_command, install_steps
from nox_rings.ecosystems import registries
from nox_rings.engine.errors import CommandFailedError, StepFailedError
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import Action, Server, Step, StepContext
from nox_rings.engine.store.trees import copy_files, empty_folder
from nox_rings.sessions.kitchen import Kitchen
from nox_rings.sessions.packed_targets import REGISTRY, SmokeSource
from nox_rings.workspace.model import Member


def smoke_steps(target: Target, source: SmokeSource, kitchen: Kitchen) -> Sequence[Step]:
    member = source.member
    consumer = Consumer(
        member=member,
        place=kitchen.scratch / target.id.replace(":", "-").replace("/", "+"),
        artifacts=kitchen.layout.root / "dist" / REGISTRY[member.language] / source.artifact.partition(":")[2],
        version=kitchen.versions.of(member.language),
        port=kitchen.port(),
    )
    port, grpc_port = kitchen.port(), kitchen.port()
    call = call_command(
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
            description=f"copy {member.folder}/smoke into the empty folder {consumer.place}",
            act=lambda _: _prepare(consumer, kitchen),
        ),
        *install_steps(consumer),
        _server(source.server, kitchen, port, grpc_port),
        Action(description=call.render(), act=lambda context: _call(consumer, call, context)),
        Action(description=f"remove {consumer.place}", act=lambda _: shutil.rmtree(consumer.place)),
    )


def _compare(consumer: Consumer) -> None:
    """Nothing is started for artifacts that are not what was packed."""
    require_sealed(consumer.artifacts)


def _prepare(consumer: Consumer, kitchen: Kitchen) -> None:
    folder = joined(consumer.member.folder, "smoke")
    empty_folder(consumer.place)
    inside = [path for path in kitchen.files if path.startswith(f"{folder}/")]
    copy_files(kitchen.layout.root, inside, consumer.place / "copy")
    (consumer.place / "copy" / folder).rename(consumer.home)
    consumer.registry.mkdir()


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


def _call(consumer: Consumer, command: Command, context: StepContext) -> None:
    """Run the consumer and keep the one line it prints."""
    answer = context.runner.ask(context.command(command))
    context.tell(command)
    context.log.write(f"{answer.stdout}{answer.stderr}".encode())
    if answer.exit_code:
        raise CommandFailedError(
            f"the smoke consumer ended with exit code {answer.exit_code}",
            repeat=command.render(),
            exit_code=answer.exit_code,
        )
    lines = answer.stdout.strip().splitlines()
    if not lines:
        raise StepFailedError("the smoke consumer printed nothing, expected a line that tells what it called")
    context.detail["version"] = consumer.version
    context.detail["proof"] = lines[-1]
