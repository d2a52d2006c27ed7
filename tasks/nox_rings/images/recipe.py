"""Images of both rings; a release image is run once, which proves that it links and tells its version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nox_rings.engine.errors import CommandFailedError, StepFailedError
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.images.buildx import DOCKER, ImageBuild, build_command, parse_errors, parse_output, prove_command
from nox_rings.images.engine import Made
from nox_rings.images.receipts import write_receipt
from nox_rings.sessions.kitchen import Kitchen
from nox_rings.workspace.model import Flavour, ImageFile

VERSION_ARGUMENT = "VERSION"
DEV_TAG = "dev"


def image_steps(target: Target, image: ImageFile, kitchen: Kitchen) -> Sequence[Step]:
    """One step, told as the command of a machine with Docker: without one the same build goes to the embedded
    BuildKit, with the base images as named contexts and an OCI layout as its output."""
    build = image_build(target, image, kitchen)
    root = kitchen.layout.root
    relative = replace(build, dockerfile=build.dockerfile.relative_to(root), context=build.context.relative_to(root))
    shown = build_command(DOCKER, relative, cwd=root)
    words = tuple(word for word in shown.argv if not word.startswith("--metadata-file="))
    proof = ", then run it once with --version" if image.flavour is Flavour.RELEASE else ""
    return (
        Action(
            description=replace(shown, argv=words, env={}).render(root) + proof,
            act=lambda context: _build(target, image, build, kitchen, context),
        ),
    )


def image_build(target: Target, image: ImageFile, kitchen: Kitchen) -> ImageBuild:
    layout, released = kitchen.layout, image.flavour is Flavour.RELEASE
    folder = layout.images / str(target.kind)
    version = kitchen.versions.oci if released else f"0.0.0-{DEV_TAG}"
    return ImageBuild(
        context=layout.root / image.context,
        dockerfile=layout.root / image.dockerfile,
        metadata=layout.stage(target.id) / "metadata.json",
        layout=folder / image.name,
        tags=(f"{image.name}:{kitchen.versions.oci if released else DEV_TAG}",),
        build_args={VERSION_ARGUMENT: version} if VERSION_ARGUMENT in image.build_args else {},
        # Equal inputs give equal digests; development images need not, and are made faster without.
        source_date_epoch=kitchen.time_seconds if released else None,
        fast_compression=not released,
    )


def _build(target: Target, image: ImageFile, build: ImageBuild, kitchen: Kitchen, context: StepContext) -> None:
    engine = kitchen.engine()
    lines = zip(image.bases, image.base_lines, strict=True)
    places = {name: f"{image.dockerfile}:{line}" for name, line in lines}
    made = engine.build(build, places, context.log)
    context.detail["ref"], context.detail["digest"] = build.tags[0], made.digest
    if image.flavour is Flavour.RELEASE:
        context.detail["proof"] = _prove(target, engine.entrypoint(build, made), made, kitchen, context)
    write_receipt(kitchen.layout.root / target.outputs[0], context.detail, made.layout)


def _prove(target: Target, entrypoint: tuple[str, ...], made: Made, kitchen: Kitchen, context: StepContext) -> str:
    """What `ENTRYPOINT --version` printed in the image."""
    if not entrypoint:
        raise StepFailedError(f"{target.place}: found neither ENTRYPOINT nor CMD, expected one that takes --version")
    command = prove_command(made.client, made.context, (*entrypoint, "--version"), kitchen.layout.stage(target.id))
    answer = context.runner.ask(command)
    printed = parse_output(answer.stderr)
    failed = parse_errors(answer.stderr) if answer.exit_code else ""
    context.log.write(f"$ {command.render(context.root)}\n{printed}\n{failed}\n".encode())
    if answer.exit_code:
        raise CommandFailedError(
            f"{target.place}: the image does not run: {' '.join(entrypoint)} --version failed in it",
            repeat=command.render(with_path=True),
            exit_code=answer.exit_code,
        )
    if not printed:
        raise StepFailedError(f"{target.place}: the image printed nothing for --version, expected its version")
    return printed.splitlines()[-1]
