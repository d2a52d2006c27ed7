"""What all capabilities together derive from a workspace of the reference shape."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nox_rings.artifacts.model import InstallCheckSubject, SmokeSubject
from nox_rings.capabilities import CAPABILITIES
from nox_rings.ecosystems.model import ArtifactSubject, MemberSubject
from nox_rings.engine.capability import ExtraFacts
from nox_rings.engine.plan.graph import graph_of
from nox_rings.images.model import ImageSubject
from nox_rings.schema.model import SchemaSubject, StubsSubject
from nox_rings.workspace.config import Config, ProtoConfig, SmokeConfig, TemplateConfig
from nox_rings.workspace.model import ImageVariant, InstallRoot, Workspace
from unit.contexts import NPM, a_context
from unit.reference import REFERENCE, derived, image, member, targets, view_of

OWNERS = {kind.name: each for each in CAPABILITIES for kind in each.kinds}


def test_the_reference_shape_has_these_targets_each_with_what_it_needs() -> None:
    assert {target.id: target.dependencies for target in derived(view_of(REFERENCE))} == {
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
        "package:proto": ("install:pnpm",),
        "package:notes": ("install:pnpm",),
        "package:report": ("install:uv",),
        "package:inference": ("install:uv",),
        "image-dev:graph": ("stubs:ts",),
        "image-release:graph": ("stubs:go", "stubs:ts"),
        "image-dev:agents": (),
        "artifact:ts": ("sdk:ts", "install:pnpm"),
        "artifact:go": ("sdk:go",),
        "install-check:ts": ("artifact:ts", "install:pnpm"),
        "install-check:go": ("artifact:go",),
        "smoke:npm": ("artifact:ts", "install-check:ts", "service:graph"),
        "smoke:go": ("artifact:go", "install-check:go", "service:graph"),
    }


SUBJECTS: dict[str, type] = {
    "proto": SchemaSubject,
    "stubs": StubsSubject,
    "install": InstallRoot,
    "sdk": MemberSubject,
    "package": MemberSubject,
    "service": MemberSubject,
    "image-dev": ImageSubject,
    "image-release": ImageSubject,
    "artifact": ArtifactSubject,
    "install-check": InstallCheckSubject,
    "smoke": SmokeSubject,
}


def test_the_reference_shape_is_sound_and_each_target_knows_where_it_came_from() -> None:
    found = derived(view_of(REFERENCE))
    assert graph_of(found)[1] == ()
    assert {target.kind.name: type(target.subject) for target in found} == SUBJECTS
    assert all(isinstance(target.subject, SUBJECTS[target.kind.name]) for target in found)


@pytest.mark.parametrize(
    ("target_id", "outputs"),
    [
        ("proto", ()),
        ("stubs:ts", ("sdk/ts/src/gen", "sdk/ts/proto-provenance.json")),
        ("install:pnpm", (".nox-rings/installs/npm.json",)),
        ("install:uv", (".nox-rings/python/+root/pyvenv.cfg",)),
        ("sdk:ts", ()),
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


def test_only_what_carries_a_version_changes_with_it(tmp_path: Path) -> None:
    context = a_context(tmp_path, baselines={"proto": []})
    facts = {target.id: OWNERS[target.kind.name].facts(target, context) for target in derived(view_of(REFERENCE))}
    versioned = {target_id for target_id, found in facts.items() if "version" in found.facts}
    assert versioned == {"image-release:graph", "artifact:ts", "artifact:go", "smoke:npm", "smoke:go"}
    assert {facts[each].passed_on for each in versioned} == {NPM}
    others = {str(target_id): found for target_id, found in facts.items() if target_id not in versioned}
    assert others.pop("proto") == ExtraFacts(facts={"baseline": "none"})
    assert all(found == ExtraFacts() for found in others.values()) and len(others) == 17


def test_each_kind_has_one_owner_and_each_name_of_a_session_one_entry() -> None:
    kinds = [kind.name for each in CAPABILITIES for kind in each.kinds]
    sessions = [entry.name for each in CAPABILITIES for entry in each.sessions]
    assert len(set(kinds)) == len(kinds) == 11
    assert len(set(sessions)) == len(sessions)


def test_a_workspace_without_a_schema_has_members_and_images_only() -> None:
    workspace = Workspace(
        members=(member("api", "go"),), images=(image("api", ImageVariant.RELEASE, "api", context="api"),)
    )
    assert list(targets(workspace)) == ["service:api", "image-release:api"]


def test_an_empty_workspace_has_no_target() -> None:
    assert derived(view_of(Workspace())) == ()


def test_problems_of_settings_name_what_is_not_in_the_workspace() -> None:
    view = view_of(REFERENCE, inputs={"services/none": ("x",)}, server="service:none")
    graph, _ = graph_of(derived(view))
    assert [problem for each in CAPABILITIES for problem in each.problems(view, graph)] == [
        "pyproject.toml: tool.nox-rings.members.services/none: found no member there, expected one of libs/notes, "
        "libs/tidy, proto, sdk/go, sdk/ts, services/agents, services/graph, services/inference, tools/report",
        "pyproject.toml: tool.nox-rings.smoke.server: found service:none, expected one of package:inference, "
        "package:notes, package:proto, package:report, package:tidy, sdk:go, sdk:ts, service:agents, service:graph",
    ]


def test_an_sdk_that_is_never_published_is_packed_where_that_is_asked_for_and_nothing_needs_it() -> None:
    members = tuple(replace(each, private=each.folder == "sdk/ts") for each in REFERENCE.members)
    found = targets(replace(REFERENCE, members=members))
    assert found["artifact:ts"].optional
    assert {each for each in found if each.partition(":")[0] in ("artifact", "install-check", "smoke")} == {
        "artifact:ts",
        "artifact:go",
        "install-check:go",
        "smoke:go",
    }


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        (
            Config(proto=ProtoConfig(roots=("sdk/*/stubs",))),
            "pyproject.toml: tool.nox-rings.proto.roots: found sdk/*/stubs, which no `out` of a template matches, "
            "expected one of sdk/go/gen, sdk/ts/src/gen",
        ),
        (Config(proto=ProtoConfig(roots=("sdk/*/gen",))), ""),
        (
            Config(proto=ProtoConfig(templates={"proto/buf.gen.py.yaml": TemplateConfig(skip="later")})),
            "pyproject.toml: tool.nox-rings.proto.templates.proto/buf.gen.py.yaml: found no such template, "
            "expected one of proto/buf.gen.go.yaml, proto/buf.gen.ts.yaml",
        ),
        (
            Config(smoke=SmokeConfig(command=("node", "x"))),
            "pyproject.toml: tool.nox-rings.smoke: found no server, expected `server` beside the other keys, "
            "which do nothing without it",
        ),
    ],
)
def test_a_setting_that_changes_nothing_is_a_problem_that_names_it(config: Config, problem: str) -> None:
    view = replace(view_of(REFERENCE), config=config)
    found = [each for capability in CAPABILITIES for each in capability.problems(view, graph_of(derived(view))[0])]
    assert found == ([problem] if problem else [])


def test_a_pattern_of_ignore_that_matches_nothing_is_a_problem_that_names_it() -> None:
    view = view_of(REFERENCE, files=("starters/site/package.json",))
    config = Config(ignore=("starters", "gone/*", "!starters/site"), smoke=view.config.smoke)
    found = [
        problem for each in CAPABILITIES for problem in each.problems(replace(view, config=config), graph_of(())[0])
    ]
    assert found == [
        "pyproject.toml: tool.nox-rings.ignore: found gone/*, expected a pattern that a file of the workspace matches"
    ]


def test_a_target_is_of_the_member_it_names_whatever_another_is_called() -> None:
    """Identity is a folder: here all packages have one name."""
    found = targets(REFERENCE)
    subjects = [found[each].subject for each in ("sdk:ts", "sdk:go", "package:inference")]
    folders = [each.member.folder for each in subjects if isinstance(each, MemberSubject)]
    assert folders == ["sdk/ts", "sdk/go", "services/inference"]
    assert {each.name for each in REFERENCE.members} == {"same"}
