from __future__ import annotations

from typing import Any

import pytest

from nox_rings.workspace.shapes import shape_problems

SHAPE = {"name": str, "scripts": {"*": str}, "modules": [{"path": str}], "tool": {"uv": {"sources": dict}}}


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ({}, []),
        ({"name": "a", "scripts": {"build": "tsc"}, "modules": [{"path": "x"}, {}], "other": 3}, []),
        ({"modules": None}, []),
        ({"name": 3}, ["f.json: name: found 3, expected a string"]),
        ({"scripts": {"build": ["tsc"]}}, ["f.json: scripts.build: found ['tsc'], expected a string"]),
        ({"scripts": []}, ["f.json: scripts: found [], expected a mapping"]),
        ({"modules": "x"}, ["f.json: modules: found 'x', expected a list"]),
        ({"modules": ["x"]}, ["f.json: modules[0]: found 'x', expected a mapping"]),
        ({"modules": [None]}, ["f.json: modules[0]: found None, expected a mapping"]),
        ({"modules": [{"path": 1}]}, ["f.json: modules[0].path: found 1, expected a string"]),
        ({"tool": {"uv": 3}}, ["f.json: tool.uv: found 3, expected a mapping"]),
    ],
)
def test_each_value_of_another_shape_is_one_problem_with_its_place(value: Any, problems: list[str]) -> None:
    assert list(shape_problems(value, SHAPE, "f.json")) == problems
