from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nox_rings.engine.plan.graph import graph_of
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.schema.model import StubsSubject
from nox_rings.workspace.model import Workspace
from nox_rings.workspace.schemas import BufWorkspace, StubPlugin, StubTemplate
from unit.reference import REFERENCE, member, schema, targets, template


def test_stubs_read_the_schema_and_their_own_template_but_no_other_one_and_nothing_generated() -> None:
    inputs = targets(REFERENCE)["stubs:ts"].inputs
    assert inputs.folders == ("proto",)
    assert inputs.files == ("proto/buf.yaml", "proto/buf.lock", "proto/buf.work.yaml", "proto/buf.gen.ts.yaml")
    assert inputs.suffixes == inputs.unlisted == (".proto",)
    assert inputs.excludes == ()


def test_stubs_read_a_plugin_that_is_installed_from_the_workspace_without_what_templates_make_there() -> None:
    workspace = Workspace(
        schemas=(schema(template("py", "plugin/src/gen", "sdk/py/gen", plugin="protoc-gen-x")),),
        members=(member("plugin", "pypi"), member("plugin/examples/e", "pypi"), member("lib", "pypi")),
    )
    files = (
        *("lib/lib.py", "other/x.py", "plugin/pyproject.toml", "plugin/src/x.py"),
        *("plugin/examples/e/e.py", "plugin/src/gen/a.py", "plugin/proto-provenance.py.json"),
    )
    given = frozenset({"protoc-gen-x"})
    found = targets(workspace, files=files, pinned=given, sources={"protoc-gen-x": ("lib", "plugin")})
    read = ("lib/lib.py", "plugin/pyproject.toml", "plugin/src/x.py")
    assert found["stubs:py"].inputs.files[-3:] == read
    assert not {*read} & {*targets(workspace, files=files, pinned=given)["stubs:py"].inputs.files}


def test_the_check_of_a_schema_reads_what_its_rules_consist_of() -> None:
    (found,) = REFERENCE.schemas
    workspace = replace(REFERENCE, schemas=(replace(found, checkers=("tools/lint", "proto/lint.wasm")),))
    inputs = targets(workspace, files=("tools/lint/a.py",))["proto"].inputs
    assert inputs.files[-1] == "tools/lint/a.py"
    assert (inputs.globs, inputs.unlisted) == (("proto/lint.wasm",), (".proto",))


def test_the_check_of_a_schema_reads_every_template_and_what_buf_reads() -> None:
    foreign = replace(REFERENCE, foreign_templates=("services/graph/buf.gen.yaml",))
    inputs = targets(foreign)["proto"].inputs
    assert inputs.folders == ("proto",)
    assert inputs.files == (
        *("proto/buf.yaml", "proto/buf.lock", "proto/buf.work.yaml"),
        *("proto/buf.gen.go.yaml", "proto/buf.gen.ts.yaml", "services/graph/buf.gen.yaml"),
    )


def test_several_sdks_of_one_language_are_distinguished_by_their_folders() -> None:
    workspace = Workspace(
        schemas=(schema(template("public", "sdk/open/gen"), template("inner", "sdk/own/gen")),),
        members=(member("sdk/open", "go"), member("sdk/own", "go")),
    )
    assert {target_id: target.dependencies for target_id, target in targets(workspace, server="").items()} == {
        "proto": (),
        "stubs:public": ("proto",),
        "stubs:inner": ("proto",),
        "sdk:open": ("stubs:public",),
        "sdk:own": ("stubs:inner",),
        "artifact:open": ("sdk:open",),
        "artifact:own": ("sdk:own",),
        "install-check:go": ("artifact:open", "artifact:own"),
    }


def test_two_templates_into_one_sdk_are_two_targets_that_it_needs_both() -> None:
    workspace = Workspace(
        schemas=(schema(template("go", "sdk/go/gen"), template("connect", "sdk/go/connect")),),
        members=(member("sdk/go", "go"),),
    )
    found = targets(workspace)
    assert found["sdk:go"].dependencies == ("stubs:go", "stubs:connect")
    assert {"stubs:go", "stubs:connect"} <= set(found)


