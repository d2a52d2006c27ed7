"""Kinds of targets: packed artifacts, and the checks of them."""

from __future__ import annotations

from nox_rings.engine.plan.targets import Kind

ARTIFACT = Kind(name="artifact", ring=2, rank=8)
INSTALL_CHECK = Kind(name="install-check", ring=2, rank=9)
SMOKE = Kind(name="smoke", ring=2, rank=10)
