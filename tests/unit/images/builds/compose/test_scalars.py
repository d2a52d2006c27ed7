"""Scalars of YAML as compose reads them; the right-hand sides are what LoadProject of compose-go 2.16 makes of
`args: {V: …}`."""

from __future__ import annotations

from typing import Any

import pytest

from nox_rings.images.builds.compose.scalars import resolved
from nox_rings.images.builds.compose.values import parse_documents

SCALARS: dict[str, str | bool | None] = {
    **{
        "1.0": "1",
        "1.10": "1.1",
        ".5": "0.5",
        "5.": "5",
        "+1.5": "1.5",
        "-.5e1": "-5",
        "0.1": "0.1",
        "-0": "-0",
        "0.0": "0",
        ".0": "0",
        "0e5": "0",
    },
    **{"1e3": "1000", "1.5e3": "1500", "12e03": "12000", "1.0e+02": "100", "1e-5": "1e-05", "0.0001": "0.0001"},
    **{"1234567.0": "1.234567e+06", "1e21": "1e+21", "1e20": "1e+20", "6.02e23": "6.02e+23", "1e400": "1e400"},
    **{"123456.789e3": "1.23456789e+08", "0.30000000000000004": "0.30000000000000004"},
    **{"12345678901234567890123.0": "1.2345678901234568e+22", "1.7976931348623157e308": "1.7976931348623157e+308"},
    **{"123456789012345678": "123456789012345678", "18446744073709551615": "18446744073709551615"},
    **{"100000000000000000000": "1e+20", "+1": "1", "-1": "-1", "0": "0", "1_000": "1000", "1_000.5": "1000.5"},
    **{"014": "12", "0o14": "12", "0777": "511", "08": "8", "0x1F": "31", "+0x1F": "31", "-0o7": "-7", "0b11": "3"},
    **{"0b2": "0b2", "0o9": "0o9", "0x": "0x", "_1": "_1", "1e": "1e", "1.0.0": "1.0.0", "=": "=", "<<x": "<<x"},
    **{each: each for each in ("yes", "no", "on", "off", "Yes", "y", "n", "tRue", "12:30", "1:2:3", "2020-13-45")},
    **{"true": True, "True": True, "TRUE": True, "false": False, "null": None, "~": None, "": None, "NULL": None},
    "2001-01-01": "2001-01-01 00:00:00 +0000 UTC",
    "2001-1-1": "2001-01-01 00:00:00 +0000 UTC",
    "2001-01-01 10:00:00": "2001-01-01 10:00:00 +0000 UTC",
    "2001-01-01T10:00:00Z": "2001-01-01 10:00:00 +0000 UTC",
}


@pytest.mark.parametrize("text", SCALARS)
def test_a_plain_scalar_is_what_go_makes_of_it(text: str) -> None:
    assert resolved(text) == SCALARS[text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'1.0'", "1.0"),
        ('"yes"', "yes"),
        ("!!str 1.0", "1.0"),
        ("!!float 3", "3"),
        ("!own 1.0", "1.0"),
        ("|\n  1.0\n", "1.0\n"),
        ("[1.0, '1.0', !!str 1.0]", ["1", "1.0", "1.0"]),
        ("{on: 1, no: 2, 1.0: 3}", {"on": "1", "no": "2", "1.0": "3"}),
        ("{a: &a {x: 1, y: 2}, b: {<<: *a, y: 3}}", {"a": {"x": "1", "y": "2"}, "b": {"x": "1", "y": "3"}}),
        ("{a: &a {x: 1}, b: &b {x: 2, y: 2}, c: {<<: [*a, *b]}}", None),
    ],
)
def test_quotes_tags_and_anchors_count(text: str, value: Any) -> None:
    (found,) = parse_documents(text)
    assert found["c"] == {"x": "1", "y": "2"} if value is None else found == value
