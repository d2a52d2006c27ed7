from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.go import go
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.engine.process.command import Command
from nox_rings.workspace.model import Member


@pytest.mark.parametrize(("in_workspace", "env"), [(True, {}), (False, {"GOWORK": "off"})])
def test_a_whole_module_is_built_and_vetted_and_its_handwritten_packages_are_tested(
    in_workspace: bool, env: dict[str, str]
) -> None:
    folder = Path("/w/services/agents")
    assert go.check_commands(folder, (".", "internal/serve"), in_workspace=in_workspace) == (
        Command(argv=("go", "build", "./..."), cwd=folder, env=env, description="go build in agents"),
        Command(argv=("go", "vet", "./..."), cwd=folder, env=env, description="go vet in agents"),
        Command(
            argv=("go", "test", "-vet=off", ".", "./internal/serve"),
            cwd=folder,
            env=env,
            description="go test in agents",
        ),
    )


def test_a_module_of_generated_packages_alone_has_no_test_run() -> None:
    verbs = [command.argv[1] for command in go.check_commands(Path("/w/sdk"), (), in_workspace=False)]
    assert verbs == ["build", "vet"]


def subject(folder: str, *generated: str) -> MemberSubject:
    return MemberSubject(
        member=Member(folder=folder, ecosystem="go", name="m", install_root=folder), generated=generated
    )


def test_generated_vendored_and_test_data_packages_are_not_tested() -> None:
    files = (
        *("sdk/go/client.go", "sdk/go/go.mod", "sdk/go/proto/a/a.pb.go", "sdk/go/internal/proto/a.pb.go"),
        *("sdk/go/internal/wire/wire.go", "sdk/go/testdata/x/x.go", "sdk/go/vendor/y/y.go", "sdk/go/protocol/p.go"),
    )
    found = go.tested_folders(files, subject("sdk/go", "sdk/go/proto", "sdk/go/internal/proto"))
    assert found == (".", "internal/wire", "protocol")


def test_the_packages_of_a_module_at_the_root_are_found() -> None:
    assert go.tested_folders(("main.go", "pkg/a.go"), subject(".")) == (".", "pkg")


def test_module_proxies_spell_capitals_with_an_exclamation_mark() -> None:
    assert go.escaped("github.com/Azure/azure-SDK") == "github.com/!azure/azure-!s!d!k"
