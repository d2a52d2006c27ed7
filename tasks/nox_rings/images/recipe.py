"""Images of both rings; a release image is run once, which proves that it links and prints its version."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nox_rings.ecosystems.context import RecipeContext
from nox_rings.engine.errors import CommandFailedError, StepFailedError
from nox_rings.engine.plan.keys import Recipe
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.engine.run.steps import Action, Step, StepContext
from nox_rings.images.buildx import DOCKER, ImageBuild, build_command, parse_errors, parse_output, prove_command
from nox_rings.images.dockerfile.model import VERSION_ARGUMENT
from nox_rings.images.engine import BuiltImage, choose_engine
from nox_rings.images.kinds import IMAGE_DEV, IMAGE_RELEASE
from nox_rings.images.model import ImageSubject
from nox_rings.images.receipts import context_of_receipt, write_receipt
from nox_rings.workspace.model import ImageVariant, LocalImage

RECIPE = Recipe(version=2, source="6b6aac64a45f7d45")
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
    proof = _shown_proof(subject)
    return (
        Action(
            description=replace(shown, argv=argv, env={}).render(root) + proof,
            act=lambda step: _build(target, subject, build, context, step),
        ),
    )


def _shown_proof(subject: ImageSubject) -> str:
    proof = subject.image.proof
    if not subject.is_release or proof == ():
        return ""
    return ", then run it once with --version" if proof is None else f", then run {shlex.join(proof)} in it once"


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
        build_args={
            **({VERSION_ARGUMENT: version} if VERSION_ARGUMENT in image.build_args else {}),
            **dict(image.args),
            **{name: os.environ[name] for name in image.passed_args if name in os.environ},
        },
        named_contexts=_contexts(subject, context),
        stage=image.stage,
        # Equal inputs give equal digests; development images need not, and are made faster without.
        source_date_epoch=context.time_seconds if subject.is_release else None,
        fast_compression=not subject.is_release,
    )


def _contexts(subject: ImageSubject, context: RecipeContext) -> Mapping[str, str]:
    """Named contexts, with images of the workspace as a machine with Docker has them."""
    image, root = subject.image, context.layout.root
    folders = {name: value if "://" in value else str(root / value) for name, value in image.contexts}
    local = {each.reference: f"docker-image://{_tag(each, context)}" for each in image.starts_from}
    return {**local, **folders, **subject.base_images}


def _tag(image: LocalImage, context: RecipeContext) -> str:
    return f"{image.name}:{context.versions.oci if image.variant is ImageVariant.RELEASE else DEV_TAG}"


def _receipt(image: LocalImage, context: RecipeContext) -> Path:
    kind = IMAGE_RELEASE if image.variant is ImageVariant.RELEASE else IMAGE_DEV
    return context.layout.own / "images" / kind.name / f"{image.name}.json"


def _build(target: Target, subject: ImageSubject, build: ImageBuild, context: RecipeContext, step: StepContext) -> None:
    local = {each.reference: context_of_receipt(_receipt(each, context)) for each in subject.image.starts_from}
    build = replace(build, named_contexts={**build.named_contexts, **local})
    built = context.resources.get(choose_engine, context).build(build, subject.bases, step.log, step.runner)
    step.detail["ref"], step.detail["digest"] = build.tags[0], built.digest
    if subject.is_release:
        step.detail["proof"] = _prove(target, subject, built, context, step)
    write_receipt(context.layout.root / target.outputs[0], step.detail, built.layout)


def _prove(target: Target, subject: ImageSubject, built: BuiltImage, context: RecipeContext, step: StepContext) -> str:
    """What `ENTRYPOINT --version`, or the configured command, printed in the image."""
    key, proof = f"images.{subject.image.name}.proof", subject.image.proof
    if proof == ():
        return f"not run: {key} is none"
    hint = f"pyproject.toml: tool.nox-rings.{key} names another command, or [] for none"
    if proof is None and not built.entrypoint:
        raise StepFailedError(
            f"{target.path}: found neither ENTRYPOINT nor CMD, expected one that takes --version, or {key}", hint=hint
        )
    argv = proof or (*built.entrypoint, "--version")
    command = prove_command(built.client, built.context, argv, context.layout.stage(target.id))
    answer = step.runner.ask(command)
    printed = parse_output(answer.stderr)
    failed = parse_errors(answer.stderr) if answer.exit_code else ""
    step.log.write(f"$ {command.render(step.root)}\n{printed}\n{failed}\n".encode())
    if answer.exit_code:
        raise CommandFailedError(
            f"{target.path}: the image does not run: {' '.join(argv)} failed in it; {key} names another command",
            repeat=command.render(with_path=True),
            exit_code=answer.exit_code,
        )
    if not printed and proof is None:
        raise StepFailedError(
            f"{target.path}: the image printed nothing for --version, expected its version, or {key}", hint=hint
        )
    return printed.splitlines()[-1] if printed else f"{shlex.join(argv)} ran"
