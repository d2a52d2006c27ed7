from __future__ import annotations

from nox_rings.ecosystems.pypi.environment import environment_of
from nox_rings.engine.plan.graph import graph_of
from nox_rings.workspace.model import InstallRoot, Workspace
from unit.reference import REFERENCE, UV, derived, member, targets, view_of


def test_a_member_reads_its_folder_but_not_what_is_built_there_nor_its_images_nor_its_smoke_consumer() -> None:
    inputs = targets(REFERENCE)["service:graph"].inputs
    assert inputs.folders == ("services/graph",)
    assert {"services/graph/dist", "services/graph/node_modules", "services/graph/smoke"} <= set(inputs.excludes)
    assert {"services/graph/Dockerfile.dev", "services/graph/Dockerfile.release"} <= set(inputs.excludes)
    assert inputs.files == ("tsconfig.json", "tsconfig.base.json")


def test_a_member_does_not_read_the_members_inside_it() -> None:
    workspace = Workspace(members=(member("outer", "go"), member("outer/inner", "go")))
    assert "outer/inner" in targets(workspace)["package:outer"].inputs.excludes


def test_configured_inputs_are_read_too() -> None:
    agents = targets(REFERENCE, inputs={"services/agents": ("testdata",)})["service:agents"]
    assert agents.inputs.folders == ("services/agents", "testdata")


def test_a_folder_with_a_manifest_of_two_languages_has_two_targets() -> None:
    workspace = Workspace(members=(member(".", "npm"), member(".", "pypi", checks=("test",))))
    assert list(targets(workspace)) == ["package:root-ts", "package:root-py"]
    assert graph_of(derived(view_of(workspace)))[1] == ()


def test_names_that_collide_become_paths() -> None:
    workspace = Workspace(members=(member("apps/api", "go"), member("libs/api", "go"), member("libs/log", "go")))
    assert list(targets(workspace)) == ["package:apps/api", "package:libs/api", "package:log"]


def test_several_install_roots_of_one_language_are_distinguished_by_their_folders() -> None:
    other = InstallRoot(folder="docs", ecosystem="pypi", lockfile="docs/uv.lock", files=())
    found = targets(Workspace(install_roots=(UV, other)))
    assert list(found) == ["install:uv:.", "install:uv:docs"]
    assert found["install:uv:docs"].outputs == (".nox-rings/python/docs/pyvenv.cfg",)
    assert environment_of(UV.folder) == ".nox-rings/python/+root"