def test_one_template_into_several_members_is_one_target() -> None:
    workspace = Workspace(
        schemas=(schema(template("", "sdk/go/gen", "sdk/ts/gen")),),
        members=(member("sdk/go", "go"), member("sdk/ts", "npm")),
    )
    found = targets(workspace)
    assert found["sdk:go"].dependencies == ("stubs",)
    assert found["sdk:ts"].dependencies == ("stubs",)


def test_several_buf_workspaces_are_distinguished_by_their_folders() -> None:
    one = BufWorkspace(
        folder="api/proto",
        modules=("api/proto",),
        templates=(StubTemplate(file="api/gen.yaml", suffix="", plugins=(StubPlugin(name="x", out="a"),)),),
    )
    other = BufWorkspace(folder="web/schema", modules=("web/schema",))
    found = targets(Workspace(schemas=(one, other)))
    assert {each: target.dependencies for each, target in found.items()} == {
        "proto:proto": (),
        "proto:schema": (),
        "stubs:proto": ("proto:proto",),
    }


@pytest.mark.parametrize(
    ("outs", "folders", "provenances"),
    [
        (("sdk/go/gen",), ("sdk/go",), {"sdk/go/proto-provenance.json": ("sdk/go/gen",)}),
        (("sdk/go/gen",), ("sdk", "sdk/go", "."), {"sdk/go/proto-provenance.json": ("sdk/go/gen",)}),
        (
            ("sdk/gen", "sdk/go/gen"),
            ("sdk", "sdk/go"),
            {"sdk/proto-provenance.json": ("sdk/gen",), "sdk/go/proto-provenance.json": ("sdk/go/gen",)},
        ),
        (("gen",), (".",), {"proto-provenance.json": ("gen",)}),
        (("elsewhere/gen",), ("sdk/go",), {"elsewhere/proto-provenance.json": ("elsewhere/gen",)}),
    ],
    ids=["in its folder", "in a member in a member", "one in each", "at the root", "in no member"],
)
def test_the_provenance_of_stubs_is_beside_the_manifest_of_the_nearest_sdk(
    outs: tuple[str, ...], folders: tuple[str, ...], provenances: dict[str, tuple[str, ...]]
) -> None:
    workspace = Workspace(
        schemas=(schema(template("", *outs)),), members=tuple(member(folder, "go") for folder in folders)
    )
    (stubs,) = (target for target in targets(workspace, server="").values() if target.kind.name == "stubs")
    assert isinstance(stubs.subject, StubsSubject)
    assert stubs.subject.provenances == provenances
    assert stubs.outputs == (*outs, *provenances)


def test_two_templates_into_one_sdk_have_a_provenance_each_by_their_names() -> None:
    workspace = Workspace(
        schemas=(schema(template("go", "sdk/go/gen"), template("connect", "sdk/go/connect")),),
        members=(member("sdk/go", "go"),),
    )
    found = targets(workspace)
    assert found["stubs:go"].outputs == ("sdk/go/gen", "sdk/go/proto-provenance.go.json")
    assert found["stubs:connect"].outputs == ("sdk/go/connect", "sdk/go/proto-provenance.connect.json")


def stub_targets(workspace: Workspace) -> dict[str, Target]:
    return {each: target for each, target in targets(workspace, server="").items() if target.kind.name == "stubs"}


def test_templates_that_share_a_root_are_made_one_after_the_other_and_list_what_is_their_own() -> None:
    workspace = Workspace(schemas=(schema(template("a", "gen"), template("b", "gen/deep"), template("c", "gen2")),))
    found = stub_targets(workspace)
    assert {each: target.after for each, target in found.items()} == {
        "stubs:a": (),
        "stubs:b": ("stubs:a",),
        "stubs:c": (),
    }
    assert {each: subject_of(target, StubsSubject).shared for each, target in found.items()} == {
        "stubs:a": ("gen",),
        "stubs:b": ("gen/deep",),
        "stubs:c": (),
    }
    assert found["stubs:a"].listing == ".nox-rings/stubs/stubs-a.txt"
    assert [target.problems for target in graph_of(found.values())[0].targets.values()] == [(), (), ()]


