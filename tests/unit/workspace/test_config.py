from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from nox_rings.engine.errors import ConfigInvalidError
from nox_rings.workspace.config import (
    Config,
    ImageConfig,
    MemberConfig,
    ProtoConfig,
    ProtoException,
    SmokeConfig,
    load_config,
    parse_config,
)
from unit.conftest import WriteTree


def sentence(table: Any) -> str:
    with pytest.raises(ConfigInvalidError) as caught:
        parse_config(table)
    return caught.value.message


def test_a_workspace_needs_no_configuration(write_tree: WriteTree) -> None:
    assert load_config(write_tree({})) == Config()
    assert load_config(write_tree({"pyproject.toml": "[project]\nname = 'x'\n"})) == Config()


def test_every_key_is_a_field_of_the_value() -> None:
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
        images={"api": ImageConfig(context=".")},
        members={"services/api": MemberConfig(inputs=("testdata",))},
        bases={"node:24": "oci-layout:/bases/node"},
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
            "images, members, pre-release-tags, proto, release-dockerfiles, seed-version, smoke, tag-prefix",
        ),
        ({"ignore": "x"}, "pyproject.toml: tool.nox-rings.ignore: found 'x', expected a list of strings"),
        ({"ignore": ["x", 1]}, "pyproject.toml: tool.nox-rings.ignore[1]: found 1, expected a string"),
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
        ({"seed-version": "1.0.0\n"}, "pyproject.toml: tool.nox-rings.seed-version: found '1.0.0\\n', expected X.Y.Z"),
        (
            {"seed-version": "1.0.1000000000000000"},
            "pyproject.toml: tool.nox-rings.seed-version: found '1.0.1000000000000000', expected X.Y.Z",
        ),
        *(
            (
                {"tag-prefix": prefix},
                f"pyproject.toml: tool.nox-rings.tag-prefix: found {prefix!r}, "
                "expected a text without spaces that ends in neither a digit nor a dot",
            )
            for prefix in ("v1", "v1.", "a b", "v\n")
        ),
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


ENTRY = {"rule": "FIELD_NO_DELETE", "path": "proto/a.proto", "reason": "nobody reads it", "until": date(2027, 1, 31)}
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
FIRST = ProtoException(rule="FIELD_NO_DELETE", path="proto/a.proto", reason="nobody reads it", until=date(2027, 1, 31))
SECOND = ProtoException(
    rule="FILE_NO_DELETE",
    path="proto/b.proto",
    reason="it never shipped",
    until=date(2026, 12, 1),
    message='Previously present file "b.proto" was deleted.',
)


def test_the_exceptions_of_the_schema_have_their_day_and_their_reason(write_tree: WriteTree) -> None:
    assert load_config(write_tree({"pyproject.toml": PYPROJECT})).proto == ProtoConfig(
        roots=("services/*/stubs",), default_branch="trunk", exceptions=(FIRST, SECOND)
    )


def test_every_problem_is_reported_at_once(write_tree: WriteTree) -> None:
    text = """
[tool.nox-rings]
ignore = ["a", 1, 2]
imags = {}
images.graph.context = 3
proto.exceptions = [{ rule = "R", path = "p", reason = " ", until = 2027-01-31 }, 4]
"""
    with pytest.raises(ConfigInvalidError) as caught:
        load_config(write_tree({"pyproject.toml": text}))
    assert caught.value.problems == (
        "pyproject.toml: tool.nox-rings.imags: found an unknown key; did you mean images?",
        "pyproject.toml: tool.nox-rings.ignore[1]: found 1, expected a string",
        "pyproject.toml: tool.nox-rings.ignore[2]: found 2, expected a string",
        "pyproject.toml: tool.nox-rings.images.graph.context: found 3, expected a string",
        "pyproject.toml: tool.nox-rings.proto.exceptions[0].reason: found nothing, expected a text: "
        "every exception has a reason",
        "pyproject.toml: tool.nox-rings.proto.exceptions[1]: found 4, expected a table",
    )
    first, second = caught.value.message.split("\n")[:2]
    assert (first, second) == ("6 problems in [tool.nox-rings]:", f"  {caught.value.problems[0]}")


