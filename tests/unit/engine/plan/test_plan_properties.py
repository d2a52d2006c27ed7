"""Freshness for any graph: nothing changed means nothing runs; one changed file means its target and those behind."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.plan import plan_targets
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.plan.targets import Target
from unit.targets import a_target


@dataclass(frozen=True)
class Built:
    """A workspace in which every target has just succeeded."""

    graph: Graph
    facts: dict[str, Facts]
    records: dict[str, Record]


@st.composite
def built_workspaces(draw: st.DrawFn) -> Built:
    count = draw(st.integers(1, 6))
    targets: list[Target] = []
    facts: dict[str, Facts] = {}
    records: dict[str, Record] = {}
    for number in range(count):
        ids = [target.id for target in targets]
        needs = draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
        target = a_target(f"t{number}", path=f"t{number}", dependencies=tuple(needs))
        files = draw(st.integers(1, 3))
        made = draw(st.integers(0, 2))
        targets.append(target)
        facts[target.id] = Facts(
            inputs={f"{target.id}/{name}": f"in{name}" for name in range(files)},
            outputs={f"{target.id}/dist/{name}": f"out{name}" for name in range(made)},
        )
        records[target.id] = Record(
            facts=facts[target.id], dependencies={other: records[other].digest for other in needs}
        )
    return Built(Graph({target.id: target for target in targets}), facts, records)


def behind(graph: Graph, changed: str) -> set[str]:
    """`changed` and all that reaches it, by the definition."""

    def reaches(target_id: str) -> bool:
        return target_id == changed or any(map(reaches, graph.targets[target_id].dependencies))

    return {target_id for target_id in graph.targets if reaches(target_id)}


@given(built_workspaces())
def test_the_same_facts_make_every_target_fresh(built: Built) -> None:
    plan = plan_targets(built.graph, list(built.graph.targets), facts=built.facts, records=built.records)
    assert plan.stale == ()
    assert len(plan.targets) == len(built.graph.targets)


@given(built_workspaces(), st.data())
def test_one_changed_input_makes_its_target_and_those_behind_it_stale_and_no_other(
    built: Built, data: st.DataObject
) -> None:
    changed = data.draw(st.sampled_from(sorted(built.graph.targets)))
    facts = built.facts[changed]
    path = data.draw(st.sampled_from(sorted(facts.inputs)))
    edited = {**built.facts, changed: replace(facts, inputs={**facts.inputs, path: "edited"})}
    plan = plan_targets(built.graph, list(built.graph.targets), facts=edited, records=built.records)
    assert {planned.target.id for planned in plan.stale} == behind(built.graph, changed)


@given(built_workspaces(), st.data())
def test_each_target_of_a_plan_comes_after_what_it_needs(built: Built, data: st.DataObject) -> None:
    selected = data.draw(st.lists(st.sampled_from(sorted(built.graph.targets)), unique=True))
    plan = plan_targets(built.graph, selected, facts=built.facts, records={})
    order = [planned.target.id for planned in plan.targets]
    assert all(
        order.index(need) < order.index(each) for each in order for need in built.graph.targets[each].dependencies
    )
    assert set(order) == set(built.graph.closure(selected))
