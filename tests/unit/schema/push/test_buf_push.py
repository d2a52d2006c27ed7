from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.schema.buf_files import find_schemas
from nox_rings.schema.push import buf_push
from nox_rings.schema.push.model import SchemaModule, SchemaPush
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

REPOSITORY = Path(__file__).parents[4]
WEATHER = 'syntax = "proto3";\nimport "buf/validate/validate.proto";\n'
BUF_YAML = """\
version: v2
modules:
  - path: src
    name: buf.build/acme/weather
  - path: vendored
    name: buf.build/bufbuild/protovalidate
    lint:
      ignore: [vendored]
"""
TREE = {
    "proto/buf.yaml": BUF_YAML,
    "proto/src/weather/v1/weather.proto": WEATHER,
    "proto/vendored/buf/validate/validate.proto": 'syntax = "proto2";\n',
}
OURS = SchemaModule(path="proto/src", name="buf.build/acme/weather", files=("proto/src/weather/v1/weather.proto",))
VALIDATE = "buf.build/bufbuild/protovalidate"


def found(root: Path, texts: dict[str, str]) -> tuple[SchemaPush, ...]:
    files = tuple(sorted(texts))
    workspaces = find_schemas(Sources(root=root, files=files))[0]
    return buf_push.find_pushes(root, files, workspaces)


def test_modules_with_a_name_are_pushed_and_vendored_ones_are_dependencies(write_tree: WriteTree) -> None:
    assert found(write_tree(TREE), TREE) == (SchemaPush(folder="proto", modules=(OURS,), dependencies=(VALIDATE,)),)


def test_what_deps_names_is_a_copy_too(write_tree: WriteTree) -> None:
    text = BUF_YAML.replace("    lint:\n      ignore: [vendored]\n", f"deps:\n  - {VALIDATE}:v1.2.0\n")
    tree = {**TREE, "proto/buf.yaml": text}
    assert found(write_tree(tree), tree)[0].dependencies == (f"{VALIDATE}:v1.2.0",)
    assert found(write_tree(tree), tree)[0].modules == (OURS,)


@pytest.mark.parametrize(("pinned", "lock"), [(VALIDATE, "proto/buf.lock"), ("buf.build/acme/other", "")])
def test_a_lock_counts_when_it_pins_every_dependency(write_tree: WriteTree, pinned: str, lock: str) -> None:
    tree = {**TREE, "proto/buf.lock": f"version: v2\ndeps:\n  - name: {pinned}\n    commit: c0ffee\n"}
    assert found(write_tree(tree), tree)[0].lock == lock


@pytest.mark.parametrize(
    ("name", "pushed"), [("name: buf.build/acme/weather\n", ("buf.build/acme/weather",)), ("", ())]
)
def test_a_buf_yaml_without_a_list_is_one_module(write_tree: WriteTree, name: str, pushed: tuple[str, ...]) -> None:
    tree = {"buf.yaml": f"version: v2\n{name}", "weather.proto": ""}
    pushes = found(write_tree(tree), tree)
    assert tuple(module.name for push in pushes for module in push.modules) == pushed


