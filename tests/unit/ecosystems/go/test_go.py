from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.ecosystems.go import go
from nox_rings.ecosystems.go.go import GoMod
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.engine.process.command import Command
from nox_rings.workspace.model import Member

GO_MOD = """\
module "example.com/app" // the app

go 1.25

require example.com/one v1.0.0
require (
	example.com/two v2.0.0 // indirect
	example.com/three v0.3.0
)

replace example.com/one => ../one

replace (
	example.com/two v2.0.0 => example.com/fork v2.0.1
)

tool example.com/three/cmd
"""


def test_a_go_mod_gives_its_module_what_it_requires_and_what_it_replaces() -> None:
    assert go.parse_go_mod(GO_MOD) == GoMod(
        module="example.com/app",
        requires=("example.com/one", "example.com/two", "example.com/three"),
        replaces={"example.com/one": "../one", "example.com/two": "example.com/fork"},
    )


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("go 1.25\nuse ./a\nuse ./b\n", ("./a", "./b")),
        ("go 1.25\nuse (\n\t./a // first\n\n\t// none\n\t./b\n)\n", ("./a", "./b")),
        ("use .\n", (".",)),
        ("go 1.25\n", ()),
        ("use (\n\t./a\n)\nuse ./b\nreplace x => ./c\n", ("./a", "./b")),
    ],
)
def test_a_go_work_gives_the_folders_it_uses(text: str, used: tuple[str, ...]) -> None:
    assert go.parse_go_work(text) == used


@pytest.mark.parametrize(("in_workspace", "env"), [(True, {}), (False, {"GOWORK": "off"})])
def test_all_of_a_module_is_built_and_vetted_and_what_people_wrote_is_tested(
    in_workspace: bool, env: dict[str, str]
) -> None:
    place = Path("/w/services/agents")
    assert go.check_commands(place, (".", "internal/serve"), in_workspace=in_workspace) == (
        Command(argv=("go", "build", "./..."), cwd=place, env=env, description="go build in agents"),
        Command(argv=("go", "vet", "./..."), cwd=place, env=env, description="go vet in agents"),
        Command(argv=("go", "test", ".", "./internal/serve"), cwd=place, env=env, description="go test in agents"),
    )


def test_a_module_of_generated_packages_alone_has_no_test_run() -> None:
    verbs = [command.argv[1] for command in go.check_commands(Path("/w/sdk"), (), in_workspace=False)]
    assert verbs == ["build", "vet"]


def subject(folder: str, *generated: str) -> MemberSubject:
    return MemberSubject(
        member=Member(folder=folder, ecosystem="go", name="m", install_root=folder), generated=generated
    )


def test_generated_vendored_and_test_data_packages_are_not_among_the_tested() -> None:
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
