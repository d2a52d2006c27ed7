from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.plan import Plan, affected_by, plan_targets
from nox_rings.engine.plan.reasons import Reason, ReasonKind, reason_to_run
from nox_rings.engine.plan.records import Facts, Record, digest_of
from unit.targets import a_target

STUBS = a_target("stubs:ts", path="buf.gen.yaml", outputs=("ts/gen",))
SDK = a_target("sdk:ts", path="ts", dependencies=("stubs:ts",), outputs=("ts/dist",))
SERVICE = a_target("service:graph", path="graph", dependencies=("sdk:ts",))
GRAPH = Graph({each.id: each for each in (STUBS, SDK, SERVICE)})

STUBS_NOW = Facts(inputs={"a.proto": "1"}, outputs={"ts/gen/a.ts": "2"})
SDK_NOW = Facts(
    inputs={"ts/main.ts": "3", "ts/old.ts": "4"},
    outputs={"ts/dist/a.js": "5", "ts/dist/b.js": "6"},
    tools={"node": "24.1.0", "pnpm": "12.0.0"},
    recipe="c1",
    extra={"version": "1.0.0"},
    passed_on="1.0.0",
)
SERVICE_NOW = Facts(inputs={"graph/main.ts": "7"})
STUBS_RECORD = Record(facts=STUBS_NOW)
SDK_RECORD = Record(facts=SDK_NOW, dependencies={"stubs:ts": STUBS_RECORD.digest})
SERVICE_RECORD = Record(facts=SERVICE_NOW, dependencies={"sdk:ts": SDK_RECORD.digest})
RECORDS = {"stubs:ts": STUBS_RECORD, "sdk:ts": SDK_RECORD, "service:graph": SERVICE_RECORD}
FACTS = {"stubs:ts": STUBS_NOW, "sdk:ts": SDK_NOW, "service:graph": SERVICE_NOW}


def why(plan: Plan) -> dict[str, str]:
    return {planned.target.id: str(planned.reason) for planned in plan.targets}


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (SDK_NOW, "fresh"),
        (replace(SDK_NOW, tools={"node": "24.2.0", "pnpm": "12.0.0"}), "tool-changed: node 24.1.0→24.2.0"),
        (replace(SDK_NOW, tools={"pnpm": "12.0.0"}), "tool-changed: node 24.1.0→none"),
        (replace(SDK_NOW, tools={**SDK_NOW.tools, "tsc": "6"}), "tool-changed: tsc none→6"),
        (replace(SDK_NOW, recipe="c2"), "command-changed: sdk:ts"),
        (replace(SDK_NOW, extra={"version": "1.0.1"}, passed_on="1.0.1"), "version-changed: 1.0.0→1.0.1"),
        (replace(SDK_NOW, extra={"baseline": "5a7e"}), "baseline-changed: →5a7e"),
        (replace(SDK_NOW, extra={**SDK_NOW.extra, "$REGION": "1f"}), "environment-changed: REGION"),
        (replace(SDK_NOW, extra={"version": "1.0.0", "lock#ts": "1"}), "input-changed: lock#ts"),
        (replace(SDK_NOW, inputs={"ts/main.ts": "x", "ts/old.ts": "4"}), "input-changed: ts/main.ts"),
        (replace(SDK_NOW, inputs={"ts/main.ts": "3"}), "input-changed: ts/old.ts"),
        (replace(SDK_NOW, inputs={**SDK_NOW.inputs, "ts/new.ts": "8"}), "input-changed: ts/new.ts"),
        (replace(SDK_NOW, inputs={"ts/main.ts": "x"}), "input-changed: ts/main.ts (+1 more)"),
        (replace(SDK_NOW, outputs={"ts/dist/a.js": "5"}), "output-missing: ts/dist/b.js"),
        (replace(SDK_NOW, outputs={}), "output-missing: ts/dist/a.js (+1 more)"),
        (replace(SDK_NOW, outputs={**SDK_NOW.outputs, "ts/dist/b.js": "x"}), "output-edited: ts/dist/b.js"),
        (replace(SDK_NOW, outputs={**SDK_NOW.outputs, "ts/dist/c.js": "9"}), "output-stray: ts/dist/c.js"),
    ],
)
def test_each_difference_to_the_last_success_is_a_reason_that_names_it(now: Facts, reason: str) -> None:
    assert str(reason_to_run(SDK, now, RECORDS)) == reason


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ({}, "never-built"),
        ({**RECORDS, "sdk:ts": replace(SDK_RECORD, finished=False)}, "unfinished"),
        ({"sdk:ts": SDK_RECORD}, "dependency: stubs:ts"),
        ({**RECORDS, "stubs:ts": Record(facts=replace(STUBS_NOW, outputs={"x": "y"}))}, "dependency: stubs:ts"),
        ({**RECORDS, "sdk:ts": replace(SDK_RECORD, dependencies={})}, "dependency: stubs:ts"),
    ],
    ids=["no record", "failed or killed", "dependency without a record", "dependency came out different", "new arrow"],
)
def test_what_is_not_known_to_be_the_same_runs(records: Mapping[str, Record], reason: str) -> None:
    assert str(reason_to_run(SDK, SDK_NOW, records)) == reason


