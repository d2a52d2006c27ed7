"""Which members the sdk sessions mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from nox_rings.engine.errors import UsageError, WorkspaceInvalidError
from nox_rings.engine.plan.graph import Graph, graph_of
from nox_rings.members.session import _parser, _select_members
from nox_rings.sessions.run import Run
from unit.targets import a_target


@dataclass
class Planned:
    graph: Graph


GRAPH = graph_of(
    (
        a_target("sdk:ts", path="libs/client", language="ts"),
        a_target("package:units", path="libs/units", language="ts"),
        a_target("service:web", path="apps/web", language="ts"),
        a_target("package:meter", path="libs/meter", language="py"),
        a_target("artifact:ts", path="libs/client", language="ts"),
        a_target("install-check:ts", path="dist/npm", language="ts"),
    )
)[0]


def chosen(*words: str, language: str = "ts") -> tuple[str, ...]:
    parser = _parser(f"sdk-{language}", "")
    parser.add_argument("members", nargs="*")
    return _select_members(cast(Run, Planned(GRAPH)), parser.parse(words), language).ids


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ((), ("sdk:ts",)),
        (("--pack",), ("sdk:ts", "artifact:ts", "install-check:ts")),
        (("units",), ("package:units",)),
        (("apps/web", "package:units"), ("service:web", "package:units")),
        (("ts", "units", "--pack"), ("sdk:ts", "artifact:ts", "install-check:ts", "package:units")),
    ],
)
def test_without_a_name_the_sdks_are_meant_and_any_member_of_the_language_can_be_named(
    words: tuple[str, ...], ids: tuple[str, ...]
) -> None:
    assert chosen(*words) == ids


@pytest.mark.parametrize(
    ("words", "language", "message"),
    [
        (("unit",), "ts", "sdk-ts: found no member unit; did you mean units?"),
        (("units",), "py", "sdk-py: found no member units; expected one of libs/meter, meter, package:meter"),
        (("units",), "go", "sdk-go: found no member units; there is no Go member"),
    ],
)
def test_a_name_that_means_nothing_is_an_error_that_names_the_nearest(
    words: tuple[str, ...], language: str, message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(*words, language=language)
    assert caught.value.message == message


def test_a_workspace_without_an_sdk_is_told_what_makes_one() -> None:
    with pytest.raises(WorkspaceInvalidError) as caught:
        chosen(language="py")
    assert caught.value.message == (
        "found no Python SDK. An SDK is a member that a template of Buf generates into and that has no Dockerfile "
        "beside its manifest. Any member can be named: `-- MEMBER…`"
    )
