"""Throw-away registries on loopback: verdaccio ≥ 6.7 without uplinks, pypiserver ≥ 2.4, a file GOPROXY.

Each keeps its packages in a folder of ours and is gone with the target that started it."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path

from nox_rings.engine.process.command import Command

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str = "/") -> bool:
    """Whether an HTTP server on loopback answers `path` with 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def npm_url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}/"


def write_verdaccio_config(folder: Path) -> Path:
    """No uplinks: what was not published to it does not exist. Anyone on loopback may read and publish."""
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


def pypi_url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def pypiserver_command(packages: Path, port: int) -> Command:
    argv = ("pypi-server", "run", "-i", LOOPBACK, "-p", str(port), "-P", ".", "-a", ".", "--disable-fallback")
    return Command(argv=(*argv, str(packages)), cwd=packages, description="pypiserver")
