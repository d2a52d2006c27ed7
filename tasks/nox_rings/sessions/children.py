"""The runner of a session: what its children do not inherit. The engine cannot decide that: it knows no tool."""

from __future__ import annotations

from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.workspace.git.commands import REPOSITORY_VARIABLES

# What makes programs write colours into a log or an answer. A user's NO_COLOR is passed on: https://no-color.org
COLOUR_VARIABLES = (
    *("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS", "MYPY_FORCE_COLOR", "PYTHON_COLORS", "GCC_COLORS"),
    *("npm_config_color", "NPM_CONFIG_COLOR", "pnpm_config_color", "PNPM_CONFIG_COLOR", "CARGO_TERM_COLOR"),
)


def new_runner() -> ProcessRunner:
    """Every git below us, also that of buf, go and pnpm, finds its repository from the folder it runs in, whatever a
    hook exports (https://git-scm.com/docs/githooks); and none is made to write colours."""
    return ProcessRunner(not_inherited=(*REPOSITORY_VARIABLES, *COLOUR_VARIABLES))
