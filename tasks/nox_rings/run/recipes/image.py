"""Placeholder until the engine lands in this commit series."""

from __future__ import annotations

from collections.abc import Sequence

from nox_rings.domain.targets import Target
from nox_rings.domain.workspace import ImageFile
from nox_rings.run.recipes import Kitchen
from nox_rings.run.steps import Step


def image_steps(target: Target, image: ImageFile, kitchen: Kitchen) -> Sequence[Step]:
    return ()
