"""Every problem of a document with its path, described by its types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypedDict

import msgspec
import pytest

from nox_rings.workspace.validation import EXPECTED, DocumentInvalidError, convert


class Module(TypedDict, total=False):
    path: str


Uv = TypedDict("Uv", {"sources": dict[str, Any], "no-index": bool}, total=False)


class Tool(TypedDict, total=False):
    uv: Uv


class Descriptor(TypedDict, total=False):
    name: str
    scripts: dict[str, str]
    modules: list[Module]
    tool: Tool
    local: str | list[str]
    anything: Any


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    last_day: date
    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]+$", extra={EXPECTED: "capitals"})] = "A"
    names: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    entries: tuple[Entry, ...] = ()
    named: Mapping[str, Entry] = {}


def problems(value: Any, kind: Any, mapping: str = "mapping") -> list[str]:
    with pytest.raises(DocumentInvalidError) as caught:
        convert(value, kind, "f.json", mapping=mapping)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({}, {}),
        ({"other": 3, "name": "a"}, {"name": "a"}),
        (
            {"scripts": {"build": "tsc"}, "modules": [{"path": "x", "version": 2}, {}]},
            {"scripts": {"build": "tsc"}, "modules": [{"path": "x"}, {}]},
        ),
        ({"local": ["go", "run"], "anything": [{"a": None}]}, {"local": ["go", "run"], "anything": [{"a": None}]}),
    ],
)
def test_a_descriptor_is_read_without_the_keys_that_are_not_ours(value: Any, read: Any) -> None:
    assert convert(value, Descriptor, "f.json") == read


@pytest.mark.parametrize(
    ("value", "reported"),
    [
        ({"name": 3}, ["f.json: name: found 3, expected a string"]),
        ({"name": date(2027, 1, 31)}, ["f.json: name: found datetime.date(2027, 1, 31), expected a string"]),
        ({"scripts": {"build": ["tsc"]}}, ["f.json: scripts.build: found ['tsc'], expected a string"]),
        ({"scripts": []}, ["f.json: scripts: found [], expected a mapping"]),
        ({"modules": "x"}, ["f.json: modules: found 'x', expected a list of mappings"]),
        ({"modules": ["x"]}, ["f.json: modules[0]: found 'x', expected a mapping"]),
        ({"modules": [None]}, ["f.json: modules[0]: found None, expected a mapping"]),
        ({"modules": [{}, {"path": 1}]}, ["f.json: modules[1].path: found 1, expected a string"]),
        ({"tool": {"uv": 3}}, ["f.json: tool.uv: found 3, expected a mapping"]),
        ({"tool": {"uv": {"no-index": 1}}}, ["f.json: tool.uv.no-index: found 1, expected true or false"]),
        ({"local": 3}, ["f.json: local: found 3, expected a string or a list of strings"]),
        (
            {"name": 1, "modules": [{"path": 2}, 3], "tool": {"uv": {"sources": 4}}},
            [
                "f.json: name: found 1, expected a string",
                "f.json: modules[0].path: found 2, expected a string",
                "f.json: modules[1]: found 3, expected a mapping",
                "f.json: tool.uv.sources: found 4, expected a mapping",
            ],
        ),
    ],
)
def test_each_value_of_another_type_is_one_problem_with_its_path(value: Any, reported: list[str]) -> None:
    assert sorted(problems(value, Descriptor)) == sorted(reported)


DAY = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("value", "reported"),
    [
        ({"entries": 1}, ["f.json: entries: found 1, expected a list of tables"]),
        (
            {"entries": [{}, {"last-day": DAY, "code": "a", "names": ["x", 2]}]},
            [
                "f.json: entries[0].last-day: found nothing, expected a day such as 2027-01-31",
                "f.json: entries[1].code: found 'a', expected capitals",
                "f.json: entries[1].names[1]: found 2, expected a string",
            ],
        ),
        ({"named": {"x": {"last-day": DAY, "code": 1}}}, ["f.json: named.x.code: found 1, expected a string"]),
        (
            {"named": {"x": {"last-day": "2027-01-31", "last_day": DAY}}, "zzz": 1},
            [
                "f.json: zzz: found an unknown key; expected one of entries, named",
                "f.json: named.x.last_day: found an unknown key; did you mean last-day?",
                "f.json: named.x.last-day: found '2027-01-31', expected a day such as 2027-01-31",
            ],
        ),
    ],
)
def test_a_struct_rejects_unknown_keys_and_says_what_its_constraints_mean(value: Any, reported: list[str]) -> None:
    assert problems(value, Settings, "table") == reported
