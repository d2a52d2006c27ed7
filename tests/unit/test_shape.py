"""How large a folder, a file and a function may be (style.md, "Shape")."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from statistics import median

import nox_rings

FILES = {path: path.read_text(encoding="utf-8") for path in sorted(Path(nox_rings.__file__).parent.rglob("*.py"))}
MODULES = {path: text for path, text in FILES.items() if path.name != "__init__.py"}


def test_no_folder_holds_more_than_fourteen_modules() -> None:
    count = Counter(path.parent for path in MODULES)
    assert {str(folder): number for folder, number in count.items() if number > 14} == {}


def test_no_file_is_longer_than_300_lines_and_half_of_them_are_below_100() -> None:
    lines = {path: text.count("\n") for path, text in MODULES.items()}
    assert {str(path): number for path, number in lines.items() if number > 300} == {}
    assert median(lines.values()) <= 100
    assert len(lines) > 200


def test_no_function_is_longer_than_50_lines() -> None:
    found = {
        f"{path}:{node.lineno} {node.name}"
        for path, text in FILES.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno >= 50
    }
    assert found == set()
