"""The pinned go and `gomodule`, run outside of a nox session."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from checkout import REPOSITORY, environment
from nox_rings.ecosystems.go import module_proxy
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed, ProcessRunner
from nox_rings.engine.run.carry_out import carry_out_step
from nox_rings.engine.run.steps import StepContext
from nox_rings.toolchain.toolchain import Toolchain

NAMES = ("go", module_proxy.TOOL)


@cache
def go_environment() -> dict[str, str]:
    tools = Toolchain(
        REPOSITORY, Path(environment()["NOX_RINGS_TOOLS_DIR"]), ProcessRunner(), source="pinned", announce=print
    )
    tools.require(*NAMES)
    return tools.environment(*NAMES)


def ask(*argv: str, cwd: Path, **variables: str) -> Completed:
    return ProcessRunner().ask(Command(argv=argv, cwd=cwd, env={**go_environment(), "GOWORK": "off", **variables}))


def pack_module(module: Path, proxy: Path, name: str, version: str, time_seconds: int = 1_700_000_000) -> None:
    """Carry the step out as packing does. Raises StepFailedError."""
    with ExitStack() as closing, TemporaryFile() as log:
        context = StepContext(
            root=module, runner=ProcessRunner(), log=log, say=print, closing=closing, environment=go_environment()
        )
        carry_out_step(module_proxy.pack_step(module, proxy, name, version, time_seconds), context)
