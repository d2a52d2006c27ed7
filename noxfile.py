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

sys.path.insert(0, str(Path(__file__).parent / "tasks"))  # `uvx nox` has not installed the plugin set itself

from nox_rings import register

nox.needs_version = ">=2026.10.20"

register()
