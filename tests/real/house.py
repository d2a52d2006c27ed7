"""A user's home, a workspace and a shell in which scripts/lib/buf_netrc.sh is sourced, all with spaces in their names.

PATH holds nothing but `PROGRAMS`, each behind a script that records how it was called: any other program, such as buf,
would not be found, and none may ever see the token among its arguments or in its environment."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checkout import REPOSITORY, Answer

SCRIPT = REPOSITORY / "scripts/lib/buf_netrc.sh"
TABLE = tomllib.loads((REPOSITORY / "tests/credentials.toml").read_text(encoding="utf-8"))
SHELLS = ("bash", "dash", "zsh")
RC_FILES = {"bash": ".bashrc", "dash": ".profile", "zsh": ".zshrc"}
PROGRAMS = ("awk", "find", "grep", "mktemp", "mv", "rm", "sh", "tail")
RECORD = 'printf "%s\\n" "$0" "$@" >>"$RECORDS.arguments"; /bin/cat /proc/$$/environ >>"$RECORDS.environments"'
TOKEN = "t0psecret"
ENTRY = f"machine buf.build login token password {TOKEN}\n"
DONE = Answer(exit_code=0, out="", err="")


@dataclass(frozen=True, slots=True)
class House:
    folder: Path
    shell: str

    @property
    def home(self) -> Path:
        return self.folder / "home of anna"

    @property
    def workspace(self) -> Path:
        return self.folder / "work space"

    @property
    def written(self) -> Path:
        return self.home / ".netrc_buf"

    @property
    def rc(self) -> Path:
        return self.home / RC_FILES[self.shell]

    def record(self, kind: str) -> str:
        path = self.folder / f"records.{kind}"
        return path.read_text() if path.exists() else ""

    def setup(self, arguments: str = "", **variables: str) -> Answer:
        return self.run(f"buf_setup_netrc {arguments}", **variables)

    def run(self, script: str, *, before: str = "", **variables: str) -> Answer:
        """Sources the script under `set -eu`, then runs these lines. Nothing printed or started shows the token."""
        answer = self.raw(f"{before}\nset -eu\n. '{SCRIPT}'\n{script}\n", **variables)
        assert TOKEN not in answer.out + answer.err + self.record("arguments")
        assert TOKEN not in self.record("environments") or "BUF_TOKEN" in variables
        return answer

    def raw(self, lines: str, **variables: str) -> Answer:
        own = {"PATH": str(self.folder / "bin"), "HOME": str(self.home), "RECORDS": str(self.folder / "records")}
        # -f: zsh reads no rc file, as the others read none for -c.
        argv = [require_program(self.shell), *(["-f"] if self.shell == "zsh" else []), "-c", lines]
        done = subprocess.run(
            argv, cwd=self.workspace, env={**own, **variables}, capture_output=True, text=True, timeout=60
        )
        return Answer(exit_code=done.returncode, out=done.stdout, err=done.stderr)

    def write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    def env_file(self, text: str = f"BUF_TOKEN={TOKEN}\n") -> None:
        self.write(self.workspace / ".env", text)

    def replace_program(self, name: str, script: str) -> None:
        """`$REAL` is the real one."""
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\nREAL={require_program(name)}\n{RECORD}\n{script}\n")
        path.chmod(0o755)

    def leftovers(self) -> list[str]:
        return [name for name in names_in(self.home) if name.startswith(".netrc_buf.")]

    def copied(self) -> str:
        """What the written file holds behind its first line and our entry."""
        header, entry, rest = self.written.read_bytes().decode().split("\n", 2)
        assert header.startswith("# Made anew by each buf_setup_netrc") and f"{entry}\n" == ENTRY
        return rest


def make_house(folder: Path, shell: str) -> House:
    house = House(folder, shell)
    for each in (house.home, house.workspace, folder / "bin"):
        each.mkdir()
    for name in PROGRAMS:
        house.replace_program(name, 'exec "$REAL" "$@"')
    require_program(shell)
    return house


def require_program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"NOT RUN: needs {name}, found none on PATH (tests/debian-packages.txt)")
    return found


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def rows(kind: str) -> list[Any]:
    """A parameter for each row of tests/credentials.toml of this kind."""
    return [pytest.param(row, id=row["name"]) for row in TABLE[kind]]
