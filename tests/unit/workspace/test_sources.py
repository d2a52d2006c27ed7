"""Descriptors as discovery reads them: what is wrong with one of them is a problem and stops no other."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import pytest

from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree


class Descriptor(TypedDict, total=False):
    name: str
    modules: list[str]


def test_each_file_is_read_by_its_own_parser_whatever_the_others_hold(write_tree: WriteTree) -> None:
    texts = {"a.toml": 'name = "a"\n', "b.json": '{"name": 3', "c.json": '{"name": 3}', "d.yaml": "name: d\n"}
    sources = Sources(root=write_tree(texts), files=tuple(texts))
    assert sources.toml("a.toml", Descriptor) == {"name": "a"}
    assert sources.json("b.json", Descriptor) == {}
    assert sources.json("c.json", Descriptor) == {}
    assert sources.yaml("d.yaml", Descriptor) == {"name": "d"}
    first, second = sources.all_problems
    assert first.startswith("b.json: found text that is not JSON (")
    assert second == "c.json: name: found 3, expected a string"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", {}),
        ("name:\nmodules: [a]\n", {"modules": ["a"]}),
        ("other: {deep: null}\non: push\n1: x\nname: a\n", {"name": "a"}),
    ],
    ids=["empty", "a key without a value", "keys that are no strings"],
)
def test_what_is_not_there_and_what_is_not_ours_is_no_problem(
    write_tree: WriteTree, text: str, read: Descriptor
) -> None:
    sources = Sources(root=write_tree({"x.yaml": text}), files=("x.yaml",))
    assert (sources.yaml("x.yaml", Descriptor), sources.problems) == (read, {})


@pytest.mark.parametrize("text", [b'{"name": "a", "by": "J\xf6rg"}', b'\xef\xbb\xbf{"name": "a"}\r\n'])
def test_json_may_hold_bytes_that_are_not_utf_8(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "x.json").write_bytes(text)
    sources = Sources(root=tmp_path, files=("x.json",))
    assert (sources.json("x.json", Descriptor), sources.problems) == ({"name": "a"}, {})


def test_a_list_without_one_of_its_values_is_a_problem(write_tree: WriteTree) -> None:
    sources = Sources(root=write_tree({"x.yaml": "modules: [a, null]\n"}), files=("x.yaml",))
    assert sources.yaml("x.yaml", Descriptor) == {}
    assert sources.problems == {"x.yaml": ["x.yaml: modules[1]: found None, expected a string"]}


@pytest.mark.parametrize("text", ["modules: &m [*m]\n", "name: " + "[" * 3000 + "]" * 3000 + "\n"])
def test_what_holds_itself_or_is_nested_without_end_is_a_problem(write_tree: WriteTree, text: str) -> None:
    sources = Sources(root=write_tree({"x.yaml": text}), files=("x.yaml",))
    assert sources.yaml("x.yaml", Descriptor) == {}
    (problem,) = sources.problems["x.yaml"]
    assert problem.startswith("x.yaml: found text that is not YAML (")


def test_a_document_that_is_no_mapping_is_a_problem(write_tree: WriteTree) -> None:
    sources = Sources(root=write_tree({"x.yaml": "[a]\n"}), files=("x.yaml",))
    assert sources.yaml("x.yaml", Descriptor) == {}
    assert sources.problems == {"x.yaml": ["x.yaml: found a list at the top, expected a YAML mapping"]}
