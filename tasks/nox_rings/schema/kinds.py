"""The kinds of ring 0."""

from __future__ import annotations

from nox_rings.engine.plan.targets import Kind

PROTO = Kind(name="proto", ring=0, rank=0)
# Each waits for plugins of its own, and the slowest must not begin when the others have ended.
STUBS = Kind(name="stubs", ring=0, rank=1, adds_sources=True, beside_others=True)
