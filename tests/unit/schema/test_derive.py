from __future__ import annotations

from dataclasses import replace

import pytest

from nox_rings.schema.model import StubsSubject
from nox_rings.workspace.model import Workspace
from nox_rings.workspace.schemas import BufWorkspace, StubPlugin, StubTemplate
from unit.reference import REFERENCE, member, schema, targets, template


def test_stubs_read_the_schema_and_their_own_template_but_no_other_one_and_nothing_generated() -> None:
    inputs = targets(REFERENCE)["stubs:ts"].inputs
    assert inputs.folders == ("proto",)
    assert inputs.files == ("proto/buf.yaml", "proto/buf.lock", "proto/buf.work.yaml", "proto/buf.gen.ts.yaml")
    assert inputs.suffixes == (".proto",)
    assert inputs.excludes == ()


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
