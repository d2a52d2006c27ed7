"""Where a module is the whole repository, buf does not see what nox-rings keeps in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nox_rings.schema.own_folder import config_without_own_folder
from nox_rings.workspace.schemas import BufWorkspace
from unit.conftest import WriteTree

ROOT = BufWorkspace(folder=".", modules=(".",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: v2\n", {"version": "v2", "modules": [{"path": ".", "excludes": [".nox-rings"]}]}),
        (
            "version: v2\nlint: {use: [STANDARD]}\nmodules:\n  - path: .\n    excludes: [x]\n  - path: sub\n",
            {
                "version": "v2",
                "lint": {"use": ["STANDARD"]},
                "modules": [{"path": ".", "excludes": ["x", ".nox-rings"]}, {"path": "sub"}],
            },
        ),
        ("version: v1\n", {"version": "v1", "build": {"excludes": [".nox-rings"]}}),
        (
            "version: v1\nbuild: {excludes: [x]}\n",
            {"version": "v1", "build": {"excludes": ["x", ".nox-rings"]}},
        ),
    ],
)
def test_our_folder_is_excluded_beside_what_the_schema_excludes(
    write_tree: WriteTree, text: str, expected: dict[str, Any]
) -> None:
    assert json.loads(config_without_own_folder(write_tree({"buf.yaml": text}), ROOT)) == expected


@pytest.mark.parametrize(
    "schema",
    [
        BufWorkspace(folder="idl", modules=("idl",)),
        BufWorkspace(folder=".", modules=("idl",)),
        BufWorkspace(folder=".", modules=(".",), includes=("idl",)),
    ],
    ids=["elsewhere", "a module below", "a part of it"],
)
def test_the_settings_of_another_schema_stand(write_tree: WriteTree, schema: BufWorkspace) -> None:
    assert config_without_own_folder(write_tree({"buf.yaml": "version: v2\n"}), schema) == ""
