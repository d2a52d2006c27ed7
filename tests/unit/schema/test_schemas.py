"""What of a schema buf reads, and which files are templates; tests/real/test_schema_files.py compares with buf."""

from __future__ import annotations

import pytest

from nox_rings.schema.buf_files import find_schemas
from nox_rings.schema.buf_templates import suffix_of
from nox_rings.workspace.config import TemplateConfig
from nox_rings.workspace.schemas import BufWorkspace, StubPlugin, StubTemplate
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.visible import PassedOver
from unit.conftest import WriteTree

V2 = "version: v2\n"
PLUGINS = "plugins:\n  - local: x\n    out: gen\n"


def found(
    write_tree: WriteTree, texts: dict[str, str], **configured: TemplateConfig
) -> tuple[tuple[BufWorkspace, ...], tuple[str, ...], Sources]:
    files = tuple(sorted(texts))
    sources = Sources(root=write_tree(texts), files=files, listed=files)
    return *find_schemas(sources, (), configured), sources


def protos(schema: BufWorkspace, texts: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {module: schema.protos_of(tuple(sorted(texts)), module) for module in schema.modules}


TREE = dict.fromkeys(("a/a.proto", "a/b/b.proto", "a/c/c.proto", "o/o.proto", "a/README.md"), "")
READ: dict[str, tuple[dict[str, str], dict[str, tuple[str, ...]]]] = {
    "the folder itself": (
        {"buf.yaml": V2},
        {".": ("a/a.proto", "a/b/b.proto", "a/c/c.proto", "o/o.proto")},
    ),
    "a module": ({"buf.yaml": f"{V2}modules:\n  - path: a\n"}, {"a": ("a/a.proto", "a/b/b.proto", "a/c/c.proto")}),
    "less what it excludes": (
        {"buf.yaml": f"{V2}modules:\n  - path: a\n    excludes: [a/b]\n"},
        {"a": ("a/a.proto", "a/c/c.proto")},
    ),
    "only what it includes": (
        {"buf.yaml": f"{V2}modules:\n  - path: a\n    includes: [a/b]\n"},
        {"a": ("a/b/b.proto",)},
    ),
    "excluded there and read by another": (
        {"buf.yaml": f"{V2}modules:\n  - path: a\n    excludes: [a/b]\n  - path: a/b\n"},
        {"a": ("a/a.proto", "a/b/b.proto", "a/c/c.proto"), "a/b": ("a/b/b.proto",)},
    ),
    "one folder in two parts": (
        {"buf.yaml": f"{V2}modules:\n  - path: a\n    includes: [a/b]\n  - path: a\n    excludes: [a/b]\n"},
        {"a": ("a/a.proto", "a/b/b.proto", "a/c/c.proto")},
    ),
    "v1": ({"a/buf.yaml": "version: v1\nbuild:\n  excludes: [b]\n"}, {"a": ("a/a.proto", "a/c/c.proto")}),
    "v1beta1": (
        {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [a/b, a/c]\n"},
        {"a/b": ("a/b/b.proto",), "a/c": ("a/c/c.proto",)},
    ),
    "a buf.work.yaml": (
        {
            "buf.work.yaml": "version: v1\ndirectories: [a, o]\n",
            "a/buf.yaml": "version: v1\nbuild:\n  excludes: [b]\n",
            "o/buf.yaml": "version: v1\n",
        },
        {"a": ("a/a.proto", "a/c/c.proto"), "o": ("o/o.proto",)},
    ),
}


@pytest.mark.parametrize(("settings", "expected"), READ.values(), ids=list(READ))
def test_a_module_has_the_protos_that_buf_reads(
    write_tree: WriteTree, settings: dict[str, str], expected: dict[str, tuple[str, ...]]
) -> None:
    texts = {**TREE, **settings}
    (schema,), _, sources = found(write_tree, texts)
    assert protos(schema, texts) == expected
    assert sources.problems == {}


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("buf.yaml", "version: v9\n", "buf.yaml: version: found 'v9', expected one of v1beta1, v1, v2"),
        ("buf.yaml", "version: [\n", "buf.yaml: found text that is not YAML"),
        ("buf.yaml", "- a\n", "buf.yaml: found a list at the top, expected a YAML mapping"),
        ("buf.work.yaml", "directories: [gone]\n", "buf.work.yaml: found 'gone' in `directories`, expected a folder"),
        ("buf.gen.yaml", "- a\n", "buf.gen.yaml: found a list at the top, expected a YAML mapping"),
        ("buf.gen.yaml", f"version: v9\n{PLUGINS}", "buf.gen.yaml: version: found 'v9', expected one of"),
        ("buf.gen.yml", "plugins: [\n", "buf.gen.yml: found text that is not YAML"),
        ("buf.gen.json", "{\n", "buf.gen.json: found text that is not JSON"),
    ],
)
def test_what_is_wrong_with_a_file_belongs_to_it(write_tree: WriteTree, path: str, text: str, problem: str) -> None:
    _, _, sources = found(write_tree, {"buf.yaml": V2, "a.proto": "", path: text})
    ((owner, (first, *others)),) = sources.problems.items()
    assert (owner, first[: len(problem)], others) == (path, problem, [])


