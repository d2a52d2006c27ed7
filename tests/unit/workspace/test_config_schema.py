"""The schema that editors read and the page that people read, against the types that are validated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nox_rings.workspace.config_schema import config_schema, render_schema

ROOT = Path(__file__).parents[3]
FILE = "docs/nox-rings.schema.json"
COMMAND = f"PYTHONPATH=tasks python -m nox_rings.workspace.config_schema > {FILE}"
# How the page calls the keys of a table that users choose.
CHOSEN = {"images": "NAME", "members": '"FOLDER"', "templates": '"FILE"'}


def test_the_committed_schema_is_that_of_the_types() -> None:
    assert (ROOT / FILE).read_text(encoding="utf-8") == render_schema(), f"{FILE} is out of date; run: {COMMAND}"


def properties(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = config_schema()["$defs"][name]["properties"]
    return found


def keys(name: str = "Config", prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every key as the page spells it, and its default; the entries of a list of tables have a page of their own."""
    for key, value in properties(name).items():
        inner = value.get("additionalProperties") or {}
        if reference := value.get("$ref") or inner.get("$ref"):
            chosen = f".{CHOSEN[key]}" if inner else ""
            yield from keys(reference.rpartition("/")[2], f"{prefix}{key}{chosen}.")
        else:
            yield f"{prefix}{key}", value["default"]


def documented() -> dict[str, str]:
    """Key → its default, from the table of docs/configuration.md."""
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([^`]+)` \| .+ \| (.*?) ?\|$", page, re.MULTILINE))


def test_the_page_documents_every_key_and_no_other() -> None:
    assert sorted(documented()) == sorted(key for key, _ in keys())


@pytest.mark.parametrize(("key", "default"), list(keys()))
def test_the_page_names_every_default_that_is_not_empty(key: str, default: Any) -> None:
    assert not default or documented()[key] == f"`{json.dumps(default)}`"


def test_every_exception_key_is_documented_in_the_page_about_the_schema() -> None:
    page = (ROOT / "docs/proto.md").read_text(encoding="utf-8")
    assert [key for key in properties("ProtoException") if not re.search(rf"^(# )?{key} = ", page, re.MULTILINE)] == []


def test_every_key_of_the_schema_has_a_description() -> None:
    described = {
        f"{name}.{key}": value.get("description", "")
        for name, table in config_schema()["$defs"].items()
        for key, value in table["properties"].items()
    }
    assert [key for key, description in described.items() if len(description) < 10] == []


@pytest.mark.parametrize(
    ("table", "valid"),
    [
        ({}, True),
        ({"ignore": ["a"], "images": {"x": {"context": "."}}, "bases": {"node": "docker-image://x"}}, True),
        ({"proto": {"exceptions": [{"rule": "R", "path": "p", "reason": "r", "until": "2027-01-31"}]}}, True),
        ({"ignores": ["a"]}, False),
        ({"images": {"x": {"context": 3}}}, False),
        ({"seed-version": "1.0"}, False),
        ({"proto": {"exceptions": [{"rule": "R", "path": "p", "reason": " ", "until": "2027-01-31"}]}}, False),
        ({"proto": {"exceptions": [{"rule": "R", "path": "p", "until": "2027-01-31"}]}}, False),
    ],
)
def test_an_editor_accepts_and_marks_what_the_sessions_accept_and_refuse(table: Any, valid: bool) -> None:
    validator = jsonschema.Draft202012Validator(config_schema())
    assert validator.is_valid({"project": {"name": "x"}, "tool": {"nox-rings": table, "ruff": {}}}) is valid
