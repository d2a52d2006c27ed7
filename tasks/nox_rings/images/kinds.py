"""The kinds of images."""

from __future__ import annotations

from nox_rings.engine.plan.targets import Kind

IMAGE_DEV = Kind(name="image-dev", ring=1, rank=6)
IMAGE_RELEASE = Kind(name="image-release", ring=2, rank=7)
