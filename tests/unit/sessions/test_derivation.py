from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from nox_rings.engine.plan.targets import Target, graph_of
from nox_rings.sessions.derivation import Derivation, Derived, python_environment
from nox_rings.workspace.language import Language
from nox_rings.workspace.model import Flavour, Home, ImageFile, Member, Workspace
from nox_rings.workspace.schemas import BufWorkspace, StubPlugin, StubTemplate

PNPM = Home(
    folder=".",
    language=Language.TS,
    lockfile="pnpm-lock.yaml",
    files=("package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"),
)
UV = Home(folder=".", language=Language.PY, lockfile="uv.lock", files=("pyproject.toml", "uv.lock"))


def template(suffix: str, *outs: str, plugin: str = "x") -> StubTemplate:
    plugins = tuple(StubPlugin(name=plugin, program=plugin, out=out) for out in outs)
    return StubTemplate(file=f"proto/buf.gen.{suffix}.yaml", suffix=suffix, plugins=plugins)


def schema(*templates: StubTemplate, folder: str = "proto") -> BufWorkspace:
    return BufWorkspace(folder=folder, modules=(folder,), templates=templates)


def member(folder: str, language: Language, *depends_on: str, checks: tuple[str, ...] = ("build", "test")) -> Member:
    home = folder if language is Language.GO else "."
    return Member(folder=folder, language=language, name="same", home=home, depends_on=depends_on, checks=checks)


def image(folder: str, flavour: Flavour, *sources: str, context: str = ".") -> ImageFile:
    file = f"{folder}/Dockerfile.{flavour}"
    return ImageFile(
        dockerfile=file,
        name=folder.rpartition("/")[2],
        flavour=flavour,
        context=context,
        sources=sources,
        bases=("node:24",),
        ignore=("**/node_modules", "**/dist"),
    )


REFERENCE = Workspace(
    buf=(schema(template("go", "sdk/go/gen", plugin="go"), template("ts", "sdk/ts/src/gen", plugin="node")),),
    homes=(PNPM, UV),
    members=(
        member("sdk/ts", Language.TS),
        member("services/graph", Language.TS, "sdk/ts"),
        member("libs/tidy", Language.TS, checks=("test",)),
        member("libs/notes", Language.TS, checks=()),
        member("proto", Language.TS),
        member("sdk/go", Language.GO),
        member("services/agents", Language.GO, "sdk/go"),
        member("tools/report", Language.PY, checks=()),
        member("services/inference", Language.PY, checks=("test",)),
    ),
    images=(
        image("services/graph", Flavour.DEV, "sdk/ts", "services/graph"),
        image("services/graph", Flavour.RELEASE, "."),
        image("services/agents", Flavour.DEV, "services/agents", context="services/agents"),
    ),
)


def derived(
    workspace: Workspace,
    *,
    inputs: Mapping[str, tuple[str, ...]] | None = None,
    server: str = "service:graph",
    smokes: tuple[str, ...] = ("sdk/ts", "sdk/go"),
) -> Derived:
    return Derivation(workspace, member_inputs=inputs or {}, smoke_server=server, smokes=frozenset(smokes)).derive()


def targets(workspace: Workspace) -> dict[str, Target]:
    return {target.id: target for target in derived(workspace).targets}


def test_the_reference_shape_has_these_targets_each_with_what_it_needs() -> None:
    assert {target.id: target.dependencies for target in derived(REFERENCE).targets} == {
        "proto": (),
        "stubs:go": ("proto",),
        "stubs:ts": ("proto",),
        "install:pnpm": (),
        "install:uv": (),
        "sdk:ts": ("stubs:ts", "install:pnpm"),
        "service:graph": ("install:pnpm", "sdk:ts"),
        "package:tidy": ("install:pnpm",),
        "sdk:go": ("stubs:go",),
        "service:agents": ("sdk:go",),
        "package:inference": ("install:uv",),
        "image-dev:graph": ("stubs:ts",),
        "image-release:graph": ("stubs:go", "stubs:ts"),
        "image-dev:agents": (),
        "artifact:ts": ("sdk:ts",),
        "artifact:go": ("sdk:go",),
        "install-check:ts": ("artifact:ts", "install:pnpm"),
        "install-check:go": ("artifact:go",),
        "smoke:npm": ("artifact:ts", "install-check:ts", "service:graph"),
        "smoke:go": ("artifact:go", "install-check:go", "service:graph"),
    }


