"""BuildKit's own reading of Dockerfiles and of .dockerignore: a small Go program on the pinned modules."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checkout import REPOSITORY, environment
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain

SOURCE = Path(__file__).parent / "buildkit/oracle.go"
MODULE = REPOSITORY / "tools/go/images"


@dataclass(frozen=True, slots=True)
class Oracle:
    program: Path

    def dockerfiles(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        return self._ask([{"Dockerfile": base64.b64encode(text.encode()).decode()} for text in texts])

    def ignore_file(self, text: bytes) -> list[str]:
        (answer,) = self._ask([{"Ignorefile": base64.b64encode(text).decode()}])
        return answer["patterns"] or []

    def ignored(self, patterns: Sequence[Sequence[str]], paths: Sequence[str]) -> list[list[bool] | None]:
        """For each list of patterns which paths it leaves out; None for a list that is refused."""
        answers = self._ask([{"Patterns": each, "Paths": paths} for each in patterns])
        return [None if answer["error"] else answer["ignored"] for answer in answers]

    def _ask(self, requests: Sequence[object]) -> list[dict[str, Any]]:
        done = subprocess.run([self.program], input=json.dumps(requests), capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        assert len(answers) == len(requests)
        return answers


def build_oracle(folder: Path) -> Oracle:
    """With the Go and the flags that built the image tools, so that go's cache has their packages."""
    tools = Toolchain(
        REPOSITORY, Path(environment()["NOX_RINGS_TOOLS_DIR"]), ProcessRunner(), source="pinned", announce=print
    )
    try:
        tools.require("go")
        for name in ("go.mod", "go.sum"):
            shutil.copy(MODULE / name, folder)
        shutil.copy(SOURCE, folder / "main.go")
        own = {"GOWORK": "off", "GOFLAGS": "", "CGO_ENABLED": "0"}
        subprocess.run(
            ["go", "build", "-trimpath", "-o", "oracle", "."],
            cwd=folder,
            env={**environment(), **tools.environment("go"), **own},
            capture_output=True,
            text=True,
            check=True,
            timeout=1500,
        )
    except subprocess.CalledProcessError as error:
        if "proxy" in error.stderr or "dial" in error.stderr:
            pytest.skip(f"NOT RUN: the modules of {MODULE.name} cannot be downloaded: {error.stderr[-300:]}")
        raise AssertionError(error.stderr) from error
    return Oracle(folder / "oracle")