def test_a_changed_tool_is_reported_before_the_files_it_will_change() -> None:
    now = replace(SDK_NOW, tools={"node": "25.0.0", "pnpm": "12.0.0"}, inputs={}, outputs={})
    assert reason_to_run(SDK, now, RECORDS).kind is ReasonKind.TOOL_CHANGED


def test_an_input_that_cannot_be_read_now_is_no_change_until_it_can_be_again() -> None:
    unreadable = replace(SDK, inputs=replace(SDK.inputs, unreadable=("b.ts",)))
    record = replace(SDK_RECORD, facts=replace(SDK_RECORD.facts, inputs={**SDK_RECORD.facts.inputs, "b.ts": "1"}))
    records = {**RECORDS, "sdk:ts": record}
    assert str(reason_to_run(unreadable, SDK_RECORD.facts, records)) == "fresh"
    assert str(reason_to_run(SDK, SDK_RECORD.facts, records)) == "input-changed: b.ts"


def test_a_target_with_problems_is_never_fresh_and_what_depends_on_it_waits() -> None:
    problem = "packages/ts/package.json: found text that is not JSON"
    graph = Graph({**GRAPH.targets, "sdk:ts": replace(SDK, problems=(problem,))})
    plan = plan_targets(graph, ["service:graph"], facts=FACTS, records=RECORDS, forced=["sdk:ts"])
    assert why(plan) == {
        "stubs:ts": "fresh",
        "sdk:ts": f"invalid: {problem}",
        "service:graph": "dependency: sdk:ts",
    }


def test_every_kind_of_reason_is_held_by_a_test_here() -> None:
    """A new kind needs a row in the tables above or a test below. Those of capabilities, `version-changed` and
    `baseline-changed`, are named by the facts that the rows have."""
    assert [str(kind) for kind in ReasonKind] == [
        *("fresh", "forced", "invalid", "never-built", "unfinished", "dependency", "tool-changed", "command-changed"),
        *("environment-changed", "input-changed", "output-missing", "output-edited", "output-stray"),
    ]


@pytest.mark.parametrize("exposed", [False, True])
def test_what_is_made_without_an_output_passes_the_variables_on_that_it_was_made_with(exposed: bool) -> None:
    outputs = {"dist/a.js": "5"} if exposed else {}
    records = [Record(facts=Facts(outputs=outputs, extra={"$REGION": each}), exposed=exposed) for each in "ab"]
    assert len({each.digest for each in records}) == 2
    kept = [Record(facts=Facts(outputs={"dist/a.js": "5"}, extra={"$REGION": each})) for each in "ab"]
    assert len({each.digest for each in kept}) == 1


def test_a_target_whose_dependency_runs_is_planned_to_run_and_so_are_those_behind_it() -> None:
    facts = {**FACTS, "stubs:ts": replace(STUBS_NOW, inputs={"a.proto": "other"})}
    plan = plan_targets(GRAPH, ["service:graph"], facts=facts, records=RECORDS)
    assert why(plan) == {
        "stubs:ts": "input-changed: a.proto",
        "sdk:ts": "dependency: stubs:ts",
        "service:graph": "dependency: sdk:ts",
    }


def test_a_change_further_down_leaves_what_it_needs_fresh() -> None:
    facts = {**FACTS, "service:graph": Facts(inputs={"graph/main.ts": "other"})}
    plan = plan_targets(GRAPH, ["service:graph"], facts=facts, records=RECORDS)
    assert why(plan) == {"stubs:ts": "fresh", "sdk:ts": "fresh", "service:graph": "input-changed: graph/main.ts"}
    assert [planned.target.id for planned in plan.fresh] == ["stubs:ts", "sdk:ts"]
    assert [planned.target.id for planned in plan.stale] == ["service:graph"]


