"""Which targets a change concerns, from facts of two commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.records import Facts
from nox_rings.engine.plan.targets import Target
from nox_rings.graph.affected import Known, find_affected, gone
from unit.targets import a_target

INSTALL = replace(a_target("install:pnpm"), parted=("lock.yaml",))
STUBS = a_target("stubs:ts")
SDK = a_target("sdk:ts", dependencies=("stubs:ts", "install:pnpm"))
SERVICE = a_target("service:graph", dependencies=("sdk:ts",))
TARGETS = (INSTALL, STUBS, SDK, SERVICE)
FACTS: Mapping[str, Facts] = {
    "install:pnpm": Facts(inputs={"lock.yaml": "1", ".npmrc": "2"}),
    "stubs:ts": Facts(inputs={"a.proto": "3"}, tools={"buf": "1.0.0"}),
    "sdk:ts": Facts(inputs={"ts/a.ts": "4", "lock.yaml#ts": "5"}, recipe="r", extra={"tests#ts": "6"}),
    "service:graph": Facts(inputs={"graph/a.ts": "7"}),
}
THEN: Mapping[str, Known] = {each.id: Known(each, FACTS[each.id]) for each in TARGETS}
BROKEN = ("graph/package.json: found no name",)


def reasons(changed: Mapping[str, Facts], targets: tuple[Target, ...] = TARGETS) -> dict[str, str]:
    graph = Graph({each.id: each for each in targets})
    now: Mapping[str, Facts] = {each.id: {**FACTS, **changed}[each.id] for each in targets}
    return {each: str(reason) for each, reason in find_affected(graph, now, THEN).items()}


@pytest.mark.parametrize(
    ("target_id", "now", "found"),
    [
        ("stubs:ts", {}, {}),
        (
            "stubs:ts",
            {"inputs": {"a.proto": "x"}},
            {
                "stubs:ts": "input-changed: a.proto",
                "sdk:ts": "dependency: stubs:ts",
                "service:graph": "dependency: sdk:ts",
            },
        ),
        (
            "stubs:ts",
            {"tools": {"buf": "1.1.0"}},
            {
                "stubs:ts": "tool-changed: buf 1.0.0→1.1.0",
                "sdk:ts": "dependency: stubs:ts",
                "service:graph": "dependency: sdk:ts",
            },
        ),
        ("service:graph", {"inputs": {}}, {"service:graph": "input-changed: graph/a.ts"}),
        ("service:graph", {"inputs": {"graph/a.ts": "7", "b": "1"}}, {"service:graph": "input-changed: b"}),
        (
            "sdk:ts",
            {"extra": {"tests#ts": "x"}},
            {"sdk:ts": "input-changed: tests#ts", "service:graph": "dependency: sdk:ts"},
        ),
        ("sdk:ts", {"recipe": "s"}, {"sdk:ts": "command-changed: sdk:ts", "service:graph": "dependency: sdk:ts"}),
        ("install:pnpm", {"inputs": {"lock.yaml": "x", ".npmrc": "2"}}, {"install:pnpm": "input-changed: lock.yaml"}),
        (
            "install:pnpm",
            {"inputs": {"lock.yaml": "x", ".npmrc": "x"}},
            {
                "install:pnpm": "input-changed: .npmrc (+1 more)",
                "sdk:ts": "dependency: install:pnpm",
                "service:graph": "dependency: sdk:ts",
            },
        ),
    ],
    ids=["nothing", "schema", "tool", "deleted", "added", "own part", "recipe", "lockfile alone", "and settings"],
)
def test_what_compares_with_something_else_and_what_depends_on_it(
    target_id: str, now: Mapping[str, Any], found: Mapping[str, str]
) -> None:
    changed: Facts = replace(FACTS[target_id], **now)
    assert reasons({target_id: changed}) == found


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ((*TARGETS, a_target("package:new")), {"package:new": "new"}),
        (
            (INSTALL, STUBS, replace(SDK, dependencies=(STUBS.id,)), SERVICE),
            {"sdk:ts": "dependency: install:pnpm", "service:graph": "dependency: sdk:ts"},
        ),
        (
            (INSTALL, STUBS, SDK, replace(SERVICE, dependencies=(SDK.id, STUBS.id))),
            {"service:graph": "dependency: stubs:ts"},
        ),
        ((INSTALL, STUBS, SDK, replace(SERVICE, problems=BROKEN)), {"service:graph": f"invalid: {BROKEN[0]}"}),
    ],
    ids=["a target more", "an edge fewer", "an edge more", "a broken one"],
)
def test_changes_of_the_graph_itself(targets: tuple[Target, ...], found: Mapping[str, str]) -> None:
    assert reasons({"package:new": Facts()}, targets) == found


def test_what_was_broken_before_concerns_nobody() -> None:
    broken = replace(SERVICE, problems=BROKEN)
    graph = Graph({each.id: each for each in (INSTALL, STUBS, SDK, broken)})
    assert find_affected(graph, FACTS, {**THEN, broken.id: Known(broken, FACTS[broken.id])}) == {}


def test_targets_that_are_gone() -> None:
    assert gone(Graph({SDK.id: SDK}), THEN) == ("install:pnpm", "service:graph", "stubs:ts")
