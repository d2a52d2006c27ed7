from __future__ import annotations

from dataclasses import replace

import pytest

from nox_rings.engine.findings import Finding
from nox_rings.schema.derive import derive_schema
from nox_rings.schema.findings import FindingKind
from nox_rings.schema.model import SchemaSubject, TemplateRules
from nox_rings.schema.templates import template_findings
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


def rules(found: Workspace, *approved: str) -> TemplateRules:
    """As the target that checks the schema has them."""
    view = replace(view_of(found), config=Config(proto=ProtoConfig(roots=approved)))
    subject = next(iter(derive_schema(view))).subject
    assert isinstance(subject, SchemaSubject)
    return subject.rules


def findings(found: Workspace, *approved: str, missing: tuple[str, ...] = ()) -> list[Finding]:
    return list(template_findings(rules(found, *approved), is_available=lambda program: program not in missing))


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
            fix="rm services/api/buf.gen.yaml",
        ),
        Finding(
            kind=FindingKind.FOREIGN_TEMPLATE,
            path="tools/buf.gen.go.yaml",
            message="found a template outside of the schema's own folder, expected stubs to come from an SDK",
            fix="rm tools/buf.gen.go.yaml",
        ),
    ]


def test_an_unapproved_root_is_reported_at_the_line_of_its_plugin() -> None:
    assert findings(workspace(plugin("sdk/ts/src/_proto"), plugin("sdk/ts/src", line=6))) == [
        Finding(
            kind=FindingKind.UNAPPROVED_ROOT,
            path="proto/buf.gen.ts.yaml",
            line=6,
            message="found sdk/ts/src as a generated root, expected a folder in an SDK that is named "
            "_proto, gen, generated, proto",
            fix="set `out` in proto/buf.gen.ts.yaml, or list the folder in [tool.nox-rings.proto] roots",
        )
    ]


# The root, the folders of members, the Dockerfiles, whether stubs may land there.
ROOTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], bool]] = {
    "_proto": ("sdk/ts/_proto", ("sdk/ts",), (), True),
    "proto": ("sdk/ts/src/proto", ("sdk/ts",), (), True),
    "gen": ("sdk/ts/gen", ("sdk/ts",), (), True),
    "generated": ("sdk/ts/src/generated", ("sdk/ts",), (), True),
    "below such a folder": ("sdk/ts/gen/deep/er", ("sdk/ts",), (), True),
    "another name": ("sdk/ts/src/stubs", ("sdk/ts",), (), False),
    "a part of a name": ("sdk/ts/src/my_proto", ("sdk/ts",), (), False),
    "the member itself": ("sdk/ts", ("sdk/ts",), (), False),
    "named above the member": ("gen/ts/src", ("gen/ts",), (), False),
    "the member has the name": ("sdk/proto/src", ("sdk/proto",), (), False),
    "no member": ("sdk/go/gen", ("sdk/ts",), (), False),
    "beside a member of a similar name": ("sdk/ts_old/gen", ("sdk/ts",), (), False),
    "no member at all": ("gen", (), (), False),
    "the root is a member": ("gen", (".",), (), True),
    "deep in the root": ("src/gen", (".",), (), True),
    "another name in the root": ("src", (".",), (), False),
    "a hidden folder in the root": (".gen/src", (".",), (), False),
    "a member in such a folder of the root": ("gen/src", (".", "gen/src"), (), False),
    "in a service": ("services/api/gen", ("services/api",), ("services/api/Dockerfile",), False),
    "in a service of ring 1": ("services/api/gen", ("services/api",), ("services/api/Dockerfile.dev",), False),
    "in a member of a service": ("api/sdk/gen", ("api", "api/sdk"), ("api/Dockerfile",), False),
    "beside a service": ("sdk/ts/gen", ("sdk/ts", "services/api"), ("services/api/Dockerfile",), True),
    "the root has an image": ("gen", (".",), ("Dockerfile",), True),
}


@pytest.mark.parametrize(("out", "members", "images", "approved"), ROOTS.values(), ids=list(ROOTS))
def test_stubs_land_in_a_member_that_is_no_service_in_a_folder_that_says_generated(
    out: str, members: tuple[str, ...], images: tuple[str, ...], approved: bool
) -> None:
    kinds = [finding.kind for finding in findings(workspace(plugin(out), members=members, images=images))]
    assert kinds == ([] if approved else [FindingKind.UNAPPROVED_ROOT])


@pytest.mark.parametrize(
    ("out", "globs", "approved"),
    [
        ("services/api/stubs", ("services/api/stubs",), True),
        ("services/api/stubs", ("services/*/stubs",), True),
        ("services/api/stubs/v1", ("services/*/stubs",), True),
        ("deep/er/stubs", ("**/stubs",), True),
        ("services/api/stubs", ("services/*",), True),
        ("services/api/stubs", ("services/*", "!services/api"), False),
        ("services/api/stubs", ("services/stubs",), False),
        ("services/api/stubs", (), False),
    ],
)
def test_a_listed_folder_may_hold_stubs_wherever_it_lies(out: str, globs: tuple[str, ...], approved: bool) -> None:
    found = workspace(plugin(out), members=("services/api",), images=("services/api/Dockerfile",))
    assert [finding.kind for finding in findings(found, *globs)] == ([] if approved else [FindingKind.UNAPPROVED_ROOT])


def test_a_program_that_cannot_be_started_is_reported_at_the_line_of_its_plugin() -> None:
    found = workspace(plugin("sdk/ts/gen"), plugin("sdk/ts/gen", "protoc-gen-mine", line=5))
    assert findings(found, missing=("protoc-gen-mine",)) == [
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
    found = template_findings(rules(workspace(remote)), is_available=lambda _: False)
    assert list(found) == []


def test_everything_wrong_with_all_templates_is_reported_at_once() -> None:
    first = StubTemplate(file="a/buf.gen.yaml", suffix="", plugins=(plugin("x"), plugin("y", "none", line=9)))
    second = StubTemplate(file="b/buf.gen.yaml", suffix="", plugins=(plugin("z", line=0),))
    found = Workspace(
        schemas=(
            BufWorkspace(folder="a", modules=("a",), templates=(first,)),
            BufWorkspace(folder="b", modules=("b",), templates=(second,)),
        ),
        foreign_templates=("c/buf.gen.yaml",),
    )
    assert [f"{finding.location} {finding.kind}" for finding in findings(found, missing=("none",))] == [
        "c/buf.gen.yaml foreign-template",
        "a/buf.gen.yaml:3 unapproved-root",
        "a/buf.gen.yaml:9 unapproved-root",
        "a/buf.gen.yaml:9 missing-plugin",
        "b/buf.gen.yaml unapproved-root",
    ]
