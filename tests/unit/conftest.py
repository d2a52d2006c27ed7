"""A unit test starts no process. One that needs a real tool belongs to tests/real."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest

from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner

# The same examples on every machine and on every run: a red build can be repeated.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=60, database=None)
hypothesis.settings.load_profile("repeatable")

WriteTree = Callable[[Mapping[str, str]], Path]


@pytest.fixture(autouse=True)
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(runner: ProcessRunner, command: Command, **_: Any) -> NoReturn:
        raise AssertionError(f"a unit test would have started: {command.render()}")

    monkeypatch.setattr(ProcessRunner, "_start", refuse)


@pytest.fixture
def write_tree(tmp_path: Path) -> WriteTree:
    """Writes path → text below a fresh folder and returns it."""

    def write(texts: Mapping[str, str]) -> Path:
        for path, text in texts.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
        return tmp_path

    return write
