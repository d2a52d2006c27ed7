"""Small repositories of other shapes than this one, in which nox sessions run for real: with the code and the pins of
this repository, and nothing else of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from checkout import REPOSITORY, RUN_SECONDS, Answer, environment

NOXFILE = "import sys\n\nsys.path.insert(0, {!r})\nfrom nox_rings import register\n\nregister()\n"
AUTHOR = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
PROTO = 'syntax = "proto3";\n\npackage {package}.v1;\n\nmessage {name} {{\n  string id = 1;\n{more}}}\n'


@dataclass(frozen=True, slots=True)
class Stranger:
    root: Path

    def write(self, path: str, text: str = "") -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(dedent(text).lstrip("\n"), encoding="utf-8")

    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def has(self, path: str) -> bool:
        return (self.root / path).is_file()

    def proto(self, path: str, more: str = "") -> None:
        """One message in the package that the path names."""
        name = Path(path).stem
        text = PROTO.format(package=Path(path).parts[-3], name=name.capitalize(), more=more)
        self.write(path, text)

    def pins(self, *folders: str, more: str = "") -> None:
        """The tools that this repository pins, and folders below `tools`; `more` follows in pyproject.toml."""
        pinned = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
        self.write("pyproject.toml", f"[dependency-groups]\ntools = {pinned['tools']!r}\n{dedent(more)}")
        shutil.copy(REPOSITORY / "uv.lock", self.root)
        for folder in folders:
            shutil.copytree(REPOSITORY / "tools" / folder, self.root / "tools" / folder)

    def git(self, *arguments: str) -> str:
        answer = self._command("git", *arguments)
        assert answer.exit_code == 0, answer.err
        return answer.out

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")

    def nox(self, session: str, *arguments: str) -> Answer:
        return self._command(sys.executable, "-m", "nox", "-s", session, "--", *arguments)

    def must(self, session: str, *arguments: str) -> Answer:
        answer = self.nox(session, *arguments)
        assert answer.exit_code == 0, answer.out + answer.err
        return answer

    def targets(self) -> dict[str, dict[str, Any]]:
        return {each["id"]: each for each in self.must("plan", "--json").json()["targets"]}

    def reasons(self) -> dict[str, str]:
        """Target → `fresh`, or why it would run."""
        return {name: str(each["reason"]) for name, each in self.targets().items()}

    def _command(self, *argv: str) -> Answer:
        variables = {**environment(), **AUTHOR}
        done = subprocess.run(argv, cwd=self.root, env=variables, capture_output=True, text=True, timeout=RUN_SECONDS)
        return Answer(exit_code=done.returncode, out=done.stdout, err=done.stderr)


def a_stranger(root: Path) -> Stranger:
    made = Stranger(root)
    made.write("noxfile.py", NOXFILE.format(str(REPOSITORY / "tasks")))
    made.write(".gitignore", "/.nox-rings/\n/dist/\n__pycache__/\n")
    made.git("init", "-q", "-b", "main")
    return made
