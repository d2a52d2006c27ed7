from __future__ import annotations

from typing import Any

import pytest

from nox_rings.config import Config, SmokeConfig, load_config, parse_config
from nox_rings.errors import ConfigInvalidError
from unit.conftest import WriteTree


def sentence(table: Any) -> str:
    with pytest.raises(ConfigInvalidError) as caught:
        parse_config(table)
    return caught.value.message


def test_a_workspace_needs_no_configuration(write_tree: WriteTree) -> None:
    assert load_config(write_tree({})) == Config()
    assert load_config(write_tree({"pyproject.toml": "[project]\nname = 'x'\n"})) == Config()


def test_every_key_has_its_place_in_the_value() -> None:
    table = {
        "ignore": ["examples"],
        "dev-dockerfiles": ["dev.Dockerfile"],
        "release-dockerfiles": ["Containerfile"],
        "images": {"api": {"context": "."}},
        "members": {"services/api": {"inputs": ["testdata"]}},
        "bases": {"node:24": "oci-layout:/bases/node"},
        "seed-version": "1.0.0",
        "smoke": {"server": "service:api", "command": ["node", "main.js"], "health": "/ready"},
    }
    assert parse_config(table) == Config(
        ignore=("examples",),
        dev_dockerfiles=("dev.Dockerfile",),
        release_dockerfiles=("Containerfile",),
        contexts={"api": "."},
        member_inputs={"services/api": ("testdata",)},
        base_images={"node:24": "oci-layout:/bases/node"},
        seed_version="1.0.0",
        smoke=SmokeConfig(server="service:api", command=("node", "main.js"), health="/ready"),
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("on", "pyproject.toml: tool.nox-rings: found 'on', expected a table"),
        (
            {"ignores": []},
            "pyproject.toml: tool.nox-rings.ignores: found an unknown key; did you mean ignore?",
        ),
        (
            {"zzz": 1},
            "pyproject.toml: tool.nox-rings.zzz: found an unknown key; expected one of bases, dev-dockerfiles, ignore, "
            "images, members, proto, release-dockerfiles, seed-version, smoke",
        ),
        ({"ignore": "x"}, "pyproject.toml: tool.nox-rings.ignore: found 'x', expected a list of strings"),
        ({"ignore": [1]}, "pyproject.toml: tool.nox-rings.ignore: found [1], expected a list of strings"),
        ({"images": []}, "pyproject.toml: tool.nox-rings.images: found [], expected a table"),
        ({"images": {"api": "x"}}, "pyproject.toml: tool.nox-rings.images.api: found 'x', expected a table"),
        (
            {"images": {"api": {"contxt": "."}}},
            "pyproject.toml: tool.nox-rings.images.api.contxt: found an unknown key; did you mean context?",
        ),
        (
            {"images": {"api": {"context": 1}}},
            "pyproject.toml: tool.nox-rings.images.api.context: found 1, expected a string",
        ),
        (
            {"members": {"a": {"inputs": "x"}}},
            "pyproject.toml: tool.nox-rings.members.a.inputs: found 'x', expected a list of strings",
        ),
        ({"bases": {"node": 24}}, "pyproject.toml: tool.nox-rings.bases.node: found 24, expected a string"),
        ({"seed-version": 1}, "pyproject.toml: tool.nox-rings.seed-version: found 1, expected a string"),
        ({"seed-version": "1.0"}, "pyproject.toml: tool.nox-rings.seed-version: found '1.0', expected X.Y.Z"),
        ({"seed-version": "v1.0.0"}, "pyproject.toml: tool.nox-rings.seed-version: found 'v1.0.0', expected X.Y.Z"),
        ({"smoke": True}, "pyproject.toml: tool.nox-rings.smoke: found True, expected a table"),
        (
            {"smoke": {"cmd": []}},
            "pyproject.toml: tool.nox-rings.smoke.cmd: found an unknown key; did you mean command?",
        ),
        (
            {"smoke": {"command": "node"}},
            "pyproject.toml: tool.nox-rings.smoke.command: found 'node', expected a list of strings",
        ),
    ],
)
def test_each_error_names_the_key_what_was_found_and_what_was_expected(table: Any, message: str) -> None:
    assert sentence(table) == message


@pytest.mark.parametrize("text", ["[tool", "tool = 3\n", "[tool]\nnox-rings = 3\n"])
def test_a_broken_pyproject_is_a_sentence_that_names_it(write_tree: WriteTree, text: str) -> None:
    with pytest.raises(ConfigInvalidError, match=r"^pyproject.toml: .*found "):
        load_config(write_tree({"pyproject.toml": text}))


def test_a_pyproject_that_is_no_text_is_a_sentence_that_names_it(write_tree: WriteTree) -> None:
    root = write_tree({})
    (root / "pyproject.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigInvalidError, match=r"^pyproject.toml: found text that is not TOML"):
        load_config(root)