def test_forced_targets_run_though_fresh_and_what_they_need_does_not() -> None:
    plan = plan_targets(GRAPH, ["sdk:ts"], facts=FACTS, records=RECORDS, forced=["sdk:ts"])
    assert why(plan) == {"stubs:ts": "fresh", "sdk:ts": "forced"}


def test_a_plan_holds_the_selection_and_its_closure_only() -> None:
    plan = plan_targets(GRAPH, ["stubs:ts"], facts=FACTS, records=RECORDS)
    assert why(plan) == {"stubs:ts": "fresh"}


def test_after_a_failed_run_the_failed_target_and_those_behind_it_run_again() -> None:
    records = {**RECORDS, "sdk:ts": Record(facts=SDK_NOW, finished=False)}
    plan = plan_targets(GRAPH, ["service:graph"], facts=FACTS, records=records)
    assert why(plan) == {"stubs:ts": "fresh", "sdk:ts": "unfinished", "service:graph": "dependency: sdk:ts"}


def test_dependents_compare_outputs_so_that_a_comment_in_a_source_rebuilds_nothing_behind_it() -> None:
    edited = Record(facts=replace(SDK_NOW, inputs={"ts/main.ts": "only a comment"}))
    assert edited.digest == SDK_RECORD.digest


def test_dependents_of_an_exposed_target_compare_what_it_read_and_what_is_behind_it_too() -> None:
    exposed = replace(SDK_RECORD, exposed=True)
    edited = replace(exposed, facts=replace(SDK_NOW, inputs={"ts/main.ts": "other"}))
    moved = replace(exposed, dependencies={"stubs:ts": "other"})
    built = replace(exposed, facts=replace(SDK_NOW, outputs={"ts/dist/main.js": "other"}))
    assert len({SDK_RECORD.digest, exposed.digest, edited.digest, moved.digest, built.digest}) == 5


def test_what_keeps_no_output_is_compared_by_all_that_it_read() -> None:
    edited = Record(facts=Facts(inputs={"graph/main.ts": "x"}), dependencies=SERVICE_RECORD.dependencies)
    moved = replace(SERVICE_RECORD, dependencies={"sdk:ts": "other"})
    assert len({SERVICE_RECORD.digest, edited.digest, moved.digest}) == 3


def test_a_new_version_counts_for_dependents_even_where_the_content_is_the_same() -> None:
    assert (
        replace(SDK_RECORD, facts=replace(SDK_NOW, extra={"version": "1.0.1"}, passed_on="1.0.1")).digest
        != SDK_RECORD.digest
    )


@pytest.mark.parametrize(
    ("changed", "affected"),
    [
        (["stubs:ts"], {"stubs:ts", "sdk:ts", "service:graph"}),
        (["sdk:ts"], {"sdk:ts", "service:graph"}),
        (["service:graph"], {"service:graph"}),
        ([], set()),
    ],
)
def test_affected_are_the_changed_targets_and_everything_behind_them(changed: list[str], affected: set[str]) -> None:
    assert affected_by(GRAPH, changed) == affected


def test_a_reason_reads_as_its_kind_its_first_detail_and_how_many_more() -> None:
    assert str(Reason(ReasonKind.FRESH)) == "fresh"
    assert str(Reason(ReasonKind.INPUT_CHANGED, ("a", "b", "c"))) == "input-changed: a (+2 more)"


def test_a_name_that_is_no_text_has_a_digest_of_its_own() -> None:
    """`os.fsdecode` gives a lone surrogate for each byte that is not UTF-8."""
    assert len({digest_of("a\udcff"), digest_of("a\udcfe"), digest_of("a")}) == 3


INSTALL = replace(
    a_target("install:pnpm", path="lock", outputs=("record",)),
    parted=("lock", "a.json"),
    signs=("modules/", "modules/a"),
)
APP = a_target("package:app", path="app", dependencies=("install:pnpm",))
TESTS = a_target("package:tests", path="tests", dependencies=("package:app",))
OTHER = a_target("package:other", path="other")
INSTALLED = Graph({each.id: each for each in (INSTALL, APP, TESTS, OTHER)})
INSTALL_NOW = Facts(
    inputs={"lock": "1", "a.json": "1", ".npmrc": "1"},
    outputs={"record": "1"},
    tools={"pnpm": "12"},
    signs={"modules/": "1", "modules/a": "1"},
)
NOTHING: Mapping[str, str] = {}
APP_NOW = Facts(inputs={"app/main.ts": "1", "lock#app": "1"})


