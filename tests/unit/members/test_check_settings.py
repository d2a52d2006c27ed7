from __future__ import annotations

import pytest

from nox_rings.members.check_settings import called_programs
from nox_rings.workspace.config import MemberConfig
from nox_rings.workspace.model import Workspace
from unit.reference import member, targets

KNOWN = ("ruff", "mypy")


@pytest.mark.parametrize(
    ("checks", "called"),
    [
        ((), ()),
        (("...",), ()),
        (("mypy .",), ("mypy",)),
        (("uv run mypy .", "ruff check"), ("mypy", "ruff")),
        (("python -m mypy src",), ("mypy",)),
        (("python -m unittest", "go vet ./..."), ()),
        (("node_modules/.bin/ruff check",), ("ruff",)),
        (("make lint",), KNOWN),
        (("./check.sh",), KNOWN),
        (("bash -c 'ruff check'",), KNOWN),
        (("unbalanced '",), KNOWN),
    ],
)
def test_checks_call_programs_by_name_or_any_where_that_is_not_known(
    checks: tuple[str, ...], called: tuple[str, ...]
) -> None:
    assert called_programs(checks, KNOWN) == called


FILES = (
    ".golangci.yml",
    "api/.golangci.yml",
    "api/v1/main.go",
    "eslint.config.js",
    "ruff.toml",
    "mypy.ini",
    "turbo.json",
)


@pytest.mark.parametrize(
    ("ecosystem", "check", "read"),
    [
        ("go", "golangci-lint run", {"api/.golangci.yml", ".golangci.yml"}),
        ("go", "go vet ./...", set()),
        ("pypi", "ruff check", {"ruff.toml"}),
        ("pypi", "make check", {"ruff.toml", "mypy.ini"}),
        ("npm", "eslint .", {"eslint.config.js"}),
        ("npm", "make check", {"eslint.config.js", "turbo.json"}),
    ],
)
def test_a_member_reads_the_settings_of_what_its_configured_checks_call(
    ecosystem: str, check: str, read: set[str]
) -> None:
    workspace = Workspace(members=(member("api/v1", ecosystem),))
    found = targets(workspace, files=FILES, configured={"api/v1": MemberConfig(checks=(check,))})
    assert {*found["package:v1"].inputs.folders} - {"api/v1"} == read