def test_includes_and_excludes_are_seen_from_the_buf_yaml(write_tree: WriteTree) -> None:
    lists = "    includes: [src/a, src/b]\n    excludes: [src/b/old]\n"
    tree = {
        "proto/buf.yaml": f"version: v2\nmodules:\n  - path: src\n    name: buf.build/acme/weather\n{lists}",
        **dict.fromkeys(("proto/src/a/a.proto", "proto/src/b/b.proto", "proto/src/b/old/o.proto"), ""),
        "proto/src/c/c.proto": "",
    }
    assert found(write_tree(tree), tree)[0].modules[0].files == ("proto/src/a/a.proto", "proto/src/b/b.proto")


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (
            {"buf.yaml": "version: v1\nname: buf.build/acme/weather\n", "a.proto": ""},
            "buf.yaml: found v1, expected v2 (buf config migrate makes it)",
        ),
        (
            {
                "buf.work.yaml": "version: v1\ndirectories: [a, b]\n",
                "a/buf.yaml": "version: v1\nname: buf.build/acme/a\n",
                "b/buf.yaml": "version: v1\n",
                "a/a.proto": "",
            },
            "a/buf.yaml: found v1, expected v2 (buf config migrate makes it)",
        ),
        (
            {**TREE, "proto/buf.yaml": BUF_YAML.replace(f"    name: {VALIDATE}\n", "")},
            "proto/buf.yaml: found no name for the module proto/vendored, expected one, as buf.build/acme/weather "
            "imports buf/validate/validate.proto: a registry knows modules by their names only",
        ),
    ],
)
def test_what_cannot_be_pushed_is_reported_with_its_file(
    write_tree: WriteTree, texts: dict[str, str], problem: str
) -> None:
    with pytest.raises(WorkspaceInvalidError) as error:
        found(write_tree(texts), texts)
    assert error.value.problems == (problem,)


def test_a_buf_yaml_of_v1_without_a_name_is_skipped(write_tree: WriteTree) -> None:
    tree = {**TREE, "old/buf.yaml": "version: v1\n", "old/a.proto": ""}
    assert [push.folder for push in found(write_tree(tree), tree)] == ["proto"]


def test_the_stage_holds_our_modules_and_nothing_else(write_tree: WriteTree, tmp_path: Path) -> None:
    tree = {**TREE, "proto/LICENSE": "MIT\n", "proto/buf.lock": f"version: v2\ndeps:\n  - name: {VALIDATE}\n"}
    (push,), stage = found(write_tree(tree), tree), tmp_path / "stage"
    stage.mkdir()
    buf_push.write_stage(tmp_path, stage, push)
    written = {path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()}
    assert written == {"LICENSE", "buf.lock", "buf.yaml", "src/weather/v1/weather.proto"}
    assert json.loads((stage / "buf.yaml").read_text()) == {
        "version": "v2",
        "modules": [{"path": "src", "name": "buf.build/acme/weather"}],
        "deps": [VALIDATE],
    }


def test_a_token_is_in_the_environment_of_the_commands_and_nowhere_else() -> None:
    credentials = {"BUF_TOKEN": "s3cret", "NETRC": "/home/anna/.netrc"}
    push = buf_push.push_command(Path("/w/stage"), "main", credentials)
    pin = buf_push.pin_command(Path("/w/stage"), credentials)
    assert push.argv == ("buf", "push", "--label", "main", "--timeout", "10m")
    assert pin.argv == ("buf", "dep", "update", "--timeout", "10m")
    for command in (push, pin):
        assert command.env["BUF_TOKEN"] == "s3cret"
        assert "s3cret" not in command.render(with_path=True)


@pytest.mark.parametrize(
    ("text", "commits"),
    [
        ("", {}),
        ("buf.build/acme/weather:c0ffee\n", {"buf.build/acme/weather": "c0ffee"}),
        (
            "localhost:8443/acme/a:c0ffee\nlocalhost:8443/acme/b:decade\n",
            {"localhost:8443/acme/a": "c0ffee", "localhost:8443/acme/b": "decade"},
        ),
    ],
)
def test_buf_reports_a_commit_for_each_module(text: str, commits: dict[str, str]) -> None:
    assert buf_push.parse_pushed(text) == commits


def test_the_version_of_what_is_vendored_is_the_one_that_a_push_asks_for() -> None:
    folder = REPOSITORY / "packages/ameide_core_proto"
    declared = yaml.safe_load((folder / "buf.yaml").read_text(encoding="utf-8"))["deps"]
    readme = (folder / "third_party/protovalidate/README.md").read_text(encoding="utf-8")
    versions = re.findall(r"protovalidate==([\d.]+)", readme)
    assert declared == [f"{VALIDATE}:v{version}" for version in versions]
