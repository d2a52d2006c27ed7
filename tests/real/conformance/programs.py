"""The three programs beside this module, each set up as a user of its SDK would, and asked many things at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sdks import Sdks, go_package

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One message to read: `binary` in base64, or else `json`."""

    type: str
    binary: str | None = None
    json: str | None = None

    def render(self) -> str:
        fields = {"type": self.type, "binary": self.binary, "json": self.json}
        return json.dumps({name: value for name, value in fields.items() if value is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The message as it was written again. One that could not be read has no `binary`, one that JSON cannot express no
    `json`."""

    binary: str | None = None
    json: str | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    sdks: Sdks
    argv: tuple[str, ...]
    folder: Path

    def ask(self, tasks: Iterable[Task]) -> list[Answer]:
        asked = [task.render() for task in tasks]
        out = self.sdks.run(self.argv, cwd=self.folder, stdin="\n".join(asked))
        # Not splitlines(): JSON may hold U+2028 as it is.
        answers = [Answer(**json.loads(line)) for line in out.removesuffix("\n").split("\n")]
        assert len(answers) == len(asked), f"{self.argv}: found {len(answers)} answers, expected {len(asked)}"
        return answers


def make_programs(sdks: Sdks, folder: Path) -> Mapping[str, Program]:
    """By language; `folder` is empty and outside of the checkout."""
    for language in ("go", "py", "ts"):
        (folder / language).mkdir()
    return {
        "py": Program(sdks=sdks, argv=(str(sdks.python), str(HERE / "roundtrip.py")), folder=folder / "py"),
        "go": _go_program(sdks, folder / "go"),
        "ts": _ts_program(sdks, folder / "ts"),
    }


def _go_program(sdks: Sdks, folder: Path) -> Program:
    shutil.copy(HERE / "roundtrip.go", folder)
    packages = sorted({go_package(file) for file in sdks.schema.own_files})
    imports = "".join(f'import _ "{package}"\n' for package in packages)
    (folder / "sdk.go").write_text(f"package main\n\n{imports}", encoding="utf-8")
    return Program(sdks=sdks, argv=(str(sdks.build_go(folder)),), folder=folder)


def _ts_program(sdks: Sdks, folder: Path) -> Program:
    sdks.install_npm(folder)
    shutil.copy(HERE / "roundtrip.mjs", folder)
    return Program(sdks=sdks, argv=("node", "roundtrip.mjs"), folder=folder)
