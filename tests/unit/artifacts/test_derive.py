from __future__ import annotations

import pytest

from nox_rings.workspace.model import Workspace
from unit.reference import REFERENCE, member, schema, targets, template


def test_an_artifact_is_checked_by_the_linters_that_the_workspace_pins() -> None:
    found = targets(REFERENCE, smokes=(), pinned=frozenset({"publint", "twine", "identify_license"}))
    tools = {target_id: tuple(target.tools) for target_id, target in found.items()}
    assert tools["artifact:ts"] == ("node", "pnpm", "publint")
    assert tools["artifact:go"] == ("go", "gomodule", "identify_license")
    assert targets(REFERENCE)["artifact:ts"].tools.keys() == {"node", "pnpm"}


def test_an_install_check_reads_the_programs_of_the_sdks_and_their_checker_where_it_is_pinned() -> None:
    workspace = Workspace(
        schemas=(schema(template("py", "sdk/a/gen", "sdk/b/gen")),),
        members=(member("sdk/a", "pypi"), member("sdk/b", "pypi")),
    )
    for pinned, tools in ((frozenset({"mypy"}), {"uv", "mypy"}), (frozenset[str](), {"uv"})):
        found = targets(workspace, server="", smokes=("sdk/b",), pinned=pinned)["install-check:py"]
        assert found.inputs.folders == ("sdk/b/smoke",)
        assert found.tools.keys() == tools
        assert found.repeat == "nox -s sdk-py -- --pack"


def test_an_artifact_waits_for_the_installation_that_its_sbom_reads() -> None:
    assert targets(REFERENCE)["artifact:ts"].dependencies == ("sdk:ts", "install:pnpm")
    assert targets(REFERENCE)["artifact:go"].dependencies == ("sdk:go",)


def test_an_artifact_reads_the_lockfile_of_its_sbom() -> None:
    assert "pnpm-lock.yaml" in targets(REFERENCE)["artifact:ts"].inputs.files


@pytest.mark.parametrize(("target_id", "folder"), [("artifact:ts", "sdk/ts"), ("artifact:go", "sdk/go")])
def test_all_that_lies_in_its_folder_may_be_packed_except_what_is_installed(target_id: str, folder: str) -> None:
    """Folders of builds too, where git lists something in them."""
    inputs = targets(REFERENCE)[target_id].inputs
    assert inputs.folders == (folder,)
    assert inputs.excludes == (f"{folder}/node_modules", f"{folder}/.venv")


def test_packing_reads_the_manifests_of_the_packages_that_the_packed_one_requires() -> None:
    workspace = Workspace(
        schemas=(schema(template("ts", "sdk/a/gen")),),
        members=(member("sdk/a", "npm", "libs/b"), member("libs/b", "npm", "libs/c"), member("libs/c", "npm")),
    )
    files = targets(workspace)["artifact:ts"].inputs.files
    assert {"libs/b/package.json", "libs/c/package.json"} <= {*files}
