"""The row of `doctor` about image engines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nox_rings.images.engine_status import EngineFacts, engine_status
from nox_rings.toolchain.doctor import Condition

READY = EngineFacts(docker_problem="no docker on PATH", docker="", linux=True, privileged=True, apt="/usr/bin/apt-get")


@pytest.mark.parametrize(
    ("changes", "found", "where"),
    [
        ({"docker_problem": "", "docker": "/usr/bin/docker"}, "docker", "/usr/bin/docker"),
        ({"docker_problem": "", "docker": "/d", "linux": False, "privileged": False, "apt": ""}, "docker", "/d"),
        ({}, "embedded BuildKit", "/usr/bin/apt-get"),
        ({"docker_problem": "its server does not answer", "docker": "/d"}, "embedded BuildKit", "/usr/bin/apt-get"),
    ],
    ids=["both", "Docker alone", "no Docker", "a Docker that cannot build"],
)
def test_docker_is_preferred_and_the_embedded_engine_stands_in(changes: dict[str, Any], found: str, where: str) -> None:
    row = engine_status(replace(READY, **changes))
    assert (row.found, row.where, row.condition) == (found, where, Condition.OK)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"apt": ""}, "apt-get"),
        ({"privileged": False}, "root (CAP_SYS_ADMIN)"),
        ({"linux": False, "privileged": False, "apt": ""}, "Linux and root (CAP_SYS_ADMIN) and apt-get"),
    ],
)
def test_without_an_engine_the_row_says_what_is_missing(changes: dict[str, Any], missing: str) -> None:
    row = engine_status(replace(READY, **changes))
    assert (row.found, row.condition) == ("", Condition.MISSING)
    assert row.how == f"start Docker (no docker on PATH); the embedded engine lacks {missing}"
