"""What image targets are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nox_rings.workspace.model import ImageFile, ImageVariant


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSubject:
    """A Dockerfile. `base_images` are FROM names of it that the configuration sends elsewhere: an OCI layout or an
    image reference."""

    image: ImageFile
    base_images: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_release(self) -> bool:
        return self.image.variant is ImageVariant.RELEASE

    @property
    def bases(self) -> dict[str, str]:
        """FROM names that nobody has an answer for yet, and where each stands."""
        known = {*self.base_images, *dict(self.image.contexts), *(each.reference for each in self.image.starts_from)}
        lines = zip(self.image.bases, self.image.base_lines, strict=True)
        return {name: f"{self.image.dockerfile}:{line}" for name, line in lines if name not in known}
