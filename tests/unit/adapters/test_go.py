from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.adapters import go
from nox_rings.adapters.go import GoMod
from nox_rings.command import Command

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
def test_a_module_is_built_vetted_and_tested_with_its_own_workspace_or_none(
    in_workspace: bool, env: dict[str, str]
) -> None:
    place = Path("/w/services/agents")
    assert go.check_commands(place, in_workspace=in_workspace) == (
        Command(argv=("go", "build", "./..."), cwd=place, env=env, description="go build in agents"),
        Command(argv=("go", "vet", "./..."), cwd=place, env=env, description="go vet in agents"),
        Command(argv=("go", "test", "./..."), cwd=place, env=env, description="go test in agents"),
    )


def test_module_proxies_spell_capitals_with_an_exclamation_mark() -> None:
    assert go.escaped("github.com/Azure/azure-SDK") == "github.com/!azure/azure-!s!d!k"
