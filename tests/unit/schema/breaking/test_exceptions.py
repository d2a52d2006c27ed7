"""Where the entries of `proto.exceptions` stand in pyproject.toml."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from nox_rings.schema.breaking.exceptions import located_exceptions
from nox_rings.schema.breaking.model import BreakingException
from nox_rings.workspace.config import parse_config

PYPROJECT = """\
[tool.nox-rings.proto]
roots = ["services/*/stubs"]
default-branch = "trunk"

[[tool.nox-rings.proto.exceptions]]
rule = "FIELD_NO_DELETE"
path = "proto/a.proto"
reason = "nobody reads it"
until = 2027-01-31

  [[tool.nox-rings.proto.exceptions]]
  rule = "FILE_NO_DELETE"
  path = "proto/b.proto"
  reason = "it never shipped"
  until = 2026-12-01
  message = 'Previously present file "b.proto" was deleted.'
"""
HEADER = "[[tool.nox-rings.proto.exceptions]]"


def located(pyproject: str) -> tuple[BreakingException, ...]:
    config = parse_config(tomllib.loads(pyproject)["tool"]["nox-rings"])
    return located_exceptions(config.proto.exceptions, pyproject)


def test_an_exception_knows_all_that_its_entry_says_and_the_line_it_begins_at() -> None:
    assert located(PYPROJECT) == (
        BreakingException(
            rule="FIELD_NO_DELETE",
            path="proto/a.proto",
            reason="nobody reads it",
            until=date(2027, 1, 31),
            location="tool.nox-rings.proto.exceptions[0]",
            line=5,
        ),
        BreakingException(
            rule="FILE_NO_DELETE",
            path="proto/b.proto",
            reason="it never shipped",
            until=date(2026, 12, 1),
            message='Previously present file "b.proto" was deleted.',
            location="tool.nox-rings.proto.exceptions[1]",
            line=11,
        ),
    )


@pytest.mark.parametrize(
    ("one", "other", "lines"),
    [
        (HEADER, HEADER, [5, 11]),
        (f"{HEADER}  # see #123", HEADER, [5, 11]),
        ("[[ tool . nox-rings . proto . exceptions ]]", HEADER, [5, 11]),
        ("[[tool.'nox-rings'.\"proto\".exceptions]]", HEADER, [5, 11]),
        (HEADER, "[[tool.nox-rings.proto.'exception\\u0073']]".replace("'", '"'), [0, 0]),
        (f'[other]\ntext = """\n{HEADER}\n"""\n{HEADER}', HEADER, [0, 0]),
    ],
    ids=["plain", "a comment", "spaces", "quotes", "a spelling that is not looked for", "a header in a text"],
)
def test_an_exception_has_its_own_line_or_none_but_never_that_of_another(
    one: str, other: str, lines: list[int]
) -> None:
    before, first, second = PYPROJECT.split(HEADER)
    assert [each.line for each in located(f"{before}{one}{first}{other}{second}")] == lines


def test_exceptions_in_one_line_have_no_lines_of_their_own() -> None:
    entry = '{rule = "FIELD_NO_DELETE", path = "proto/a.proto", reason = "nobody reads it", until = 2027-01-31}'
    (only,) = located(f"[tool.nox-rings.proto]\nexceptions = [{entry}]\n")
    assert (only.line, only.location) == (0, "tool.nox-rings.proto.exceptions[0]")