@pytest.mark.parametrize(
    ("name", "text", "is_template"),
    [
        ("buf.gen.yaml", V2 + PLUGINS, True),
        ("buf.gen.yml", V2 + PLUGINS, True),
        ("buf.gen-go.yaml", V2 + PLUGINS, True),
        ("buf.server.gen.yaml", V2 + PLUGINS, True),
        ("buf_gen_go.yaml", V2 + PLUGINS, True),
        ("buf.gen.json", '{\n\t"version": "v2",\n\t"plugins": [{"local": "x", "out": "gen"}]}', True),
        ("buf.gen.yaml", V2, False),
        ("buf.generator.yaml", "settings: 1\n", False),
        ("buffer-gen.yaml", "plugins: [\n", False),
        ("gen.yaml", V2 + PLUGINS, False),
    ],
)
def test_a_template_is_known_by_its_name_and_its_plugins(
    write_tree: WriteTree, name: str, text: str, is_template: bool
) -> None:
    (schema,), foreign, sources = found(write_tree, {"idl/buf.yaml": V2, "idl/a.proto": "", f"idl/{name}": text})
    assert [each.file for each in schema.templates] == ([f"idl/{name}"] if is_template else [])
    assert [each.outs for each in schema.templates] == ([("idl/gen",)] if is_template else [])
    assert (foreign, sources.problems) == ((), {})


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("buf.gen.yaml", ""),
        ("buf.gen.go.yaml", "go"),
        ("buf.gen.go.connect.yaml", "go.connect"),
        ("buf.gen-go.yml", "go"),
        ("buf.server.gen.yaml", "server"),
        ("buf_gen_go.json", "go"),
        ("buf.genuine.gen.yaml", "genuine"),
    ],
)
def test_a_template_is_called_by_what_is_its_own_in_its_name(name: str, suffix: str) -> None:
    assert suffix_of(f"idl/{name}") == suffix


def template(write_tree: WriteTree, text: str, **more: str) -> StubTemplate:
    texts = {"idl/buf.yaml": V2, "idl/a.proto": "", "idl/buf.gen.yaml": text, **more}
    schemas, _, sources = found(write_tree, texts)
    assert sources.problems == {}
    (found_template,) = schemas[-1].templates
    return found_template


@pytest.mark.parametrize(
    ("entry", "plugin"),
    [
        ("plugin: go", StubPlugin(name="protoc-gen-go", out="gen", program="protoc-gen-go", line=2)),
        ("name: go", StubPlugin(name="protoc-gen-go", out="gen", program="protoc-gen-go", line=2)),
        ("plugin: python", StubPlugin(name="protoc-gen-python", out="gen", program="protoc", line=2)),
        (
            "plugin: x, path: protoc-gen-own",
            StubPlugin(name="protoc-gen-own", out="gen", program="protoc-gen-own", line=2),
        ),
        ("plugin: buf.build/acme/x", StubPlugin(name="buf.build/acme/x", out="gen", remote="buf.build", line=2)),
        (
            "protoc_builtin: python, protoc_path: [python, -m, grpc_tools.protoc]",
            StubPlugin(name="protoc-gen-python", out="gen", program="python", line=2),
        ),
        (
            "local: ../node_modules/.bin/protoc-gen-es",
            StubPlugin(
                name="../node_modules/.bin/protoc-gen-es",
                out="gen",
                scripts=("node_modules/.bin/protoc-gen-es",),
                line=2,
            ),
        ),
    ],
)
def test_a_plugin_is_read_in_every_version_of_a_template(write_tree: WriteTree, entry: str, plugin: StubPlugin) -> None:
    text = f"plugins:\n  - {{{entry}, out: ../gen}}\n"
    assert template(write_tree, text).plugins == (plugin,)


