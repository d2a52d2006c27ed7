"""Which files may describe a part of the workspace."""

from __future__ import annotations

import pytest

from nox_rings.workspace.visible import PassedOver, hidden_descriptors, hidden_folder


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("go.mod", None),
        ("libs/fixture/go.mod", None),
        ("tests/data/pyproject.toml", None),
        ("tool/testdata/a/go.mod", "tool/testdata"),
        ("web/tests/fixtures/idl/buf.yaml", "web/tests/fixtures"),
        ("web/__fixtures__/package.json", "web/__fixtures__"),
        ("vendor/github.com/x/go.mod", "vendor"),
        ("third_party/node_modules/x/package.json", "third_party/node_modules"),
        ("_examples/go.mod", "_examples"),
        (".devcontainer/Dockerfile", ".devcontainer"),
        ("templates/{{cookiecutter.name}}/pyproject.toml", "templates/{{cookiecutter.name}}"),
        ("templates/[[ name ]]/package.json", "templates/[[ name ]]"),
        ("templates/plain/package.json", None),
        ("pages/[slug]/package.json", None),
        ("a/testdata/b/_c/go.mod", "a/testdata"),
    ],
)
def test_test_data_vendored_code_and_templates_describe_nothing(path: str, folder: str | None) -> None:
    assert hidden_folder(path, ()) == folder


@pytest.mark.parametrize(
    ("named", "folder"),
    [
        ("tool/testdata/real", None),
        ("tool/testdata", None),
        ("tool/testdata/other", "tool/testdata"),
        ("tool", "tool/testdata"),
    ],
)
def test_a_folder_that_configuration_names_is_looked_at(named: str, folder: str | None) -> None:
    assert hidden_folder("tool/testdata/real/go.mod", [named]) == folder


def test_a_hidden_folder_is_told_once_with_the_line_that_would_change_it() -> None:
    paths = [f"t/testdata/{name}/go.mod" for name in "dcba"]
    assert list(hidden_descriptors([("t/testdata", path) for path in paths])) == [
        PassedOver(
            "t/testdata",
            "what lies below testdata is no part of the workspace: "
            "t/testdata/a/go.mod, t/testdata/b/go.mod, t/testdata/c/go.mod and 1 more",
            '[tool.nox-rings.members."t/testdata/d"]',
        )
    ]
