from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.process.command import Command
from nox_rings.schema import buf
from nox_rings.schema.buf_files import find_schemas
from nox_rings.workspace.schemas import BufWorkspace, StubPlugin, StubTemplate
from nox_rings.workspace.sources import Sources
from unit.conftest import WriteTree

PLUGIN = "version: v2\nplugins:\n"


def found(write_tree: WriteTree, texts: dict[str, str]) -> tuple[list[BufWorkspace], list[str]]:
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    return list(find_schemas(sources)[0]), list(sources.all_problems)


def schemas_and_foreign(
    write_tree: WriteTree, texts: dict[str, str], *services: str
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Folder of a schema → its templates, and the templates of none."""
    sources = Sources(root=write_tree(texts), files=tuple(sorted(texts)))
    workspaces, foreign = find_schemas(sources, services)
    assert sources.problems == {}
    return {each.folder: tuple(template.file for template in each.templates) for each in workspaces}, foreign


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
        env={"GOGC": "off", "GOMEMLIMIT": "2GiB"},
        description="buf generate --template buf.gen.ts.yaml",
    )


def test_a_template_names_its_roots_its_programs_and_the_files_those_read(write_tree: WriteTree) -> None:
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
        "go.work": "go 1.27\n\nuse (\n\t./tools/go\n\t./other\n)\n",
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
                            around=(
                                *("go.work", "go.work.sum", "tools/go/go.mod", "tools/go/go.sum"),
                                *("other/go.mod", "other/go.sum"),
                            ),
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
                            scripts=("proto/scripts", "proto/scripts/plugin.py"),
                            line=9,
                        ),
                    ),
                ),
            ),
        )
    ]


@pytest.mark.parametrize(
    ("option", "files"),
    [
        ("opt: grpc_api_configuration=api.yaml", ("proto/api.yaml",)),
        ("opt: [paths=source_relative, conf=proto/api.yaml]", ("proto/api.yaml",)),
        ("opt:\n      - a=1,b=./api.yaml\n      - api.yaml", ("proto/api.yaml",)),
        ("opt: top.txt", ("top.txt",)),
        ("opt: conf=gone.yaml", ()),
        ("opt: paths=source_relative", ()),
        ("opt: template=sub", ("proto/sub",)),
        ("opt: conf=made.yaml", ("proto/made.yaml",)),  # git does not list it
        ("opt: [root=., up=.., far=../../x.yaml]", ()),
    ],
)
@pytest.mark.parametrize("plugin", ["local: protoc-gen-x", "protoc_builtin: python", "remote: buf.build/a/b:v1"])
def test_a_file_that_an_option_names_is_read(
    write_tree: WriteTree, plugin: str, option: str, files: tuple[str, ...]
) -> None:
    texts = {
        "proto/buf.yaml": "version: v2\n",
        "proto/buf.gen.yaml": f"{PLUGIN}  - {plugin}\n    out: gen\n    {option}\n",
        "proto/api.yaml": "",
        "proto/sub/x.yaml": "",
        "top.txt": "",
    }
    write_tree({"proto/made.yaml": ""})
    ((workspace,), problems) = found(write_tree, texts)
    assert problems == []
    assert workspace.templates[0].scripts == files


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
    texts = {"a/buf.yaml": "version: v2\n", "b/buf.yaml": "version: v2\n", "buf.gen.yaml": TEMPLATE}
    _, problems = found(write_tree, texts)
    assert problems == ["buf.gen.yaml: found 2 Buf workspaces it could generate, expected one buf.yaml"]


def test_the_modules_of_a_buf_work_file_are_one_workspace(write_tree: WriteTree) -> None:
    texts = {
        "buf.work.yaml": "version: v1\ndirectories: [a, b]\n",
        "a/buf.yaml": "version: v1\n",
        "b/buf.yaml": "version: v1\n",
    }
    assert found(write_tree, texts)[0] == [BufWorkspace(folder=".", modules=("a", "b"))]


BUF = "version: v2\n"
TEMPLATE = f"{PLUGIN}  - local: x\n    out: gen\n"


@pytest.mark.parametrize(
    ("paths", "services", "schemas", "foreign"),
    [
        (
            ["proto/buf.yaml", "proto/buf.gen.yaml", "services/api/buf.gen.yaml"],
            ["services/api"],
            {"proto": ("proto/buf.gen.yaml",)},
            ("services/api/buf.gen.yaml",),
        ),
        (
            ["proto/buf.yaml", "services/api/buf.yaml", "services/api/buf.gen.yaml"],
            ["services/api"],
            {"proto": ()},
            ("services/api/buf.gen.yaml",),
        ),
        (
            ["proto/buf.yaml", "services/api/proto/buf.yaml", "services/api/proto/buf.gen.yaml"],
            ["services/api"],
            {"proto": ()},
            ("services/api/proto/buf.gen.yaml",),
        ),
        (
            ["buf.yaml", "buf.gen.yaml", "services/api/buf.gen.go.yaml"],
            ["services/api"],
            {".": ("buf.gen.yaml",)},
            ("services/api/buf.gen.go.yaml",),
        ),
        (
            ["services/api/buf.yaml", "services/api/buf.gen.yaml"],
            ["services/api"],
            {"services/api": ("services/api/buf.gen.yaml",)},
            (),
        ),
        (
            ["services/api/proto/buf.yaml", "services/api/buf.gen.yaml"],
            ["services/api"],
            {"services/api/proto": ("services/api/buf.gen.yaml",)},
            (),
        ),
        (
            ["a/buf.yaml", "a/buf.gen.yaml", "b/buf.yaml", "b/buf.gen.yaml"],
            ["a", "b"],
            {"a": ("a/buf.gen.yaml",), "b": ("b/buf.gen.yaml",)},
            (),
        ),
        (["a/buf.yaml", "b/buf.gen.yaml"], ["a", "b"], {"a": ()}, ("b/buf.gen.yaml",)),
        (["proto/buf.yaml", "tools/buf.gen.yaml"], [], {"proto": ()}, ("tools/buf.gen.yaml",)),
        (["proto/buf.yaml", "buf.gen.yaml"], ["services/api"], {"proto": ("buf.gen.yaml",)}, ()),
        (["services/api/buf.gen.yaml"], ["services/api"], {}, ("services/api/buf.gen.yaml",)),
        (
            ["proto/buf.yaml", "proto/buf.gen.yaml", "services/api_v2/buf.yaml", "services/api_v2/buf.gen.yaml"],
            ["services/api"],
            {"proto": ("proto/buf.gen.yaml",), "services/api_v2": ("services/api_v2/buf.gen.yaml",)},
            (),
        ),
        (["buf.yaml", "buf.gen.yaml"], ["."], {".": ("buf.gen.yaml",)}, ()),
        (
            ["proto/buf.yaml", "services/api/buf.yaml", "services/api/buf.gen.yaml"],
            [".", "services/api"],
            {"proto": ()},
            ("services/api/buf.gen.yaml",),
        ),
        (
            ["buf.yaml", "proto/buf.yaml", "proto/buf.gen.yaml"],
            ["."],
            {".": (), "proto": ("proto/buf.gen.yaml",)},
            (),
        ),
        (
            ["proto/buf.yaml", "services/api/buf.work.yaml", "services/api/buf.gen.yaml"],
            ["services/api"],
            {"proto": ()},
            ("services/api/buf.gen.yaml",),
        ),
    ],
    ids=[
        *("in a service", "in a service with a schema of its own", "deep in a service with a schema of its own"),
        *("in a service below a schema at the root", "the only schema is in a service", "it lies below its template"),
        *("all schemas are in services", "in another service than the schema", "beside the schema"),
        *("above the schema", "no schema", "a folder of a similar name is no service", "an image at the root"),
        "an image at the root and one of a service",
        *("an image at the root above all", "a buf.work.yaml in a service"),
    ],
)
def test_a_template_in_a_service_or_without_a_schema_is_foreign(
    write_tree: WriteTree,
    paths: list[str],
    services: list[str],
    schemas: dict[str, tuple[str, ...]],
    foreign: tuple[str, ...],
) -> None:
    texts = {path: TEMPLATE if "buf.gen" in path else BUF for path in paths}
    assert schemas_and_foreign(write_tree, texts, *services) == (schemas, foreign)


@pytest.mark.parametrize(
    ("text", "modules", "vendored"),
    [
        (BUF, ("proto",), frozenset()),
        (f"{BUF}modules:\n  - path: src\n  - path: third_party\n", ("proto/src", "proto/third_party"), frozenset()),
        (
            f"{BUF}modules:\n  - path: src\n  - path: third_party\n    lint: {{ignore: [third_party]}}\n",
            ("proto/src", "proto/third_party"),
            frozenset({"proto/third_party"}),
        ),
        (
            f"{BUF}modules:\n  - path: src\n    lint: {{ignore: [src/legacy]}}\n",
            ("proto/src",),
            frozenset(),
        ),
        (f"{BUF}modules:\n  - path: src\n    lint: {{use: [STANDARD]}}\n", ("proto/src",), frozenset()),
        (f"{BUF}modules:\n  - path: src\n    lint:\n", ("proto/src",), frozenset()),
        (f"{BUF}modules:\n  - name: buf.build/x/y\n", ("proto",), frozenset()),
        (f"{BUF}modules:\n", ("proto",), frozenset()),
    ],
    ids=[
        *("the folder itself", "listed", "one ignored as a whole", "a part ignored", "lint without ignore"),
        *("empty lint", "no path", "empty list"),
    ],
)
def test_a_module_whose_lint_ignores_all_of_it_is_vendored(
    write_tree: WriteTree, text: str, modules: tuple[str, ...], vendored: frozenset[str]
) -> None:
    ((workspace,), problems) = found(write_tree, {"proto/buf.yaml": text})
    assert problems == []
    assert (workspace.modules, workspace.vendored) == (modules, vendored)
    assert workspace.own_modules == tuple(each for each in modules if each not in vendored)


@pytest.mark.parametrize(
    ("deps", "remotes"),
    [
        ([], ()),
        (["buf.build/googleapis/googleapis"], ("buf.build",)),
        (["buf.build/googleapis/googleapis:v1", "buf.build/bufbuild/protovalidate"], ("buf.build",)),
        (["buf.build/googleapis/googleapis", "buf.corp.example/x/y"], ("buf.build", "buf.corp.example")),
        (["buf.build/vendored/here"], ()),
        (["buf.build/vendored/here:v2", "buf.corp.example/x/y"], ("buf.corp.example",)),
        (["buf.build/vendored/here-too"], ("buf.build",)),
    ],
    ids=["none", "one", "a host once", "two hosts", "vendored", "vendored of a version", "a longer name"],
)
def test_the_remotes_of_a_schema_are_the_hosts_of_what_it_does_not_hold_itself(
    write_tree: WriteTree, deps: list[str], remotes: tuple[str, ...]
) -> None:
    modules = "modules:\n  - path: src\n  - path: vendor\n    name: buf.build/vendored/here\n"
    listed = "".join(f"  - {each}\n" for each in deps)
    text = f"{BUF}{modules}" + (f"deps:\n{listed}" if deps else "")
    ((workspace,), problems) = found(write_tree, {"buf.yaml": text})
    assert (workspace.remotes, problems) == (remotes, [])


@pytest.mark.parametrize(
    ("plugins", "remotes"),
    [
        ("[{plugin: buf.corp.example/acme/rules, options: {strict: true}}]", ("buf.corp.example",)),
        ("[{plugin: [buf-plugin-local, --strict]}, text, null]", ()),
        ("text", ()),
    ],
    ids=["remote", "entries that buf reports itself", "no list"],
)
def test_the_plugins_that_check_a_schema_are_left_to_buf_but_for_their_remotes(
    write_tree: WriteTree, plugins: str, remotes: tuple[str, ...]
) -> None:
    (workspace,), problems = found(write_tree, {"buf.yaml": f"version: v2\nplugins: {plugins}\n"})
    assert (workspace.remotes, problems) == (remotes, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("plugins: [\n", "buf.gen.yaml: found text that is not YAML"),
        ("- local: x\n", "buf.gen.yaml: found a list at the top, expected a YAML mapping"),
        ("plugins: text\n", "buf.gen.yaml: plugins: found 'text', expected a list"),
        ("plugins: [text]\n", "buf.gen.yaml: plugins[0]: found 'text', expected a mapping"),
    ],
)
def test_a_template_that_cannot_be_read_is_one_problem_and_has_no_plugins(
    write_tree: WriteTree, text: str, problem: str
) -> None:
    ((workspace,), problems) = found(write_tree, {"buf.yaml": BUF, "buf.gen.yaml": text})
    assert [each[: len(problem)] for each in problems] == [problem]
    assert workspace.templates == (StubTemplate(file="buf.gen.yaml", suffix=""),)


def test_a_remote_plugin_has_a_host_and_no_program(write_tree: WriteTree) -> None:
    texts = {
        "buf.yaml": BUF,
        "buf.gen.yaml": f"{PLUGIN}  - remote: buf.build/bufbuild/es:v2.2.0\n    out: gen\n"
        "  - remote: buf.corp.example/x/y\n    out: gen\n",
    }
    ((workspace,), _) = found(write_tree, texts)
    (template,) = workspace.templates
    assert template.plugins == (
        StubPlugin(name="buf.build/bufbuild/es:v2.2.0", out="gen", remote="buf.build", line=3),
        StubPlugin(name="buf.corp.example/x/y", out="gen", remote="buf.corp.example", line=5),
    )
    assert template.remotes == ("buf.build", "buf.corp.example")
    assert template.programs == ()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("version: v2\nplugins:\n  - local: a\n    out: x\n  - local: b\n", (3, 5)),
        ("# why\n\nplugins:\n\n  # one\n  -\n    local: a\n  - local: b\n", (7, 8)),
        ("plugins: [{local: a}, {local: b},\n  {local: c}]\n", (1, 1, 2)),
        ('{"version": "v2",\n "plugins": [\n  {"local": "a"}\n ]}\n', (3,)),
        ("managed:\n  plugins:\n    - local: a\n", ()),
        ("plugins: []\n", ()),
        ("plugins:\n", ()),
        ("plugins: text\n", ()),
        ("version: v2\n", ()),
        ("- plugins\n", ()),
        ("", ()),
    ],
    ids=[
        *("a list", "comments between", "in brackets", "JSON", "of another mapping", "empty", "nothing", "no list"),
        *("another key", "no mapping", "no text"),
    ],
)
def test_an_entry_of_a_list_is_reported_with_the_line_it_begins_at(
    write_tree: WriteTree, text: str, lines: tuple[int, ...]
) -> None:
    sources = Sources(root=write_tree({"buf.gen.yaml": text}), files=("buf.gen.yaml",))
    assert sources.yaml_lines("buf.gen.yaml", "plugins") == lines


@pytest.mark.parametrize(
    ("text", "annotations"),
    [
        ("", ()),
        (
            '{"path":"p/a.proto","start_line":4,"start_column":3,"end_line":7,"end_column":4,"type":"FIELD_NO_DELETE",'
            '"message":"Previously present field \\"2\\" was deleted."}\n',
            (
                buf.Annotation(
                    path="p/a.proto",
                    line=4,
                    rule="FIELD_NO_DELETE",
                    message='Previously present field "2" was deleted.',
                ),
            ),
        ),
        (
            '{"type":"FILE_NO_DELETE","message":"gone"}\n{"path":"b.proto","start_line":1,"type":"COMPILE"}\n',
            (
                buf.Annotation(path="", line=0, rule="FILE_NO_DELETE", message="gone"),
                buf.Annotation(path="b.proto", line=1, rule="COMPILE", message=""),
            ),
        ),
        (
            'WARN\tsomething\n\n{"path":"a","start_line":1,"type":"R","message":"ä"}\nFailure: no\n',
            (buf.Annotation(path="a", line=1, rule="R", message="ä"),),
        ),
    ],
    ids=["nothing found", "all of it", "no file, no words", "words between"],
)
def test_what_buf_found_is_read_from_its_json_and_from_nothing_else(
    text: str, annotations: tuple[buf.Annotation, ...]
) -> None:
    assert buf.parse_annotations(text) == annotations


@pytest.mark.parametrize(
    ("command", "argv", "description"),
    [
        (
            buf.format_command(Path("/w/proto"), Path("/w/stage")),
            ("buf", "format", "-o", "/w/stage"),
            "buf format",
        ),
        (
            buf.image_command(Path("/w/proto"), "src", Path("/w/then/src.binpb")),
            ("buf", "build", "src", "-o", "/w/then/src.binpb", "--error-format", "json"),
            "buf build src",
        ),
        (
            buf.describe_command(Path("/w/proto"), "src"),
            ("buf", "build", "src", "-o", "-#format=json"),
            "buf build src",
        ),
        (
            buf.breaking_command(Path("/w/proto"), "src", Path("/w/then/src.binpb")),
            ("buf", "breaking", "src", "--exclude-imports", "--against", "/w/then/src.binpb", "--error-format", "json"),
            "buf breaking src",
        ),
    ],
)
def test_each_command_runs_in_the_folder_of_the_schema_and_writes_elsewhere(
    command: Command, argv: tuple[str, ...], description: str
) -> None:
    assert command == Command(argv=argv, cwd=Path("/w/proto"), description=description)


@pytest.mark.parametrize(
    ("lines", "checkers"),
    [
        ("plugins:\n  - plugin: buf-plugin-x\n", ()),
        ("plugins:\n  - plugin: ./lint\n", ("proto/lint",)),
        ("plugins:\n  - plugin: [python3, tools/lint.py]\n", ("proto/tools", "proto/tools/lint.py")),
        ("policies:\n  - policy: buf.policy.yaml\n", ("proto/buf.policy.yaml",)),
        ("plugins: true\npolicies: [1]\n", ()),
    ],
)
def test_what_checks_a_schema_is_read(write_tree: WriteTree, lines: str, checkers: tuple[str, ...]) -> None:
    texts = {"proto/buf.yaml": f"version: v2\n{lines}", "proto/tools/lint.py": "", "proto/a.proto": ""}
    ((workspace,), _) = found(write_tree, texts)
    assert workspace.checkers == checkers
