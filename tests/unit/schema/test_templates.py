from __future__ import annotations

from dataclasses import replace

import pytest

from nox_rings.engine.findings import Finding
from nox_rings.schema.derive import derive_schema
from nox_rings.schema.findings import FindingKind
from nox_rings.schema.model import SchemaSubject, TemplateRules
from nox_rings.schema.templates import missing_plugins, template_findings
from nox_rings.workspace.config import Config, ProtoConfig
from nox_rings.workspace.model import ImageFile, ImageVariant, Member, Workspace
from nox_rings.workspace.schemas import BufWorkspace, StubPlugin, StubTemplate
from unit.reference import view_of

TEMPLATE = "proto/buf.gen.ts.yaml"


def member(folder: str) -> Member:
    return Member(folder=folder, ecosystem="npm", name=folder, install_root=".")


def image(dockerfile: str, variant: ImageVariant = ImageVariant.RELEASE) -> ImageFile:
    return ImageFile(dockerfile=dockerfile, name="x", variant=variant, context=".", sources=(), bases=())


def plugin(out: str, program: str = "protoc-gen-es", line: int = 3) -> StubPlugin:
    return StubPlugin(name=program, out=out, program=program, line=line)


def workspace(*plugins: StubPlugin, members: tuple[str, ...] = ("sdk/ts",), images: tuple[str, ...] = ()) -> Workspace:
    """One schema with one template of these plugins; `images` are paths of Dockerfiles."""
    template = StubTemplate(file=TEMPLATE, suffix="ts", plugins=plugins)
    return Workspace(
        schemas=(BufWorkspace(folder="proto", modules=("proto",), templates=(template,)),),
        members=tuple(map(member, members)),
        images=tuple(map(image, images)),
    )


def rules(found: Workspace, *approved: str) -> list[TemplateRules]:
    """As the targets that check the schemas have them."""
    view = replace(view_of(found), config=Config(proto=ProtoConfig(roots=approved)))
    subjects = [target.subject for target in derive_schema(view)]
    return [each.rules for each in subjects if isinstance(each, SchemaSubject)]


def findings(found: Workspace, *approved: str) -> list[Finding]:
    return [finding for each in rules(found, *approved) for finding in template_findings(each)]


def test_a_template_far_from_the_schema_is_foreign_whatever_it_would_generate() -> None:
    found = Workspace(
        schemas=(BufWorkspace(folder="proto", modules=("proto",)),),
        foreign_templates=("services/api/buf.gen.yaml", "tools/buf.gen.go.yaml"),
    )
    assert findings(found) == [
        Finding(
            kind=FindingKind.FOREIGN_TEMPLATE,
            path="services/api/buf.gen.yaml",
            message="found a template outside of the schema's own folder, expected stubs to come from an SDK",
            fix="move it to the schema, list it in [tool.nox-rings] ignore, or say why it stays: "
            '[tool.nox-rings.proto.templates."services/api/buf.gen.yaml"] skip = "…"',
        ),
        Finding(
            kind=FindingKind.FOREIGN_TEMPLATE,
            path="tools/buf.gen.go.yaml",
            message="found a template outside of the schema's own folder, expected stubs to come from an SDK",
            fix="move it to the schema, list it in [tool.nox-rings] ignore, or say why it stays: "
            '[tool.nox-rings.proto.templates."tools/buf.gen.go.yaml"] skip = "…"',
        ),
    ]


def in_service(*plugins: StubPlugin) -> Workspace:
    return workspace(*plugins, members=("sdk/ts", "services/api"), images=("services/api/Dockerfile",))


def test_stubs_in_a_service_are_reported_at_the_line_of_their_plugin_where_there_is_an_sdk() -> None:
    assert findings(in_service(plugin("sdk/ts/src/_proto"), plugin("services/api/gen", line=6))) == [
        Finding(
            kind=FindingKind.UNAPPROVED_ROOT,
            path="proto/buf.gen.ts.yaml",
            line=6,
            message="found services/api/gen in a service as a generated root, expected one in an SDK: sdk/ts",
            fix="set `out` in proto/buf.gen.ts.yaml, or list the folder in [tool.nox-rings.proto] roots",
        )
    ]