def test_the_reference_shape_is_sound_and_each_target_knows_where_it_came_from() -> None:
    found = derived(REFERENCE)
    assert graph_of(found.targets)[1] == ()
    assert set(found.origins) == {target.id for target in found.targets}


@pytest.mark.parametrize(
    ("target_id", "outputs"),
    [
        ("proto", ()),
        ("stubs:ts", ("sdk/ts/src/gen", "sdk/ts/proto-provenance.json")),
        ("install:pnpm", ("node_modules/.pnpm/lock.yaml",)),
        ("install:uv", (".nox-rings/python/+root/pyvenv.cfg",)),
        ("sdk:ts", ("sdk/ts/dist",)),
        ("package:tidy", ()),
        ("sdk:go", ()),
        ("image-dev:graph", (".nox-rings/images/image-dev/graph.json",)),
        ("artifact:ts", ("dist/npm/ts",)),
        ("artifact:go", ("dist/go/go",)),
        ("install-check:ts", ()),
        ("smoke:npm", ()),
    ],
)
def test_what_each_kind_writes(target_id: str, outputs: tuple[str, ...]) -> None:
    assert targets(REFERENCE)[target_id].outputs == outputs


def test_only_what_carries_a_version_changes_with_it() -> None:
    versioned = {target.id for target in derived(REFERENCE).targets if target.versioned}
    assert versioned == {"image-release:graph", "artifact:ts", "artifact:go", "smoke:npm", "smoke:go"}


def test_a_member_reads_its_folder_but_not_what_is_built_there_nor_its_images_nor_its_smoke_consumer() -> None:
    inputs = targets(REFERENCE)["service:graph"].inputs
    assert inputs.folders == ("services/graph",)
    assert {"services/graph/dist", "services/graph/node_modules", "services/graph/smoke"} <= set(inputs.less)
    assert {"services/graph/Dockerfile.dev", "services/graph/Dockerfile.release"} <= set(inputs.less)
    assert inputs.files == ("tsconfig.json", "tsconfig.base.json")


def test_a_member_does_not_read_the_members_inside_it() -> None:
    workspace = Workspace(members=(member("outer", Language.GO), member("outer/inner", Language.GO)))
    assert "outer/inner" in targets(workspace)["package:outer"].inputs.less


def test_configured_inputs_are_read_too() -> None:
    found = derived(REFERENCE, inputs={"services/agents": ("testdata",)})
    agents = next(target for target in found.targets if target.id == "service:agents")
    assert agents.inputs.folders == ("services/agents", "testdata")


def test_stubs_read_the_schema_and_their_own_template_but_no_other_one_and_nothing_generated() -> None:
    inputs = targets(REFERENCE)["stubs:ts"].inputs
    assert inputs.folders == ("proto",)
    assert inputs.files == ("proto/buf.yaml", "proto/buf.lock", "proto/buf.work.yaml", "proto/buf.gen.ts.yaml")
    assert inputs.less == ("proto/buf.gen.go.yaml", "sdk/go/gen", "sdk/ts/src/gen")


def test_an_image_reads_what_it_copies_and_comes_after_its_member_and_the_dev_image() -> None:
    release = targets(REFERENCE)["image-release:graph"]
    assert release.inputs.walked == (".",)
    assert release.inputs.ignore == ("**/node_modules", "**/dist")
    assert release.after == ("service:graph", "image-dev:graph")
    assert targets(REFERENCE)["image-dev:agents"].inputs.files == (
        "services/agents/Dockerfile.dev",
        "services/agents/Dockerfile.dev.dockerignore",
        "services/agents/.dockerignore",
    )


def test_several_sdks_of_one_language_are_told_apart_by_their_folders() -> None:
    workspace = Workspace(
        buf=(schema(template("public", "sdk/open/gen"), template("inner", "sdk/own/gen")),),
        members=(member("sdk/open", Language.GO), member("sdk/own", Language.GO)),
    )
    assert {target.id: target.dependencies for target in derived(workspace, server="").targets} == {
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
        buf=(schema(template("go", "sdk/go/gen"), template("connect", "sdk/go/connect")),),
        members=(member("sdk/go", Language.GO),),
    )
    found = targets(workspace)
    assert found["sdk:go"].dependencies == ("stubs:go", "stubs:connect")
    assert {"stubs:go", "stubs:connect"} <= set(found)


