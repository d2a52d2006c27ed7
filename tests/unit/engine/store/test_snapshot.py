from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.targets import Inputs, Target, TargetId, subject_of
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.digests import Digests
from nox_rings.engine.store.snapshot import parsed_graph, rendered_graph, snapshot_key
from nox_rings.schema.breaking.model import BreakingException
from nox_rings.workspace.model import Member
from nox_rings.workspace.schemas import BufWorkspace
from unit.conftest import WriteTree
from unit.targets import KINDS, a_target

PROTO = a_target(
    "proto",
    path="proto/buf.yaml",
    inputs=Inputs(
        folders=("proto/src", "proto/vendor"),
        files=("proto/buf.yaml",),
        excludes=("ts/gen",),
        context="proto",
        ignore=("*",),
        suffixes=(".proto",),
    ),
    tools={"buf": "1.75.0"},
    recipe="c1",
)
STUBS = replace(
    a_target(
        "stubs:ts",
        path="proto/buf.gen.yaml",
        outputs=("ts/gen", "ts/proto-provenance.json"),
        dependencies=("proto",),
    ),
    listing=".nox-rings/stubs/ts.txt",
    possible_outputs=("ts/dist",),
    exposed=True,
    environment=("HOME",),
    problems=("proto/buf.gen.yaml: found nothing",),
)
IMAGE = replace(
    a_target(
        "image-release:api",
        path="services/api/Dockerfile",
        language="ts",
        inputs=Inputs(
            globs=("services/api", "go.*"),
            whole=("libs",),
            unreadable=("a.json",),
            unlisted=(".go",),
            parts={"go.work#api": "1"},
            own_parts={"b": "1"},
            compiled=(".ts",),
            made=("build",),
            data=(".json",),
            modes=True,
        ),
        dependencies=("stubs:ts",),
        after=("image-dev:api",),
        environment=("REGION",),
        repeat="nox -s image-release -- api",
        problems=("services/api/Dockerfile:3: found no stage",),
    ),
    optional=True,
    parted=("go.work",),
    signs=("node_modules/", "node_modules/a"),
)


def again(graph: Graph) -> Graph:
    """As the store gives it back."""
    return parsed_graph(json.loads(json.dumps(rendered_graph(graph))), KINDS)


def without_subjects(graph: Graph) -> dict[str, Target]:
    return {each: replace(target, subject=None) for each, target in graph.targets.items()}


@pytest.mark.parametrize("targets", [(), (PROTO,), (PROTO, STUBS, IMAGE)], ids=["none", "one", "several"])
def test_a_graph_comes_back_from_json_as_it_was(targets: tuple[Target, ...]) -> None:
    graph = Graph({each.id: each for each in targets})
    assert without_subjects(again(graph)) == graph.targets
    assert list(again(graph).targets) == [each.id for each in targets]


def test_what_comes_back_can_be_a_key_and_a_kind_again() -> None:
    """Lists would compare unlike tuples, and texts have no parts."""
    target = again(Graph({"proto": PROTO, "stubs:ts": STUBS})).targets["stubs:ts"]
    assert target.kind is KINDS["stubs"]
    assert (target.id.kind, target.id.name, target.dependencies[0].kind) == ("stubs", "ts", "proto")
    assert type(target.inputs) is Inputs
    listed = (target.outputs, target.dependencies, target.after)
    assert {type(each) for each in (*listed, target.inputs.folders, target.inputs.ignore)} == {tuple}


@pytest.mark.parametrize(
    "subject",
    [
        Member(folder="sdk/ts", ecosystem="npm", name="@a/b", install_root=".", depends_on=("x",), checks=("build",)),
        BreakingException(rule="R", path="a.proto", reason="why", until=date(2027, 1, 31)),
        BufWorkspace(folder="proto", modules=("proto",), vendored=frozenset({"b", "a"})),
    ],
    ids=["member", "date", "set"],
)
def test_a_subject_comes_back_as_the_value_it_was(subject: object) -> None:
    target = again(Graph({"sdk:ts": a_target("sdk:ts", subject=subject)})).targets["sdk:ts"]
    assert subject_of(target, type(subject)) == subject


def test_a_graph_of_a_kind_that_is_not_known_any_more_is_none() -> None:
    document = rendered_graph(Graph({"old:x": a_target("old:x")}))
    with pytest.raises(KeyError):
        parsed_graph(document, KINDS)


def test_the_targets_above_fill_every_field_of_a_target() -> None:
    """Otherwise a new field could be lost unseen."""
    empty = a_target("x", path="x")
    for field in fields(Target):
        if field.name not in ("id", "kind", "path", "subject"):
            assert any(getattr(each, field.name) != getattr(empty, field.name) for each in (PROTO, STUBS, IMAGE)), field
    for field in fields(Inputs):
        assert any(getattr(each.inputs, field.name) != getattr(Inputs(), field.name) for each in (PROTO, IMAGE))


texts = st.text(max_size=8)
lists = st.lists(texts, max_size=3).map(tuple)
ids = st.builds(TargetId, st.sampled_from(sorted(KINDS)), texts)
id_lists = st.lists(ids, max_size=3).map(tuple)
inputs = st.builds(
    Inputs, folders=lists, files=lists, excludes=lists, globs=lists, context=texts, ignore=lists, whole=lists
)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    made = draw(ids)
    return Target(
        id=made,
        kind=KINDS[made.kind],
        path=draw(texts),
        language=draw(texts),
        inputs=draw(inputs),
        outputs=draw(lists),
        dependencies=draw(id_lists),
        after=draw(id_lists),
        tools=draw(st.dictionaries(texts, texts, max_size=3)),
        recipe=draw(texts),
        repeat=draw(texts),
    )


@given(st.lists(targets(), max_size=4, unique_by=lambda each: each.id))
def test_any_graph_comes_back_from_json_as_it_was(listed: list[Target]) -> None:
    graph = Graph({each.id: each for each in listed})
    assert without_subjects(again(graph)) == graph.targets


FILES = ("a/package.json", "a/main.ts", "Dockerfile.dev", "x.dockerignore")


@pytest.mark.parametrize(
    ("path", "counts"),
    [("a/package.json", True), ("Dockerfile.dev", True), ("x.dockerignore", True), ("a/main.ts", False)],
)
def test_the_key_covers_the_content_of_descriptors_and_of_nothing_else(
    write_tree: WriteTree, path: str, counts: bool
) -> None:
    root = write_tree(dict.fromkeys(FILES, "one"))

    def key(files: tuple[str, ...] = FILES, source: str = "pinned") -> str:
        return snapshot_key(
            files, Digests(root, KnownDigests()), ("package.json", "Dockerfile*", "*.dockerignore"), source
        )

    before = key()
    (root / path).write_text("two")
    assert (key() != before) is counts
    assert key(FILES[1:]) != key()
    assert key(source="system") != key()