# The root, the folders of members, the Dockerfiles, whether stubs may land there. Another root is always in sdk/ts.
ROOTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], bool]] = {
    "in an SDK": ("sdk/ts/gen", ("sdk/ts",), (), True),
    "of another name": ("sdk/ts/src/stubs", ("sdk/ts",), (), True),
    "the member itself": ("sdk/ts", ("sdk/ts",), (), True),
    "no member": ("sdk/go/gen", ("sdk/ts",), (), True),
    "at the root": ("gen", ("sdk/ts",), (), True),
    "in a service": ("services/api/gen", ("sdk/ts", "services/api"), ("services/api/Dockerfile",), False),
    "in a service of ring 1": ("services/api/gen", ("sdk/ts", "services/api"), ("services/api/Dockerfile.dev",), False),
    "in a member of a service": ("api/sdk/gen", ("sdk/ts", "api"), ("api/Dockerfile",), False),
    "beside a service of a similar name": ("services/api_v2/gen", ("sdk/ts",), ("services/api/Dockerfile",), True),
    "the root has an image": ("gen", (".", "sdk/ts"), ("Dockerfile",), True),
}


@pytest.mark.parametrize(("out", "members", "images", "approved"), ROOTS.values(), ids=list(ROOTS))
def test_stubs_land_anywhere_but_in_services(
    out: str, members: tuple[str, ...], images: tuple[str, ...], approved: bool
) -> None:
    found = workspace(plugin("sdk/ts/gen/first"), plugin(out), members=members, images=images)
    assert [finding.kind for finding in findings(found)] == ([] if approved else [FindingKind.UNAPPROVED_ROOT])


def test_without_an_sdk_a_service_has_its_own_stubs() -> None:
    found = workspace(plugin("services/api/gen"), members=("services/api",), images=("services/api/Dockerfile",))
    assert findings(found) == []


@pytest.mark.parametrize(
    ("out", "globs", "approved"),
    [
        ("services/api/stubs", ("services/api/stubs",), True),
        ("services/api/stubs", ("services/*/stubs",), True),
        ("services/api/stubs/v1", ("services/*/stubs",), True),
        ("services/api/stubs", ("services/*",), True),
        ("services/api/stubs", ("services/*", "!services/api"), False),
        ("services/api/stubs", ("services/stubs",), False),
        ("services/api/stubs", (), False),
    ],
)
def test_a_listed_folder_may_hold_stubs_wherever_it_lies(out: str, globs: tuple[str, ...], approved: bool) -> None:
    found = in_service(plugin("sdk/ts/gen"), plugin(out))
    assert [finding.kind for finding in findings(found, *globs)] == ([] if approved else [FindingKind.UNAPPROVED_ROOT])


def test_a_program_that_cannot_be_started_is_reported_at_the_line_of_its_plugin() -> None:
    found = workspace(plugin("sdk/ts/gen"), plugin("sdk/ts/gen", "protoc-gen-mine", line=5))
    assert findings(found) == []  # the schema itself is sound
    (template,) = found.schemas[0].templates
    assert list(missing_plugins(template, is_available=lambda program: program != "protoc-gen-mine")) == [
        Finding(
            kind=FindingKind.MISSING_PLUGIN,
            path="proto/buf.gen.ts.yaml",
            line=5,
            message="found protoc-gen-mine neither pinned nor on PATH, expected the plugin",
            fix="pin protoc-gen-mine in tools/npm, tools/go/* or the dependency group tools (see nox -s doctor)",
        )
    ]


def test_a_remote_plugin_has_no_program_to_miss() -> None:
    remote = StubPlugin(name="buf.build/bufbuild/es", out="sdk/ts/gen", remote="buf.build", line=3)
    (template,) = workspace(remote).schemas[0].templates
    assert list(missing_plugins(template, is_available=lambda _: False)) == []


def test_everything_wrong_with_a_template_is_reported_with_its_own_schema() -> None:
    first = StubTemplate(
        file="a/buf.gen.yaml", suffix="", plugins=(plugin("api/x"), plugin("api/y", "none", line=9), plugin("sdk/ts/g"))
    )
    second = StubTemplate(file="b/buf.gen.yaml", suffix="", plugins=(plugin("api/z", line=0),))
    found = Workspace(
        schemas=(
            BufWorkspace(folder="a", modules=("a",), templates=(first,)),
            BufWorkspace(folder="b", modules=("b",), templates=(second,)),
        ),
        foreign_templates=("c/buf.gen.yaml",),
        members=(member("sdk/ts"), member("api")),
        images=(image("api/Dockerfile"),),
    )
    assert [f"{finding.location} {finding.kind}" for finding in findings(found)] == [
        "c/buf.gen.yaml foreign-template",
        "a/buf.gen.yaml:3 unapproved-root",
        "a/buf.gen.yaml:9 unapproved-root",
        "b/buf.gen.yaml unapproved-root",
    ]
