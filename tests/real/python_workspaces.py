"""Small repositories with Python projects, in which uv, pytest and nox sessions run for real."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from checkout import REPOSITORY, Answer, Checkout, environment
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.toolchain.toolchain import Toolchain

NOXFILE = f"""
import sys

sys.path.insert(0, {str(REPOSITORY / "tasks")!r})
from nox_rings import register

register()
"""
UV_BUILD = '[build-system]\nrequires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"\n'
PYTEST = '[dependency-groups]\ndev = ["pytest"]\n'
IGNORED = "/.nox-rings/\ndist/\n__pycache__/\n"


@cache
def uv() -> str:
    tools = Path(environment()["NOX_RINGS_TOOLS_DIR"])
    found = Toolchain(REPOSITORY, tools, ProcessRunner(), source="pinned", announce=print)
    found.require("uv")
    return str(found.path("uv"))


def project(name: str, *requires: str, more: str = "", keys: str = "") -> str:
    needed = ", ".join(f'"{each}"' for each in requires)
    head = f'[project]\nname = "{name}"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n'
    return f"{head}{keys}dependencies = [{needed}]\n{UV_BUILD}{more}"


class PythonWorkspace(Checkout):
    """A new git repository with a noxfile."""

    def fill(self, texts: Mapping[str, str]) -> None:
        for path, text in {"noxfile.py": NOXFILE, ".gitignore": IGNORED, **texts}.items():
            self.write(path, text)
        if not (self.root / ".git").exists():
            self.git("init", "-q", "-b", "main")
            self.git("config", "user.name", "nox-rings tests")
            self.git("config", "user.email", "tests@nox-rings.invalid")

    def lock(self, folder: str = ".", *arguments: str) -> None:
        self.uv(folder, "lock", "-q", *arguments)

    def uv(self, folder: str, *arguments: str) -> str:
        done = subprocess.run(
            (uv(), *arguments), cwd=self.root / folder, env=environment(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")

    def session(self, name: str, *arguments: str, **variables: str) -> Answer:
        return self.command(sys.executable, "-m", "nox", "-s", name, "--", *arguments, **variables)

    def rings(self) -> dict[str, str]:
        """Target → outcome."""
        return self.outcomes(self.session("rings", "--json"))

    def reasons(self) -> dict[str, str]:
        """Target → why it would run."""
        targets = self.session("plan", "--json").json()["targets"]
        return {each["id"]: ": ".join([each["reason"], *each["reason_detail"]][:2]) for each in targets}