@pytest.mark.parametrize(
    ("proto", "message"),
    [
        ([], "pyproject.toml: tool.nox-rings.proto: found [], expected a table"),
        (
            {"root": []},
            "pyproject.toml: tool.nox-rings.proto.root: found an unknown key; did you mean roots?",
        ),
        ({"roots": "x"}, "pyproject.toml: tool.nox-rings.proto.roots: found 'x', expected a list of strings"),
        ({"default-branch": 1}, "pyproject.toml: tool.nox-rings.proto.default-branch: found 1, expected a string"),
        ({"exceptions": {}}, "pyproject.toml: tool.nox-rings.proto.exceptions: found {}, expected a list of tables"),
        ({"exceptions": "x"}, "pyproject.toml: tool.nox-rings.proto.exceptions: found 'x', expected a list of tables"),
        (
            {"exceptions": [ENTRY, "x"]},
            "pyproject.toml: tool.nox-rings.proto.exceptions[1]: found 'x', expected a table",
        ),
        (
            {"exceptions": [{**ENTRY, "rules": []}]},
            "pyproject.toml: tool.nox-rings.proto.exceptions[0].rules: found an unknown key; did you mean rule?",
        ),
        (
            {"exceptions": [{**ENTRY, "zzz": 1}]},
            "pyproject.toml: tool.nox-rings.proto.exceptions[0].zzz: found an unknown key; "
            "expected one of message, path, reason, rule, until",
        ),
        *(
            (
                {"exceptions": [{name: value for name, value in ENTRY.items() if name != key}]},
                f"pyproject.toml: tool.nox-rings.proto.exceptions[0].{key}: found nothing, expected a text: "
                f"every exception has a {key}",
            )
            for key in ("rule", "path", "reason")
        ),
        (
            {"exceptions": [{**ENTRY, "reason": "  "}]},
            "pyproject.toml: tool.nox-rings.proto.exceptions[0].reason: found nothing, expected a text: "
            "every exception has a reason",
        ),
        (
            {"exceptions": [{**ENTRY, "reason": 1}]},
            "pyproject.toml: tool.nox-rings.proto.exceptions[0].reason: found 1, expected a string",
        ),
        (
            {"exceptions": [ENTRY, {**ENTRY, "until": "2027-01-31"}]},
            "pyproject.toml: tool.nox-rings.proto.exceptions[1].until: found '2027-01-31', "
            "expected a day such as 2027-01-31",
        ),
        (
            {"exceptions": [{**ENTRY, "until": datetime(2027, 1, 31, 12, 0)}]},
            "pyproject.toml: tool.nox-rings.proto.exceptions[0].until: found datetime.datetime(2027, 1, 31, 12, 0), "
            "expected a day such as 2027-01-31",
        ),
        (
            {"exceptions": [{"rule": "R", "path": "p", "reason": "r"}]},
            "pyproject.toml: tool.nox-rings.proto.exceptions[0].until: found nothing, "
            "expected a day such as 2027-01-31",
        ),
        (
            {"exceptions": [{**ENTRY, "message": ["x"]}]},
            "pyproject.toml: tool.nox-rings.proto.exceptions[0].message: found ['x'], expected a string",
        ),
    ],
)
def test_each_error_of_the_schemas_table_names_its_key_and_its_entry(proto: Any, message: str) -> None:
    assert sentence({"proto": proto}) == message


@pytest.mark.parametrize("text", ["[tool", "tool = 3\n", "[tool]\nnox-rings = 3\n"])
def test_a_broken_pyproject_is_a_sentence_that_names_it(write_tree: WriteTree, text: str) -> None:
    with pytest.raises(ConfigInvalidError, match=r"^pyproject.toml: .*found "):
        load_config(write_tree({"pyproject.toml": text}))


def test_a_pyproject_that_is_no_text_is_a_sentence_that_names_it(write_tree: WriteTree) -> None:
    root = write_tree({})
    (root / "pyproject.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigInvalidError, match=r"^pyproject.toml: found text that is not TOML"):
        load_config(root)
