"""The kinds of ring 1 that are built and tested: installations, and members by their role."""

from __future__ import annotations

from nox_rings.engine.plan.targets import Kind

INSTALL = Kind(name="install", ring=1, rank=2)
SDK = Kind(name="sdk", ring=1, rank=3)
PACKAGE = Kind(name="package", ring=1, rank=4)
SERVICE = Kind(name="service", ring=1, rank=5)
