"""The one entry point of every build ring of this repository.

    scripts/nox -l                      the menu (on a fresh machine too: Python 3.11 or later is all it needs)
    scripts/nox -s rings                everything, from .proto to smoke-tested SDKs and images
    scripts/nox --usage proto           what a session does, with an example
    scripts/nox -s proto -- --help      its arguments; they come after --

`uv run nox …`, the `nox …` of an activated .venv and `uvx nox …` do the same.
"""

# What `uvx nox` installs first: the dependencies in pyproject.toml (tests/unit/test_noxfile.py compares the two). They,
# and not "nox-rings @ file:.", because nox takes a file requirement for unmet in every venv and would reinstall it,
# with the network, on each call of the other doors.
# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "msgspec>=0.22",
#     "nox[uv]>=2026.10.20",
#     "packageurl-python>=0.17.6",
#     "packaging>=25",
#     "pyyaml>=6.0.3",
#     "rich>=15",
#     "tomli-w>=1.2",
# ]
# ///

import sys
from pathlib import Path

import nox

# `uvx nox` has not installed the plugin set itself; the sessions of this repository are never installed.
sys.path.insert(0, str(Path(__file__).parent / "tools/dev"))
sys.path.insert(0, str(Path(__file__).parent / "tasks"))

import nox_rings
import nox_rings_dev

nox.needs_version = ">=2026.10.20"

nox_rings.register()
nox_rings_dev.register()
