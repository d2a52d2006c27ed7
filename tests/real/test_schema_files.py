"""Which files buf reads of a schema, beside what we make its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from checkout import REPOSITORY, environment
from nox_rings.engine.paths import joined
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed, ProcessRunner
from nox_rings.schema.buf_files import find_schemas
from nox_rings.schema.own_folder import config_without_own_folder
from nox_rings.toolchain.toolchain import Toolchain
from nox_rings.workspace.schemas import BufWorkspace
from nox_rings.workspace.sources import Sources

V2 = "version: v2\nmodules:\n"


@cache
def buf_environment() -> dict[str, str]:
    tools = Toolchain(
        REPOSITORY, Path(environment()["NOX_RINGS_TOOLS_DIR"]), ProcessRunner(), source="pinned", announce=print
    )
    tools.require("buf")
    return tools.environment("buf")


def ask(*argv: str, cwd: Path) -> Completed:
    return ProcessRunner().ask(Command(argv=("buf", *argv), cwd=cwd, env=buf_environment()))


def written(root: Path, settings: Mapping[str, str]) -> BufWorkspace:
    for path in ("a/a.proto", "a/b/b.proto", "a/c/c.proto", "a/_x/x.proto", "a/testdata/t.proto", "o/o.proto"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        package = path.removesuffix(".proto").replace("/", ".")
        (root / path).write_text(f'syntax = "proto3";\n\npackage {package};\n', encoding="utf-8")
    (root / "a/README.md").write_text("hello\n", encoding="utf-8")
    for path, text in settings.items():
        (root / path).write_text(text, encoding="utf-8")
    files = tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()))
    ((schema,), _) = find_schemas(Sources(root=root, files=files, listed=files))
    return schema


def inputs_of(schema: BufWorkspace, root: Path) -> set[str]:
    files = tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*.proto")))
    return {path for module in schema.modules for path in schema.protos_of(files, module)}


def listed(schema: BufWorkspace, root: Path) -> set[str]:
    answer = ask("ls-files", cwd=root / schema.folder)
    assert answer.exit_code == 0, answer.stderr
    return {joined(schema.folder, line) for line in answer.stdout.split()}


@pytest.mark.parametrize(
    "settings",
    [
        {"buf.yaml": "version: v2\n"},
        {"a/buf.yaml": "version: v2\n"},
        {"buf.yaml": f"{V2}  - path: a\n"},
        {"buf.yaml": f"{V2}  - path: a\n    excludes: [a/b, a/_x]\n"},
        {"buf.yaml": f"{V2}  - path: a\n    includes: [a/b, a/c]\n"},
        {"buf.yaml": f"{V2}  - path: a\n    includes: [a/b]\n    excludes: [a/b/gone]\n"},
        {"buf.yaml": f"{V2}  - path: a\n    includes: [a/b]\n  - path: a\n    excludes: [a/b]\n"},
        {"buf.yaml": f"{V2}  - path: a\n    excludes: [a/b]\n  - path: a/b\n"},
        {"a/buf.yaml": "version: v1\nbuild:\n  excludes: [b]\n"},
        {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [a/b, a/c]\n"},
        {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [a]\n  excludes: [a/b]\n"},
        {
            "buf.work.yaml": "version: v1\ndirectories: [a, o]\n",
            "a/buf.yaml": "version: v1\nbuild:\n  excludes: [b]\n",
            "o/buf.yaml": "version: v1\n",
        },
    ],
    ids=lambda settings: " ".join(settings),
)
def test_the_inputs_of_a_schema_are_the_files_that_buf_lists(settings: dict[str, str], tmp_path: Path) -> None:
    schema = written(tmp_path, settings)
    assert inputs_of(schema, tmp_path) == listed(schema, tmp_path)


@pytest.mark.parametrize("text", ["version: v2\n", "version: v1\nbuild:\n  excludes: [o]\n"])
def test_buf_accepts_the_settings_that_exclude_our_folder(text: str, tmp_path: Path) -> None:
    schema = written(tmp_path, {"buf.yaml": text})
    expected = listed(schema, tmp_path)
    (tmp_path / ".nox-rings/a").mkdir(parents=True)
    (tmp_path / ".nox-rings/a/a.proto").write_text("broken\n", encoding="utf-8")
    assert listed(schema, tmp_path) - expected == {".nox-rings/a/a.proto"}
    config = config_without_own_folder(tmp_path, schema)
    answer = ask("ls-files", "--config", config, cwd=tmp_path)
    assert {*answer.stdout.split()} == expected


def test_buf_follows_symbolic_links(tmp_path: Path) -> None:
    written(tmp_path, {"a/buf.yaml": "version: v2\n"})
    (tmp_path / "a/linked").symlink_to("../o")
    files = ("a/a.proto", "a/buf.yaml", "a/linked", "o/o.proto")
    ((schema,), _) = find_schemas(Sources(root=tmp_path, files=files, listed=files))
    assert "a/linked/o.proto" in listed(schema, tmp_path)
    assert (schema.links, schema.linked) == (("a/linked",), ("o",))
