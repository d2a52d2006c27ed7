from __future__ import annotations

from pathlib import Path

from nox_rings.ecosystems.npm import pnpm
from nox_rings.engine.process.command import Command

QUIET = {"CI": "1", "NO_COLOR": "1", "PNPM_CONFIG_PM_ON_FAIL": "ignore"}


def test_pack_runs_no_script_of_the_package() -> None:
    assert pnpm.pack_command(Path("/stage/sdk/ts"), Path("/stage/packed")) == Command(
        argv=("pnpm", "pack", "--config.ignore-scripts=true", "--pack-destination", "/stage/packed"),
        cwd=Path("/stage/sdk/ts"),
        env=QUIET,
        description="pnpm pack ts",
    )