def installed_plan(install: Facts, app: Facts = APP_NOW, *, finished: bool = True) -> tuple[dict[str, str], set[str]]:
    """Why each target runs, and those that are compared again."""
    recorded = Record(facts=INSTALL_NOW, finished=finished)
    of_app = Record(facts=APP_NOW, dependencies={"install:pnpm": Record(facts=INSTALL_NOW).digest})
    of_tests = Record(facts=Facts(), dependencies={"package:app": of_app.digest})
    records = {"install:pnpm": recorded, "package:app": of_app, "package:tests": of_tests}
    records["package:other"] = Record(facts=Facts())
    facts = {"install:pnpm": install, "package:app": app, "package:tests": Facts(), "package:other": Facts()}
    plan = plan_targets(INSTALLED, INSTALLED.targets, facts=facts, records=records)
    return why(plan), {each.target.id for each in plan.targets if each.again}


def of_install(
    *,
    inputs: Mapping[str, str] = NOTHING,
    outputs: Mapping[str, str] = NOTHING,
    tools: Mapping[str, str] = NOTHING,
    signs: Mapping[str, str] = NOTHING,
) -> Facts:
    return replace(
        INSTALL_NOW,
        inputs={**INSTALL_NOW.inputs, **inputs},
        outputs={**INSTALL_NOW.outputs, **outputs},
        tools={**INSTALL_NOW.tools, **tools},
        signs={**INSTALL_NOW.signs, **signs},
    )


@pytest.mark.parametrize(
    ("install", "reason"),
    [
        (of_install(inputs={"lock": "2"}), "input-changed: lock"),
        (of_install(inputs={"lock": "2", "a.json": "2"}), "input-changed: a.json (+1 more)"),
    ],
)
def test_where_only_what_is_parted_changed_no_dependent_waits_and_each_is_compared_again(
    install: Facts, reason: str
) -> None:
    reasons, again = installed_plan(install)
    assert reasons["install:pnpm"] == reason
    assert (reasons["package:app"], reasons["package:tests"]) == ("fresh", "fresh")
    assert again == {"package:app", "package:tests"}


def test_a_dependent_runs_for_its_part_of_what_changed() -> None:
    reasons, again = installed_plan(of_install(inputs={"lock": "2"}), replace(APP_NOW, inputs={"lock#app": "2"}))
    assert reasons["package:app"] == "input-changed: app/main.ts (+1 more)"
    assert reasons["package:tests"] == "dependency: package:app"
    assert again == set()


@pytest.mark.parametrize(
    ("install", "reason"),
    [
        (of_install(inputs={"lock": "2", ".npmrc": "2"}), "input-changed: .npmrc (+1 more)"),
        (of_install(inputs={"lock": "2"}, tools={"pnpm": "13"}), "tool-changed: pnpm 12→13"),
        (of_install(inputs={"lock": "2"}, outputs={"record": "2"}), "input-changed: lock"),
        (of_install(inputs={"lock": "2"}, signs={"modules/": "2"}), "input-changed: lock"),
        (of_install(signs={"modules/": "2"}), "output-edited: modules/"),
        (replace(INSTALL_NOW, signs={"modules/": "1"}), "output-missing: modules/a"),
        (replace(INSTALL_NOW, signs={}), "output-missing: modules/ (+1 more)"),
    ],
    ids=["settings", "another tool", "its record", "names in a folder", "names alone", "a file", "all"],
)
def test_where_anything_else_changed_too_all_dependents_wait(install: Facts, reason: str) -> None:
    reasons, again = installed_plan(install)
    assert reasons["install:pnpm"] == reason
    assert reasons["package:app"] == "dependency: install:pnpm"
    assert again == set()


def test_dependents_wait_for_what_did_not_finish() -> None:
    assert (
        installed_plan(of_install(inputs={"lock": "2"}), finished=False)[0]["package:app"] == "dependency: install:pnpm"
    )


def test_dependents_do_not_see_signs_and_a_sign_that_was_not_there_is_none() -> None:
    assert Record(facts=INSTALL_NOW).digest == Record(facts=replace(INSTALL_NOW, signs={})).digest
    before = replace(INSTALL_NOW, signs={"modules/": "1"})
    assert str(reason_to_run(INSTALL, INSTALL_NOW, {"install:pnpm": Record(facts=before)})) == "fresh"