def test_the_inputs_of_a_template_are_watched_and_what_lies_elsewhere_is_told(write_tree: WriteTree) -> None:
    inputs = (
        "inputs:\n  - directory: ../common\n  - proto_file: ../one.proto\n"
        "  - binary_image: ../image.binpb#format=binpb\n"
        "  - module: buf.build/acme/petapis\n  - git_repo: https://example.com/x.git\n    branch: main\n"
        "  - directory: ../../elsewhere\n"
    )
    texts = {"idl/buf.yaml": V2, "idl/buf.gen.yaml": f"{V2}{inputs}{PLUGINS}", "common/c.proto": "", "one.proto": ""}
    (schema,), _, sources = found(write_tree, texts)
    (made,) = schema.templates
    assert (made.inputs, made.names_inputs) == (("common", "one.proto", "image.binpb"), True)
    assert made.remotes == ("buf.build",)
    told = [each.reason for each in sources.passed_over if each.path == "idl/buf.gen.yaml"]
    assert told == [
        "its input git_repo https://example.com/x.git, branch main is not watched: edits there are not seen",
        "its input directory ../../elsewhere is not watched: edits there are not seen",
    ]


def test_a_template_between_two_schemas_belongs_to_that_of_its_inputs(write_tree: WriteTree) -> None:
    texts = {
        "a/buf.yaml": V2,
        "b/buf.yaml": V2,
        "buf.gen.yaml": f"{V2}inputs:\n  - directory: b\n{PLUGINS}",
    }
    schemas, foreign, sources = found(write_tree, texts)
    assert [[each.file for each in schema.templates] for schema in schemas] == [[], ["buf.gen.yaml"]]
    assert (foreign, sources.problems) == ((), {})


def test_a_template_may_be_left_alone_and_limited_by_configuration(write_tree: WriteTree) -> None:
    texts = {"buf.yaml": V2, "a.proto": "", "buf.gen.a.yaml": PLUGINS, "buf.gen.b.yaml": PLUGINS}
    settings = {"buf.gen.a.yaml": TemplateConfig(skip="made by hand"), "buf.gen.b.yaml": TemplateConfig(paths=("a",))}
    (schema,), _, sources = found(write_tree, texts, **settings)
    assert [(each.file, each.paths) for each in schema.templates] == [("buf.gen.b.yaml", ("a",))]
    assert sources.passed_over == [PassedOver("buf.gen.a.yaml", "made by hand")]


def test_protos_without_a_buf_yaml_are_told(write_tree: WriteTree) -> None:
    texts = {"idl/buf.yaml": V2, "idl/a.proto": "", "old/v1/b.proto": "", "old/v2/c.proto": ""}
    _, _, sources = found(write_tree, texts)
    reason = "2 .proto files without a buf.yaml"
    assert sources.passed_over == [PassedOver("old", reason, "cd old && buf config init")]


def test_a_link_to_itself_stops_nothing(write_tree: WriteTree) -> None:
    root = write_tree({"idl/buf.yaml": V2, "idl/a.proto": ""})
    (root / "idl/loop.proto").symlink_to("loop.proto")
    files = ("idl/a.proto", "idl/buf.yaml", "idl/loop.proto")
    ((schema,), _) = find_schemas(Sources(root=root, files=files, listed=files))
    assert (schema.folder, schema.links) == ("idl", ("idl/loop.proto",))


def test_links_are_followed_and_submodules_are_read(write_tree: WriteTree) -> None:
    root = write_tree(
        {"idl/buf.yaml": V2, "idl/a.proto": "", "far/b.proto": "", "one.proto": "", "idl/sub/c.proto": ""}
    )
    (root / "idl/linked").symlink_to("../far")
    (root / "idl/one.proto").symlink_to("../one.proto")
    (root / "idl/away").symlink_to("/tmp")
    files = ("far/b.proto", "idl/a.proto", "idl/away", "idl/buf.yaml", "idl/linked", "idl/one.proto", "idl/sub")
    sources = Sources(root=root, files=files, listed=files)
    ((schema,), _) = find_schemas(sources)
    assert schema.links == ("idl/away", "idl/linked", "idl/one.proto")
    assert (schema.linked, schema.submodules) == (("far", "one.proto"), ("idl/sub",))
    outside = PassedOver("idl/away", "it leads out of the repository: edits there are not seen")
    assert outside in sources.passed_over
