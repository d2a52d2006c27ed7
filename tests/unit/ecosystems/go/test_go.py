from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.go import go
from nox_rings.engine.process.command import Command
from nox_rings.workspace.model import Member
from unit.conftest import WriteTree


@pytest.mark.parametrize(("in_workspace", "env"), [(True, {}), (False, {"GOWORK": "off"})])
def test_a_whole_module_is_built_without_leaving_a_program_and_vetted_and_tested(
    in_workspace: bool, env: dict[str, str]
) -> None:
    folder = Path("/w/services/agents")
    quick = {**env, "GOGC": "400"}
    assert go.check_commands(folder, tested=True, in_workspace=in_workspace) == (
        Command(
            argv=("go", "build", "-buildvcs=false", "-o", "/dev/null", "./..."),
            cwd=folder,
            env=quick,
            description="go build in agents",
        ),
        Command(argv=("go", "vet", "./..."), cwd=folder, env=quick, description="go vet in agents"),
        Command(argv=("go", "test", "-vet=off", "./..."), cwd=folder, env=env, description="go test in agents"),
    )


def test_a_module_without_tests_has_no_test_run() -> None:
    verbs = [command.argv[1] for command in go.check_commands(Path("/w/sdk"), tested=False, in_workspace=False)]
    assert verbs == ["build", "vet"]


def test_the_garbage_collection_that_the_user_has_set_stands() -> None:
    assert go.compiler_variables({"GOGC": "50"}) == {}
    assert go.compiler_variables({}) == {"GOGC": "400"}


REPLACED = {
    "app/go.mod": "module example.com/app\nrequire example.com/units v1.0.0\nreplace example.com/units => ../fork\n",
    "other/go.mod": "module example.com/other\n",
    "go.work": "go 1.25\n\nuse ./other\n\nreplace example.com/units => ./fork\n",
}


@pytest.mark.parametrize(("folder", "in_workspace"), [("app", False), ("other", True)])
def test_a_fork_is_asked_for_under_the_path_that_it_replaces(
    write_tree: WriteTree, folder: str, in_workspace: bool
) -> None:
    fork = Member(folder="fork", ecosystem="go", name="example.com/fork", install_root="fork")
    root = folder if not in_workspace else "."
    member = Member(folder=folder, ecosystem="go", name="m", install_root=root, in_workspace=in_workspace)
    assert go.required_name(member, fork, write_tree(REPLACED)) == "example.com/units"


def test_another_sibling_is_asked_for_under_its_own_path(write_tree: WriteTree) -> None:
    sibling = Member(folder="lib", ecosystem="go", name="example.com/lib", install_root="lib")
    member = Member(folder="app", ecosystem="go", name="m", install_root="app")
    assert go.required_name(member, sibling, write_tree(REPLACED)) == "example.com/lib"


def test_module_proxies_spell_capitals_with_an_exclamation_mark() -> None:
    assert go.escaped("github.com/Azure/azure-SDK") == "github.com/!azure/azure-!s!d!k"
