"""Plain scalars of YAML 1.2."""

from __future__ import annotations

from typing import Any

import pytest

from nox_rings.workspace.yaml_core import parse_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[no, se, yes, on, off, y, n]", ["no", "se", "yes", "on", "off", "y", "n"]),
        ("[true, False, TRUE]", [True, False, True]),
        ("[12:30, 1_000, 2026-11-29]", ["12:30", "1_000", "2026-11-29"]),
        ("[7, -7, 010, 0o10, 0x1F]", [7, -7, 10, 8, 31]),
        ("[1.5, 1., .5, 1e3, -.inf]", [1.5, 1.0, 0.5, 1000.0, float("-inf")]),
        ("[~, null, ]", [None, None]),
        ("{a: , on: 1}", {"a": None, "on": 1}),
        ("['no', \"true\"]", ["no", "true"]),
        ("a: &b {c: 1}\nd: {<<: *b, e: 2}", {"a": {"c": 1}, "d": {"c": 1, "e": 2}}),
    ],
)
def test_a_plain_scalar_is_a_text_unless_the_core_schema_says_otherwise(text: str, value: Any) -> None:
    assert parse_yaml(text) == value