def test_one_template_into_several_members_is_one_target() -> None:
    workspace = Workspace(
        buf=(schema(template("", "sdk/go/gen", "sdk/ts/gen")),),
        members=(member("sdk/go", Language.GO), member("sdk/ts", Language.TS)),
    )
    found = targets(workspace)
    assert found["sdk:go"].dependencies == ("stubs",)
    assert found["sdk:ts"].dependencies == ("stubs",)


def test_several_buf_workspaces_are_told_apart_by_their_folders() -> None:
    one = BufWorkspace(
        folder="api/proto",
        modules=("api/proto",),
        templates=(StubTemplate(file="api/gen.yaml", suffix="", plugins=(StubPlugin(name="x", out="a"),)),),
    )
    other = BufWorkspace(folder="web/schema", modules=("web/schema",))
    found = targets(Workspace(buf=(one, other)))
    assert {each: target.dependencies for each, target in found.items()} == {
        "proto:proto": (),
        "proto:schema": (),
        "stubs:proto": ("proto:proto",),
    }


def test_an_image_that_copies_a_build_needs_its_member_first() -> None:
    copied = replace(image("services/graph", Flavour.RELEASE, "services/graph/dist"), ignore=("**/node_modules",))
    workspace = replace(REFERENCE, images=(copied,))
    assert targets(workspace)["image-release:graph"].dependencies == ("service:graph",)


def test_a_folder_with_a_manifest_of_two_languages_has_two_targets() -> None:
    workspace = Workspace(members=(member(".", Language.TS), member(".", Language.PY, checks=("test",))))
    assert list(targets(workspace)) == ["package:root-ts", "package:root-py"]
    assert graph_of(derived(workspace).targets)[1] == ()


def test_names_that_collide_become_paths() -> None:
    workspace = Workspace(
        members=(member("apps/api", Language.GO), member("libs/api", Language.GO), member("libs/log", Language.GO))
    )
    assert list(targets(workspace)) == ["package:apps/api", "package:libs/api", "package:log"]


def test_several_homes_of_one_language_are_told_apart_by_their_folders() -> None:
    other = Home(folder="docs", language=Language.PY, lockfile="docs/uv.lock", files=())
    found = targets(Workspace(homes=(UV, other)))
    assert list(found) == ["install:uv:.", "install:uv:docs"]
    assert found["install:uv:docs"].outputs == (".nox-rings/python/docs/pyvenv.cfg",)
    assert python_environment(UV) == ".nox-rings/python/+root"


def test_a_workspace_without_a_schema_has_members_and_images_only() -> None:
    workspace = Workspace(
        members=(member("api", Language.GO),), images=(image("api", Flavour.RELEASE, "api", context="api"),)
    )
    assert list(targets(workspace)) == ["service:api", "image-release:api"]


def test_an_empty_workspace_has_no_target() -> None:
    assert derived(Workspace()).targets == ()


def test_an_artifact_is_held_up_to_the_judges_that_the_workspace_pins() -> None:
    derivation = Derivation(
        REFERENCE,
        member_inputs={},
        smoke_server="service:graph",
        smokes=frozenset(),
        pinned=frozenset({"publint", "twine", "identify_license"}),
    )
    tools = {target.id: tuple(target.tools) for target in derivation.derive().targets}
    assert tools["artifact:ts"] == ("node", "pnpm", "publint")
    assert tools["artifact:go"] == ("go", "gomodule", "identify_license")
    assert targets(REFERENCE)["artifact:ts"].tools.keys() == {"node", "pnpm"}


def test_an_install_check_reads_the_programs_of_the_sdks_and_their_checker_where_it_is_pinned() -> None:
    workspace = Workspace(
        buf=(schema(template("py", "sdk/a/gen", "sdk/b/gen")),),
        members=(member("sdk/a", Language.PY), member("sdk/b", Language.PY)),
    )
    for pinned, tools in ((frozenset({"mypy"}), {"uv", "mypy"}), (frozenset[str](), {"uv"})):
        derivation = Derivation(
            workspace, member_inputs={}, smoke_server="", smokes=frozenset({"sdk/b"}), pinned=pinned
        )
        found = {target.id: target for target in derivation.derive().targets}["install-check:py"]
        assert found.inputs.folders == ("sdk/b/smoke",)
        assert found.tools.keys() == tools
        assert found.session == "nox -s sdk-py -- --pack"


def test_an_artifact_reads_the_lockfile_that_its_bill_of_materials_is_made_of() -> None:
    assert targets(REFERENCE)["artifact:ts"].inputs.files == ("pnpm-lock.yaml",)
    assert targets(REFERENCE)["artifact:go"].inputs.files == ("LICENSE",)
