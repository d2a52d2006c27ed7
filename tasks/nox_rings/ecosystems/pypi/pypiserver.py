"""pypiserver ≥ 2.4 on loopback, without a fallback index."""

from __future__ import annotations

from pathlib import Path

from nox_rings.ecosystems.registries import LOOPBACK
from nox_rings.engine.process.command import Command


def index_url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def pypiserver_command(packages: Path, port: int) -> Command:
    argv = ("pypi-server", "run", "-i", LOOPBACK, "-p", str(port), "-P", ".", "-a", ".", "--disable-fallback")
    return Command(argv=(*argv, str(packages)), cwd=packages, description="pypiserver")
