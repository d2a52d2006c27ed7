"""Throw-away registries and servers on loopback: free ports, and whether one answers.

Each registry keeps its packages in a folder of ours and ends with the target that started it."""

from __future__ import annotations

import http.client
import socket

from nox_rings.engine.process.environment import hosts_without_proxy as hosts_without_proxy

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
