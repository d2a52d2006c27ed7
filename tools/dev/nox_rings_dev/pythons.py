"""Another Python than the one that runs nox, as uv finds it or brings it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.process.command import Command

if TYPE_CHECKING:
    from nox_rings.sessions.run import Run


def command_on(run: Run, version: str, call: tuple[str, ...]) -> Command:
    """The call in a throw-away environment of the development tools. Raises ToolUnavailableError where there is no such
    Python."""
    if not has_python(run, version):
        raise ToolUnavailableError(
            f"tests: found no Python {version}, and uv can bring none", hint=f"uv python install {version}"
        )
    return Command(
        argv=("uv", "run", "--isolated", "--frozen", "--group", "dev", "--python", version, *call),
        cwd=run.layout.root,
        env=_environment(run, version),
        description=f"{call[0]} on Python {version}",
    )


def has_python(run: Run, version: str) -> bool:
    """Whether this machine has it or has it now: uv downloads it where it can."""
    return any(
        run.runner.ask(
            Command(
                argv=("uv", "python", verb, version),
                cwd=run.layout.root,
                env=_environment(run, version),
                description=f"uv python {verb}",
            )
        ).exit_code
        == 0
        for verb in ("find", "install")
    )


def _environment(run: Run, version: str) -> dict[str, str | None]:
    overlay = run.tools().environment("uv")
    path = search_path(overlay["PATH"], version, os.environ)
    ours_alone = dict.fromkeys(("VIRTUAL_ENV", "UV_PYTHON", "UV_PYTHON_DOWNLOADS"))
    return {**overlay, **ours_alone, "PATH": path}


def search_path(path: str, version: str, variables: Mapping[str, str]) -> str:
    """The Pythons of pyenv instead of its shims: one that stands for no chosen version fails, and uv takes that for the
    end of its search (uv 0.13)."""
    root = Path(variables.get("PYENV_ROOT") or Path(variables.get("HOME", "/")) / ".pyenv")
    folders = [each for each in path.split(os.pathsep) if each != str(root / "shims")]
    return os.pathsep.join([*folders, *(str(each) for each in sorted(root.glob(f"versions/{version}*/bin")))])
