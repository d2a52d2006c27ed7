from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nox_rings.engine.plan.targets import Graph, Inputs, Kind, Target
from nox_rings.engine.store.snapshot import parsed_graph, rendered_graph

PROTO = Target(
    id="proto",
    kind=Kind.PROTO,
    place="proto/buf.yaml",
    inputs=Inputs(
        folders=("proto/src", "proto/vendor"),
        files=("proto/buf.yaml",),
        less=("ts/gen",),
        context="proto",
        ignore=("*",),
    ),
    tools={"buf": "1.75.0"},
    commands="c1",
)
STUBS = Target(
    id="stubs:ts",
    kind=Kind.STUBS,
    place="proto/buf.gen.yaml",
    outputs=("ts/gen", "ts/proto-provenance.json"),
    dependencies=("proto",),
)
IMAGE = Target(
    id="image-release:api",
    kind=Kind.IMAGE_RELEASE,
    place="services/api/Dockerfile",
    inputs=Inputs(walked=("services/api", "go.*")),
    dependencies=("stubs:ts",),
    after=("image-dev:api",),
    versioned=True,
)


def again(graph: Graph) -> Graph:
    """As the state file gives it back."""
    return parsed_graph(json.loads(json.dumps(rendered_graph(graph))))


@pytest.mark.parametrize("targets", [(), (PROTO,), (PROTO, STUBS, IMAGE)], ids=["none", "one", "several"])
def test_a_graph_comes_back_from_json_as_it_was(targets: tuple[Target, ...]) -> None:
    graph = Graph({each.id: each for each in targets})
    assert again(graph) == graph
    assert list(again(graph).targets) == [each.id for each in targets]


def test_what_comes_back_can_be_a_key_and_a_kind_again() -> None:
    """Lists would compare unlike tuples, and texts unlike kinds where it is asked with `is`."""
    target = again(Graph({"proto": PROTO})).targets["proto"]
    assert target.kind is Kind.PROTO
    assert type(target.inputs) is Inputs
    listed = (target.outputs, target.dependencies, target.after)
    assert {type(each) for each in (*listed, target.inputs.folders, target.inputs.ignore)} == {tuple}


def test_the_targets_above_fill_every_field_of_a_target() -> None:
    """Otherwise a new field could be lost unseen."""
    empty = Target(id="x", kind=Kind.SDK, place="x")
    for field in fields(Target):
        if field.name not in ("id", "kind", "place"):
            assert any(getattr(each, field.name) != getattr(empty, field.name) for each in (PROTO, STUBS, IMAGE))
    for field in fields(Inputs):
        assert any(getattr(each.inputs, field.name) != getattr(Inputs(), field.name) for each in (PROTO, IMAGE))


texts = st.text(max_size=8)
lists = st.lists(texts, max_size=3).map(tuple)
targets = st.builds(
    Target,
    id=texts,
    kind=st.sampled_from(Kind),
    place=texts,
    inputs=st.builds(Inputs, folders=lists, files=lists, less=lists, walked=lists, context=texts, ignore=lists),
    outputs=lists,
    dependencies=lists,
    after=lists,
    tools=st.dictionaries(texts, texts, max_size=3),
    versioned=st.booleans(),
    commands=texts,
)


@given(st.lists(targets, max_size=4, unique_by=lambda each: each.id))
def test_any_graph_comes_back_from_json_as_it_was(listed: list[Target]) -> None:
    graph = Graph({each.id: each for each in listed})
    assert again(graph) == graph
