"""The noxfile's PEP 723 block repeats a part of pyproject.toml; the two are compared here."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_block_for_uvx_names_the_dependencies_of_the_project() -> None:
    text = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    match = re.search(r"^# /// script\n((?:#.*\n)*?)# ///$", text, re.MULTILINE)
    assert match
    block = tomllib.loads("".join(line.removeprefix("#").strip() + "\n" for line in match[1].splitlines()))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert sorted(block["dependencies"]) == sorted(project["dependencies"])
    assert block["requires-python"] == project["requires-python"]
