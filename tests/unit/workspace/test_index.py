from __future__ import annotations

from dataclasses import replace

import pytest

from nox_rings.workspace.index import WorkspaceIndex
from nox_rings.workspace.model import ImageVariant, Member, Workspace
from unit.reference import PNPM, REFERENCE, UV, image, member, schema, template

INDEX = WorkspaceIndex(REFERENCE)


def at(folder: str, ecosystem: str, index: WorkspaceIndex = INDEX) -> Member:
    found = index.member_at(folder, ecosystem)
    assert found is not None
    return found


def folders(members: list[Member] | tuple[Member, ...]) -> list[str]:
    return [each.folder for each in members]


def test_an_sdk_is_a_member_that_a_template_generates_into() -> None:
    assert folders(INDEX.sdks) == ["sdk/ts", "sdk/go"]
    assert INDEX.sdk_count == {"npm": 1, "go": 1}
    assert INDEX.is_sdk(at("sdk/ts", "npm"))
    assert not INDEX.is_sdk(at("libs/tidy", "npm"))


def test_a_service_stays_one_whatever_is_generated_there() -> None:
    generated = (schema(template("x", "services/agents/gen", "sdk/go/gen")),)
    index = WorkspaceIndex(replace(REFERENCE, schemas=generated))
    assert folders(index.sdks) == ["sdk/go"]
    assert index.image_folders == {"services/graph", "services/agents"}


def test_a_folder_with_two_manifests_holds_two_members() -> None:
    both = Workspace(members=(member("lib", "npm"), member("lib", "pypi"), member("lib/inner", "npm")))
    index = WorkspaceIndex(both)
    assert index.members_in["lib"] == 2
    assert [each.ecosystem for each in index.members_in_folder("lib")] == ["npm", "pypi"]
    assert (at("lib", "npm", index).ecosystem, at("lib", "pypi", index).ecosystem) == ("npm", "pypi")
    assert index.member_at("lib", "go") is None


@pytest.mark.parametrize(
    ("path", "under", "holding"),
    [
        (".", ["a", "a/b", "a-b"], []),
        ("a", ["a", "a/b"], ["a"]),
        ("a/b", ["a/b"], ["a", "a/b"]),
        ("a/b/x.go", [], ["a", "a/b"]),
        ("a-b/x.go", [], ["a-b"]),
        ("c", [], []),
    ],
)
def test_members_are_found_below_a_folder_and_around_a_path(path: str, under: list[str], holding: list[str]) -> None:
    index = WorkspaceIndex(Workspace(members=(member("a", "go"), member("a/b", "go"), member("a-b", "go"))))
    assert folders(index.members_under(path)) == under
    assert folders(index.members_holding(path)) == holding


def test_siblings_are_members_of_the_same_ecosystem_that_it_depends_on() -> None:
    assert folders(INDEX.siblings(at("services/graph", "npm"))) == ["sdk/ts"]
    assert INDEX.siblings(at("sdk/ts", "npm")) == ()
    both = Workspace(members=(member("lib", "pypi"), member("app", "npm", "lib", "gone")))
    assert WorkspaceIndex(both).siblings(both.members[1]) == ()


@pytest.mark.parametrize(
    ("folder", "ecosystem", "root"),
    [("sdk/ts", "npm", PNPM), ("tools/report", "pypi", UV), ("sdk/go", "go", None)],
)
def test_a_member_has_the_install_root_of_its_own_ecosystem(folder: str, ecosystem: str, root: object) -> None:
    assert INDEX.install_root_of(at(folder, ecosystem)) == root


@pytest.mark.parametrize(
    ("path", "into", "touching"),
    [
        ("sdk/ts", ["sdk/ts/src/gen"], ["sdk/ts/src/gen"]),
        ("sdk/ts/src/gen", [], ["sdk/ts/src/gen"]),
        ("sdk/ts/src/gen/a.ts", [], ["sdk/ts/src/gen"]),
        ("sdk/ts/src/generated", [], []),
        ("sdk", [], ["sdk/go/gen", "sdk/ts/src/gen"]),
    ],
)
def test_stubs_are_found_in_the_member_that_holds_them_and_around_a_path(
    path: str, into: list[str], touching: list[str]
) -> None:
    assert [each.root for each in INDEX.stubs_into(path)] == into
    assert [each.root for each in INDEX.stubs_touching(path)] == touching


def test_images_are_found_by_what_they_copy_each_once() -> None:
    twice = image("services/both", ImageVariant.DEV, "sdk/ts", "sdk/ts/src")
    index = WorkspaceIndex(replace(REFERENCE, images=(*REFERENCE.images, twice)))
    found = [each.dockerfile for each in index.images_reading("sdk/ts/src/main.ts")]
    assert found == [
        "services/graph/Dockerfile.dev",
        "services/graph/Dockerfile.release",
        "services/both/Dockerfile.dev",
    ]
    assert [each.dockerfile for each in index.images_reading("sdk/go")] == ["services/graph/Dockerfile.release"]
    assert [each.dockerfile for each in index.images_under("services/agents")] == ["services/agents/Dockerfile.dev"]
