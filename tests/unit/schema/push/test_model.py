from __future__ import annotations

import pytest

from nox_rings.schema.push.model import (
    SchemaModule,
    SchemaPush,
    dependency_name,
    imported_files,
    label_problem,
    module_files,
    needed_dependencies,
    push_problems,
)

OURS = SchemaModule(path="proto/src", name="buf.build/acme/weather", files=("proto/src/weather/v1/weather.proto",))
VALIDATE = "buf.build/bufbuild/protovalidate"
THEIRS = SchemaModule(
    path="proto/vendored", name=VALIDATE, files=("proto/vendored/buf/validate/validate.proto",), vendored=True
)


@pytest.mark.parametrize("label", ["main", "v1.2.0", "feature/new-thing", "Ünïcode", "a:b", "x" * 250])
def test_a_label_is_any_word(label: str) -> None:
    assert label_problem(label) == ""


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("", "found an empty label, expected a name such as main"),
        ("--create", "found the label --create, which looks like an option"),
        ("two words", "found the label 'two words', expected one without ' '"),
        ("main\n", "found the label 'main\\n', expected one without '\\n'"),
        ("a\x00b", "found the label 'a\\x00b', expected one without '\\x00'"),
        ("a,b", "found the label 'a,b', expected one without ','"),
        ('"a"', "found the label '\"a\"', expected one without '\"'"),
        ("x" * 251, "found a label of 251 characters, expected 250 at most"),
    ],
)
def test_what_is_no_label_is_reported_with_what_is_wrong(label: str, problem: str) -> None:
    assert label_problem(label) == problem


LISTING = (
    "LICENSE",
    "README.md",
    "proto/LICENSE",
    "proto/README.md",
    "proto/buf.yaml",
    "proto/own/README.markdown",
    "proto/own/a/v1/a.proto",
    "proto/own/a/v1/notes.txt",
    "proto/own/b/v1/b.proto",
    "proto/ownership/c.proto",
)


@pytest.mark.parametrize(
    ("path", "includes", "excludes", "files"),
    [
        (
            "proto/own",
            (),
            (),
            ("proto/own/a/v1/a.proto", "proto/own/b/v1/b.proto", "proto/own/README.markdown", "proto/LICENSE"),
        ),
        ("proto/ownership", (), (), ("proto/ownership/c.proto", "proto/README.md", "proto/LICENSE")),
        (
            "proto/own",
            ("proto/own/a",),
            (),
            ("proto/own/a/v1/a.proto", "proto/own/README.markdown", "proto/LICENSE"),
        ),
        (
            "proto/own",
            (),
            ("proto/own/a/v1",),
            ("proto/own/b/v1/b.proto", "proto/own/README.markdown", "proto/LICENSE"),
        ),
    ],
)
def test_a_module_is_its_protos_with_documentation_and_license(
    path: str, includes: tuple[str, ...], excludes: tuple[str, ...], files: tuple[str, ...]
) -> None:
    assert module_files(path, LISTING, "proto", includes=includes, excludes=excludes) == files


def test_a_module_of_the_whole_workspace_has_its_documentation_once() -> None:
    assert module_files(".", ("README.md", "a.proto", "buf.yaml"), ".") == ("a.proto", "README.md")


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("buf.build/acme/weather", "buf.build/acme/weather"),
        ("buf.build/acme/weather:v1.0.0", "buf.build/acme/weather"),
        ("localhost:8443/acme/weather", "localhost:8443/acme/weather"),
        ("localhost:8443/acme/weather:main", "localhost:8443/acme/weather"),
    ],
)
def test_a_reference_without_its_ref_is_a_name(reference: str, name: str) -> None:
    assert dependency_name(reference) == name


@pytest.mark.parametrize(
    ("declared", "needed"),
    [
        ((), (VALIDATE,)),
        ((f"{VALIDATE}:v1.2.0",), (f"{VALIDATE}:v1.2.0",)),
        (("buf.build/googleapis/googleapis",), ("buf.build/googleapis/googleapis", VALIDATE)),
        (("buf.build/acme/weather",), (VALIDATE,)),
    ],
)
def test_a_vendored_module_is_a_dependency_there(declared: tuple[str, ...], needed: tuple[str, ...]) -> None:
    assert needed_dependencies((OURS, THEIRS), declared) == needed


def test_imports_are_read_from_the_text() -> None:
    text = (
        'syntax = "proto3";\nimport "a.proto";\n  import public "b/b.proto" ;\nimport weak "c.proto";\n// import "d"\n'
    )
    assert imported_files(text) == ("a.proto", "b/b.proto", "c.proto")


def named(path: str, name: str) -> SchemaModule:
    return SchemaModule(path=path, name=name, files=(f"{path}/a.proto",))


@pytest.mark.parametrize(
    ("modules", "problems"),
    [
        ((OURS, THEIRS), ()),
        ((OURS, named("proto/unused", "")), ()),
        (
            (OURS, SchemaModule(path="proto/base", files=("proto/base/base/v1/base.proto",))),
            (
                "proto/buf.yaml: found no name for the module proto/base, expected one, as buf.build/acme/weather "
                "imports base/v1/base.proto: a registry knows modules by their names only",
            ),
        ),
        (
            (named("a", "acme/weather"),),
            ("proto/buf.yaml: found the name acme/weather, expected REGISTRY/OWNER/MODULE",),
        ),
        (
            (SchemaModule(path="a", name="buf.build/acme/a"),),
            ("proto/buf.yaml: found no .proto file in a, expected those of buf.build/acme/a",),
        ),
        (
            (named("a", "buf.build/acme/a"), named("b", "bsr.example.com:8443/acme/b")),
            (
                "proto/buf.yaml: found modules of bsr.example.com:8443 and buf.build, expected those of one registry: "
                "buf pushes them together",
            ),
        ),
    ],
)
def test_why_modules_cannot_be_pushed(modules: tuple[SchemaModule, ...], problems: tuple[str, ...]) -> None:
    imports = {"proto/src": {"base/v1/base.proto", "google/protobuf/any.proto"}}
    assert tuple(push_problems("proto/buf.yaml", modules, imports)) == problems


def test_an_unnamed_module_at_the_top_gives_its_files_by_their_whole_path() -> None:
    top = SchemaModule(path=".", files=("base/v1/base.proto",))
    assert len(list(push_problems("buf.yaml", (OURS, top), {"proto/src": {"base/v1/base.proto"}}))) == 1


def test_what_decides_a_push_is_its_modules_and_its_descriptors() -> None:
    module = SchemaModule(path="proto/src", name="buf.build/acme/a", files=("proto/src/a.proto", "proto/LICENSE"))
    push = SchemaPush(folder="proto", modules=(module,))
    assert push.paths == ("proto/buf.yaml", "proto/buf.lock", "proto/src", "proto/src/a.proto", "proto/LICENSE")
    assert push.registry == "buf.build"
