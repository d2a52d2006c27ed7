from __future__ import annotations

import pytest

from nox_rings.engine.paths import below, hyphenated, is_under, joined, short_names
from nox_rings.workspace.index import WorkspaceIndex
from nox_rings.workspace.model import Member, Workspace


@pytest.mark.parametrize(
    ("path", "folder", "under"),
    [
        ("services/graph/main.ts", "services/graph", True),
        ("services/graph", "services/graph", True),
        ("services/graph_old/main.ts", "services/graph", False),
        ("services", "services/graph", False),
        ("anything", ".", True),
    ],
)
def test_a_path_is_under_a_folder_part_by_part(path: str, folder: str, under: bool) -> None:
    assert is_under(path, folder) is under


@pytest.mark.parametrize(
    ("folder", "relative", "result"),
    [
        (".", "a", "a"),
        ("a/b", "../c", "a/c"),
        ("a", "./b/", "a/b"),
        ("a", ".", "a"),
        ("a", "..", "."),
        ("a", "../..", ".."),
        ("a", "../../b", "../b"),
        ("a", "b/../c", "a/c"),
        (".", ".", "."),
    ],
)
def test_joined_paths_are_normalised_and_may_climb_out(folder: str, relative: str, result: str) -> None:
    assert joined(folder, relative) == result


@pytest.mark.parametrize(
    ("folder", "path", "result"),
    [
        ("proto", "proto/a/b.proto", "a/b.proto"),
        ("proto", "proto", "."),
        (".", "proto", "proto"),
        (".", ".", "."),
        ("a/b", "a/b/c/d", "c/d"),
        ("a", "a/a/a", "a/a"),
    ],
)
def test_a_path_in_a_folder_is_reported_as_seen_from_there_and_joined_brings_it_back(
    folder: str, path: str, result: str
) -> None:
    assert below(folder, path) == result
    assert joined(folder, result) == path


@pytest.mark.parametrize(
    ("folders", "names"),
    [
        (["services/graph", "packages/sdk_go"], {"services/graph": "graph", "packages/sdk_go": "sdk-go"}),
        (["apps/api", "libs/api", "web"], {"apps/api": "apps/api", "libs/api": "libs/api", "web": "web"}),
        (["a/x_y", "b/x-y"], {"a/x_y": "a/x_y", "b/x-y": "b/x-y"}),
        (["."], {".": "root"}),
        ([], {}),
    ],
)
def test_a_folder_is_known_by_its_last_part_unless_two_agree(folders: list[str], names: dict[str, str]) -> None:
    assert short_names(folders) == names


def test_image_names_have_hyphens_and_small_letters() -> None:
    assert hyphenated("Inference_Gateway") == "inference-gateway"


def test_a_member_is_found_by_its_folder_and_not_by_its_name() -> None:
    member = Member(folder="services/graph", ecosystem="npm", name="@ameide/graph", install_root=".")
    workspace = WorkspaceIndex(Workspace(members=(member,)))
    assert workspace.member_at("services/graph", "npm") is member
    assert workspace.member_at("@ameide/graph", "npm") is None
