"""verdaccio ≥ 6.7 on loopback, without uplinks: it serves only what was published to it."""

from __future__ import annotations

import json
from pathlib import Path

from nox_rings.ecosystems.registries import LOOPBACK
from nox_rings.engine.process.command import Command


def registry_url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}/"


def write_config(folder: Path) -> Path:
    """Anyone on loopback may read and publish."""
    config = {
        "storage": str(folder / "storage"),
        "uplinks": {},
        "packages": {"**": {"access": "$all", "publish": "$all"}},
        "web": {"enable": False},
        "max_body_size": "200mb",
        "log": {"type": "stdout", "format": "pretty", "level": "warn"},
    }
    path = folder / "verdaccio.yaml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")  # JSON is YAML
    return path


def verdaccio_command(config: Path, port: int) -> Command:
    return Command(
        argv=("verdaccio", "--config", str(config), "--listen", f"{LOOPBACK}:{port}"),
        cwd=config.parent,
        env={"NO_COLOR": "1"},
        description="verdaccio",
    )