def one_template(folder: str, *outs: str, file: str = "buf.gen.yaml", **more: Any) -> BufWorkspace:
    plugins = tuple(StubPlugin(name="x", out=out) for out in outs)
    made = StubTemplate(file=f"{folder}/{file}", suffix="", plugins=plugins, **more)
    return BufWorkspace(folder=folder, modules=(folder,), templates=(made,))


def test_templates_of_one_name_into_one_member_have_names_of_their_own() -> None:
    workspace = Workspace(
        schemas=(one_template("a", "sdk/gen"), one_template("b", "sdk/gen")), members=(member("sdk", "go"),)
    )
    found = stub_targets(workspace)
    assert {each: target.outputs for each, target in found.items()} == {
        "stubs:a": ("sdk/gen", "sdk/proto-provenance.a-buf.gen.json"),
        "stubs:b": ("sdk/gen", "sdk/proto-provenance.b-buf.gen.json"),
    }


def test_templates_that_would_have_one_id_are_called_by_their_paths() -> None:
    first, second = template("go", "x/gen"), replace(template("go", "y/gen"), file="proto/deep/buf.gen.go.yaml")
    found = stub_targets(Workspace(schemas=(schema(first, second),)))
    assert list(found) == ["stubs:proto/buf.gen.go.yaml", "stubs:proto/deep/buf.gen.go.yaml"]


def test_stubs_read_what_their_template_names_with_the_schema_that_it_belongs_to() -> None:
    api = one_template("api", "gen", inputs=("common/idl", "extra", "one.proto"), names_inputs=True)
    common = BufWorkspace(folder="common", modules=("common/idl", "common/other"))
    (target,) = stub_targets(Workspace(schemas=(api, common))).values()
    assert target.inputs.folders == ("api", "common/idl", "common/other", "extra", "one.proto")
    assert {"common/buf.yaml", "common/buf.lock", "extra/buf.yaml", "one.proto"} <= set(target.inputs.files)
    assert target.inputs.suffixes == (".proto",)


def test_a_plugin_that_git_does_not_list_is_read_where_it_lies() -> None:
    api = one_template("api", "gen")
    plugins = (StubPlugin(name="x", out="gen", scripts=("node_modules/.bin/x",)),)
    workspace = Workspace(schemas=(replace(api, templates=(replace(api.templates[0], plugins=plugins),)),))
    (target,) = stub_targets(workspace).values()
    assert target.inputs.globs == ("node_modules/.bin/x",)


def test_stubs_read_what_decides_how_a_plugin_of_the_workspace_is_built() -> None:
    api = one_template("api", "gen")
    plugins = (StubPlugin(name="x", out="gen", program="go", around=("go.work", "service/go.mod")),)
    workspace = Workspace(schemas=(replace(api, templates=(replace(api.templates[0], plugins=plugins),)),))
    (target,) = stub_targets(workspace).values()
    assert {"go.work", "service/go.mod"} <= set(target.inputs.files)


def test_a_schema_reads_protos_and_the_files_of_buf_less_what_it_excludes() -> None:
    found = BufWorkspace(
        folder="idl",
        modules=("idl/a", "idl/b"),
        excludes=("idl/a/old",),
        links=("idl/a/far",),
        linked=("far",),
        submodules=("idl/b/sub",),
    )
    inputs = targets(Workspace(schemas=(found,)), server="")["proto"].inputs
    assert inputs.folders == ("idl/a", "idl/b", "far")
    assert inputs.files == (
        *("idl/buf.yaml", "idl/buf.lock", "idl/buf.work.yaml"),
        *("idl/a/buf.yaml", "idl/a/buf.lock", "idl/a/buf.work.yaml"),
        *("idl/b/buf.yaml", "idl/b/buf.lock", "idl/b/buf.work.yaml", "idl/a/far"),
    )
    assert (inputs.excludes, inputs.globs, inputs.suffixes) == (("idl/a/old",), ("idl/b/sub",), (".proto",))


@pytest.mark.parametrize(("out", "excludes"), [("idl/gen", ("idl/gen",)), ("idl", ()), (".", ()), ("elsewhere", ())])
def test_stubs_in_a_module_are_no_part_of_it_and_stubs_around_it_hide_nothing(
    out: str, excludes: tuple[str, ...]
) -> None:
    assert targets(Workspace(schemas=(one_template("idl", out),)), server="")["proto"].inputs.excludes == excludes
