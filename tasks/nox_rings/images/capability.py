"""Images of rings 1 and 2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.engine.capability import NO_EXTRA_FACTS, Capability, ExtraFacts, MenuEntry
from nox_rings.engine.plan.targets import Target
from nox_rings.images import session
from nox_rings.images.builds.files import DESCRIPTORS
from nox_rings.images.kinds import IMAGE_DEV, IMAGE_RELEASE

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView
    from nox_rings.engine.plan.graph import Graph
    from nox_rings.engine.run.steps import Step


def _derive(view: WorkspaceView) -> Iterator[Target]:
    from nox_rings.images.derive import derive_images

    return derive_images(view)


def _steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    from nox_rings.images.recipe import image_steps

    return image_steps(target, context)


def _facts(target: Target, context: RecipeContext) -> ExtraFacts:
    """A release image carries its version."""
    if target.kind != IMAGE_RELEASE:
        return NO_EXTRA_FACTS
    version = context.versions.npm
    return ExtraFacts(facts={"version": version}, passed_on=version)


def _output_exists(receipt: Path) -> bool:
    """A receipt without its image counts for nothing."""
    from nox_rings.images.receipts import is_backed

    return is_backed(receipt)


def _problems(view: WorkspaceView, graph: Graph) -> Iterator[str]:
    from nox_rings.images.builds.settings import setting_problems

    return setting_problems(view)


IMAGES: Capability[WorkspaceView, RecipeContext] = Capability(
    name="images",
    kinds=(IMAGE_DEV, IMAGE_RELEASE),
    derive=_derive,
    steps=_steps,
    facts=_facts,
    output_exists=_output_exists,
    problems=_problems,
    descriptors=DESCRIPTORS,
    sessions=(MenuEntry(function=session.image_dev), MenuEntry(function=session.image_release)),
)
