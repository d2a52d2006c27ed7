from __future__ import annotations

from pathlib import Path

from nox_rings.ecosystems.pypi import uv
from nox_rings.engine.process.command import Command

ENVIRONMENT = Path("/w/.nox-rings/python/+root")
SETTINGS = "/w/.nox-rings/python/+root.setuptools.cfg"


def test_sync_installs_every_member_into_our_own_environment_as_locked() -> None:
    assert uv.sync_command(Path("/w"), ENVIRONMENT, ("dev",), ("test",), ("far",)) == Command(
        argv=(
            *("uv", "sync", "--frozen", "--all-packages", "--group", "dev", "--extra", "test"),
            *("--reinstall-package", "far"),
        ),
        cwd=Path("/w"),
        env={
            "UV_PROJECT_ENVIRONMENT": "/w/.nox-rings/python/+root",
            "NO_COLOR": "1",
            "DIST_EXTRA_CONFIG": SETTINGS,
        },
        description="uv sync",
    )


def test_a_build_ignores_the_sources_of_the_workspace_and_has_the_variables_of_the_version() -> None:
    assert uv.build_command(
        Path("/stage/py/sdk"), Path("/stage/packed"), {"PDM_BUILD_SCM_VERSION": "1.4.2"}
    ) == Command(
        argv=("uv", "build", "--no-sources", "--out-dir", "/stage/packed", "."),
        cwd=Path("/stage/py/sdk"),
        env={
            "NO_COLOR": "1",
            "PDM_BUILD_SCM_VERSION": "1.4.2",
        },
        description="uv build sdk",
    )


def test_a_wheel_of_the_package_as_it_is_leaves_nothing_in_its_folder() -> None:
    assert uv.wheel_command(Path("/w/py/sdk"), Path("/w/.nox-rings/python/+root.built"), ENVIRONMENT) == Command(
        argv=("uv", "build", "--wheel", "--out-dir", "/w/.nox-rings/python/+root.built", "."),
        cwd=Path("/w/py/sdk"),
        env={"NO_COLOR": "1", "DIST_EXTRA_CONFIG": SETTINGS},
        description="uv build sdk",
    )
