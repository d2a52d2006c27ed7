"""Why a target would run, as a value and as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.plan import plan_targets
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.plan.targets import Target
from nox_rings.graph.show_why import print_answer, print_path
from nox_rings.graph.why import Answer, explain, path_between
from unit.targets import a_target

PROTO = a_target("proto")
STUBS = a_target("stubs:ts", dependencies=("proto",))
SDK = a_target("sdk:ts", dependencies=("stubs:ts",))
SERVICE = a_target("service:graph", dependencies=("sdk:ts", "stubs:ts"))
OTHER = a_target("service:other", problems=("other/package.json: found no name, expected one",))
GRAPH = Graph({each.id: each for each in (PROTO, STUBS, SDK, SERVICE, OTHER)})
THEN: Mapping[str, Facts] = {
    "proto": Facts(inputs={"a.proto": "1"}),
    "stubs:ts": Facts(inputs={"buf.gen.yaml": "2"}, outputs={"gen/a.ts": "3"}),
    "sdk:ts": Facts(inputs={"ts/a.ts": "4", "lock#ts": "5"}, tools={"node": "24.1.0"}, extra={"$REGION": "6"}),
    "service:graph": Facts(inputs={"graph/a.ts": "7"}),
    "service:other": Facts(),
}
RECORDS: dict[str, Record] = {}
for _target in (PROTO, STUBS, SDK, SERVICE):
    _needed: Mapping[str, str] = {other: RECORDS[other].digest for other in _target.dependencies}
    RECORDS[_target.id] = Record(facts=THEN[_target.id], dependencies=_needed)


def answer(asked: str, changed: Mapping[str, Facts], records: Mapping[str, Record] = RECORDS) -> Answer:
    now = {**THEN, **changed}

    def facts(target: Target) -> Facts:
        return now[target.id]

    return explain(plan_targets(GRAPH, [asked], facts=now, records=records), asked, facts, records)


EDITED_PROTO = {"proto": Facts(inputs={"a.proto": "x"})}
EDITED_SDK = {"sdk:ts": replace(THEN["sdk:ts"], inputs={"ts/a.ts": "x", "lock#ts": "5"})}


@pytest.mark.parametrize(
    ("asked", "changed", "chain", "cause", "remedy"),
    [
        ("service:graph", {}, ["service:graph"], [], ""),
        (
            "service:graph",
            EDITED_PROTO,
            ["service:graph", "sdk:ts", "stubs:ts", "proto"],
            ["a.proto"],
            "nox -s rings -- service:graph; or take back that of a.proto",
        ),
        (
            "service:graph",
            EDITED_SDK,
            ["service:graph", "sdk:ts"],
            ["ts/a.ts"],
            "nox -s rings -- service:graph; or take back that of ts/a.ts",
        ),
        ("stubs:ts", EDITED_SDK, ["stubs:ts"], [], ""),
        (
            "service:other",
            {},
            ["service:other"],
            [],
            "mend what is wrong with service:other, then nox -s rings -- service:other",
        ),
    ],
    ids=["fresh", "through three others", "through one", "not of what it needs", "invalid"],
)
def test_the_chain_ends_with_what_changed(
    asked: str, changed: Mapping[str, Facts], chain: list[str], cause: list[str], remedy: str
) -> None:
    found = answer(asked, changed)
    assert [each.id for each in found.chain] == chain
    assert [each.key for each in found.cause] == cause
    assert found.remedy == remedy


def test_what_was_never_made_has_a_reason_and_no_changes() -> None:
    found = answer("proto", {}, {})
    assert (str(found.chain[0].reason), found.changes, found.built) == ("never-built", (), False)


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        ("service:graph", "proto", ("service:graph", "stubs:ts", "proto")),
        ("proto", "service:graph", ("service:graph", "stubs:ts", "proto")),
        ("service:graph", "service:other", ()),
        ("proto", "proto", ("proto",)),
    ],
)
def test_the_path_between_two_targets_is_the_shortest(one: str, other: str, path: tuple[str, ...]) -> None:
    assert path_between(GRAPH, one, other) == path


def test_an_answer_is_read_by_people(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(answer("sdk:ts", EDITED_SDK), as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "sdk:ts: would run: input-changed: ts/a.ts",
        "changed since it was last made",
        "  what           of       then → now",
        "  input-changed  ts/a.ts  4 → x",
        "made of 1 files, parts of 1 more",
        "  tools: node 24.1.0",
        "  variables: REGION",
        "  depends on: stubs:ts",
        "fresh again: nox -s rings -- sdk:ts; or take back that of ts/a.ts",
    ]


def test_an_answer_is_read_by_machines(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(answer("service:graph", EDITED_SDK), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["chain"] == [
        {"id": "service:graph", "reason": "dependency", "reason_detail": ["sdk:ts"]},
        {"id": "sdk:ts", "reason": "input-changed", "reason_detail": ["ts/a.ts"]},
    ]
    assert document["cause"] == [{"kind": "input-changed", "key": "ts/a.ts", "then": "4", "now": "x"}]
    assert (document["runs"], document["built"], document["inputs"]["files"]) == (True, True, 1)


@pytest.mark.parametrize(
    ("path", "line"),
    [(("a", "b", "c"), "a → b → c"), ((), "a and c: neither depends on the other")],
)
def test_a_path_is_one_line(path: tuple[str, ...], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_path(path, "a", "c", as_json=False)
    assert capsys.readouterr().out == f"{line}\n"
