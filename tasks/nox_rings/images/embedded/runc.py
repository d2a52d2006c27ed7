"""runc ≥ 1.1, which starts the containers of BuildKit's RUN steps: the host's own, or Debian's unpacked into our tools.

Not from a Go module, as the rest of the engine: it needs cgo, and a machine for images need not have a C compiler."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.process.locks import file_lock
from nox_rings.engine.process.runner import Runner
from nox_rings.images.embedded.apt import PrivateApt


def require_runc(runner: Runner, tools_dir: Path, log: IO[bytes], say: Callable[[str], None]) -> Path:
    """The program; unpacked first where there is none. Raises ToolUnavailableError, CommandFailedError."""
    if found := shutil.which("runc"):
        return Path(found)
    folder = tools_dir / "apt-runc"
    program = folder / "unpacked" / "usr" / "sbin" / "runc"
    with file_lock(tools_dir / "apt-runc.lock"):
        if not (folder / "complete").exists():
            say("unpacking runc (Debian's package, not installed) …")
            shutil.rmtree(folder, ignore_errors=True)
            PrivateApt(runner, folder / "apt").unpack(("runc",), folder / "unpacked", log)
            shutil.rmtree(folder / "apt")
            if not program.exists():
                raise StepFailedError(f"{program}: found no runc in Debian's package, expected one")
            (folder / "complete").touch()
    return program
