from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.adapters import buf
from nox_rings.adapters.buf_files import find_schemas
from nox_rings.adapters.sources import Sources
from nox_rings.command import Command
from nox_rings.domain.schema import BufWorkspace, StubPlugin, StubTemplate
from unit.conftest import WriteTree

PLUGIN = "version: v2\nplugins:\n"


def found(write_tree: WriteTree, texts: dict[str, str]) -> tuple[list[BufWorkspace], list[str]]:
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    return list(find_schemas(sources)[0]), sources.problems


def test_lint_runs_in_the_folder_of_the_schema() -> None:
    assert buf.lint_command(Path("/w/proto")) == Command(
        argv=("buf", "lint", "--error-format", "json"), cwd=Path("/w/proto"), description="buf lint"
    )


@pytest.mark.parametrize(("workspace", "input_words"), [(".", ()), ("../schema", ("../schema",))])
def test_generate_writes_below_the_stage_and_never_into_the_tree(workspace: str, input_words: tuple[str, ...]) -> None:
    command = buf.generate_command(Path("/w/proto"), "buf.gen.ts.yaml", workspace, Path("/w/.nox-rings/stage/x/proto"))
    assert command == Command(
        argv=(
            *("buf", "generate", *input_words),
            *("--template", "buf.gen.ts.yaml", "-o", "/w/.nox-rings/stage/x/proto"),
        ),
        cwd=Path("/w/proto"),
        description="buf generate --template buf.gen.ts.yaml",
    )


def test_a_template_tells_its_roots_its_programs_and_the_files_those_read(write_tree: WriteTree) -> None:
    texts = {
        "proto/buf.yaml": "version: v2\n",
        "proto/buf.gen.go.yaml": PLUGIN
        + "  - local: [go, -C, ../tools/go, run, ./cmd/gen]\n    out: ../sdk/go/gen\n"
        + "  - local: protoc-gen-connect-go\n    out: ../sdk/go/gen\n"
        + "  - protoc_builtin: python\n    out: ../sdk/py/gen\n"
        + "  - local: [python, scripts/plugin.py]\n    out: ../sdk/py/gen\n",
        "proto/scripts/plugin.py": "",
        "tools/go/go.mod": "module x\n",
        "tools/go/cmd/gen/main.go": "package main\n",
    }
    workspaces, problems = found(write_tree, texts)
    assert problems == []
    assert workspaces == [
        BufWorkspace(
            folder="proto",
            modules=("proto",),
            templates=(
                StubTemplate(
                    file="proto/buf.gen.go.yaml",
                    suffix="go",
                    plugins=(
                        StubPlugin(
                            name="gen",
                            out="sdk/go/gen",
                            program="go",
                            scripts=("tools/go/go.mod", "tools/go/cmd/gen"),
                            line=3,
                        ),
                        StubPlugin(
                            name="protoc-gen-connect-go", out="sdk/go/gen", program="protoc-gen-connect-go", line=5
                        ),
                        StubPlugin(name="protoc-gen-python", out="sdk/py/gen", program="protoc", line=7),
                        StubPlugin(
                            name="plugin",
                            out="sdk/py/gen",
                            program="python",
                            scripts=("proto/scripts/plugin.py",),
                            line=9,
                        ),
                    ),
                ),
            ),
        )
    ]


@pytest.mark.parametrize("out", [".", "..", "../.."])
def test_a_generated_root_is_a_folder_of_its_own_below_the_root(write_tree: WriteTree, out: str) -> None:
    texts = {"buf.yaml": "version: v2\n", "buf.gen.yaml": f"{PLUGIN}  - local: x\n    out: {out}\n"}
    _, problems = found(write_tree, texts)
    assert problems == [f"buf.gen.yaml: found `out: {out}`, expected a folder below the root of its own"]


def test_a_template_above_the_only_schema_generates_it(write_tree: WriteTree) -> None:
    texts = {"api/proto/buf.yaml": "version: v2\n", "api/buf.gen.yaml": f"{PLUGIN}  - local: x\n    out: gen\n"}
    ((workspace,), _) = found(write_tree, texts)
    assert workspace.folder == "api/proto"
    assert workspace.templates[0].outs == ("api/gen",)


def test_a_template_belongs_to_the_nearest_schema_above(write_tree: WriteTree) -> None:
    texts = {
        "buf.yaml": "version: v2\n",
        "inner/buf.yaml": "version: v2\n",
        "inner/buf.gen.yaml": f"{PLUGIN}  - local: x\n    out: gen\n",
    }
    workspaces, _ = found(write_tree, texts)
    assert {workspace.folder: len(workspace.templates) for workspace in workspaces} == {".": 0, "inner": 1}


def test_a_template_between_two_schemas_belongs_to_neither(write_tree: WriteTree) -> None:
    texts = {"a/buf.yaml": "version: v2\n", "b/buf.yaml": "version: v2\n", "buf.gen.yaml": "version: v2\n"}
    _, problems = found(write_tree, texts)
    assert problems == ["buf.gen.yaml: found 2 Buf workspaces it could generate, expected one buf.yaml"]


def test_the_modules_of_a_buf_work_file_are_one_workspace(write_tree: WriteTree) -> None:
    texts = {
        "buf.work.yaml": "version: v1\ndirectories: [a, b]\n",
        "a/buf.yaml": "version: v1\n",
        "b/buf.yaml": "version: v1\n",
    }
    assert found(write_tree, texts)[0] == [BufWorkspace(folder=".", modules=("a", "b"))]
