"""Images of both rings; a release image is run once, which proves that it links and prints its version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.engine.errors import CommandFailedError, StepFailedError
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.images.buildx import DOCKER, ImageBuild, build_command, parse_errors, parse_output, prove_command
from nox_rings.images.dockerfile.model import VERSION_ARGUMENT
from nox_rings.images.engine import BuiltImage, choose_engine
from nox_rings.images.model import ImageSubject
from nox_rings.images.receipts import write_receipt

RECIPE = Recipe(version=1, source="2c1d7cf16fe92f34")
DEV_TAG = "dev"


def image_steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    """One step, shown as the command of a machine with Docker: without one the same build goes to the embedded
    BuildKit, with the base images as named contexts and an OCI layout as its output."""
    subject = subject_of(target, ImageSubject)
    build = image_build(target, subject, context)
    root = context.layout.root
    relative = replace(build, dockerfile=build.dockerfile.relative_to(root), context=build.context.relative_to(root))
    shown = build_command(DOCKER, relative, cwd=root)
    argv = tuple(word for word in shown.argv if not word.startswith("--metadata-file="))
    proof = ", then run it once with --version" if subject.is_release else ""
    return (
        Action(
            description=replace(shown, argv=argv, env={}).render(root) + proof,
            act=lambda step: _build(target, subject, build, context, step),
        ),
    )


def image_build(target: Target, subject: ImageSubject, context: RecipeContext) -> ImageBuild:
    layout, image = context.layout, subject.image
    folder = layout.own / "images" / target.kind.name
    version = context.versions.oci if subject.is_release else f"0.0.0-{DEV_TAG}"
    return ImageBuild(
        context=layout.root / image.context,
        dockerfile=layout.root / image.dockerfile,
        metadata=layout.stage(target.id) / "metadata.json",
        layout=folder / image.name,
        tags=(f"{image.name}:{context.versions.oci if subject.is_release else DEV_TAG}",),
        build_args={VERSION_ARGUMENT: version} if VERSION_ARGUMENT in image.build_args else {},
        named_contexts=subject.base_images,
        # Equal inputs give equal digests; development images need not, and are made faster without.
        source_date_epoch=context.time_seconds if subject.is_release else None,
        fast_compression=not subject.is_release,
    )


def _build(target: Target, subject: ImageSubject, build: ImageBuild, context: RecipeContext, step: StepContext) -> None:
    built = context.resources.get(choose_engine, context).build(build, subject.bases, step.log)
    step.detail["ref"], step.detail["digest"] = build.tags[0], built.digest
    if subject.is_release:
        step.detail["proof"] = _prove(target, built, context, step)
    write_receipt(context.layout.root / target.outputs[0], step.detail, built.layout)


def _prove(target: Target, built: BuiltImage, context: RecipeContext, step: StepContext) -> str:
    """What `ENTRYPOINT --version` printed in the image."""
    if not built.entrypoint:
        raise StepFailedError(f"{target.path}: found neither ENTRYPOINT nor CMD, expected one that takes --version")
    argv = (*built.entrypoint, "--version")
    command = prove_command(built.client, built.context, argv, context.layout.stage(target.id))
    answer = step.runner.ask(command)
    printed = parse_output(answer.stderr)
    failed = parse_errors(answer.stderr) if answer.exit_code else ""
    step.log.write(f"$ {command.render(step.root)}\n{printed}\n{failed}\n".encode())
    if answer.exit_code:
        raise CommandFailedError(
            f"{target.path}: the image does not run: {' '.join(argv)} failed in it",
            repeat=command.render(with_path=True),
            exit_code=answer.exit_code,
        )
    if not printed:
        raise StepFailedError(f"{target.path}: the image printed nothing for --version, expected its version")
    return printed.splitlines()[-1]
