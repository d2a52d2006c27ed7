"""Every ecosystem, in the order in which their targets are derived."""

from __future__ import annotations

from nox_rings.ecosystems.base import Ecosystem
from nox_rings.ecosystems.go.ecosystem import Go
from nox_rings.ecosystems.npm.ecosystem import Npm
from nox_rings.ecosystems.pypi.ecosystem import Pypi

ECOSYSTEMS: tuple[Ecosystem, ...] = (Npm(), Go(), Pypi())
