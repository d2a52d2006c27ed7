from __future__ import annotations

import pytest

from nox_rings.engine.plan.targets import RING, Graph, Kind, Target, graph_of

PROTO = Target(id="proto", kind=Kind.PROTO, place="proto/buf.yaml")
STUBS = Target(
    id="stubs:ts",
    kind=Kind.STUBS,
    place="proto/buf.gen.yaml",
    dependencies=("proto",),
    outputs=("packages/ts/src/gen",),
)
SDK = Target(id="sdk:ts", kind=Kind.SDK, place="packages/ts", dependencies=("stubs:ts",), outputs=("packages/ts/dist",))
GRAPH = Target(id="service:graph", kind=Kind.SERVICE, place="services/graph", dependencies=("sdk:ts",))
DEV = Target(id="image-dev:graph", kind=Kind.IMAGE_DEV, place="services/graph/Dockerfile.dev", after=("service:graph",))
ALL = (GRAPH, DEV, SDK, STUBS, PROTO)


def target(target_id: str, *dependencies: str, place: str = "", outputs: tuple[str, ...] = ()) -> Target:
    return Target(id=target_id, kind=Kind.PACKAGE, place=place or target_id, dependencies=dependencies, outputs=outputs)


def test_a_sound_graph_has_no_problems() -> None:
    graph, problems = graph_of(ALL)
    assert problems == ()
    assert set(graph.targets) == {"proto", "stubs:ts", "sdk:ts", "service:graph", "image-dev:graph"}


@pytest.mark.parametrize(
    ("targets", "problems"),
    [
        (
            (target("sdk:a", place="libs/a"), target("sdk:a", place="apps/a")),
            ("apps/a: target sdk:a is also made from libs/a",),
        ),
        (
            (target("sdk:a", "stubs:none", place="libs/a"),),
            ("libs/a: sdk:a depends on stubs:none, which no file of this workspace describes",),
        ),
        (
            (target("a", "b", place="libs/a"), target("b", "c", place="libs/b"), target("c", "a", place="libs/c")),
            ("libs/a, libs/b, libs/c: dependency cycle a → b → c → a; expected none",),
        ),
        ((target("a", "a", place="libs/a"),), ("libs/a: dependency cycle a → a; expected none",)),
        (
            (target("a", place="one.yaml", outputs=("gen",)), target("b", place="two.yaml", outputs=("gen",))),
            ("two.yaml: b writes gen, which a (one.yaml) writes too",),
        ),
        (
            (target("a", place="one.yaml", outputs=("gen",)), target("b", place="two.yaml", outputs=("gen/ts",))),
            ("two.yaml: b writes gen/ts, which a (one.yaml) writes too",),
        ),
        (
            (target("a", place="one.yaml", outputs=("gen/ts",)), target("b", place="two.yaml", outputs=("gen",))),
            ("two.yaml: b writes gen, which a (one.yaml) writes too",),
        ),
        ((target("a", outputs=("gen",)), target("b", outputs=("gen2",))), ()),
    ],
    ids=["id twice", "unknown dependency", "cycle", "own dependency", "same output", "inside", "around", "no overlap"],
)
def test_each_kind_of_problem_names_its_places(targets: tuple[Target, ...], problems: tuple[str, ...]) -> None:
    found = graph_of(targets)[1]
    assert [_sorted_cycle(each) for each in found] == [_sorted_cycle(each) for each in problems]


def _sorted_cycle(problem: str) -> str:
    """A cycle may be told from any of its members on; here from the smallest one."""
    head, found, tail = problem.partition("dependency cycle ")
    if not found:
        return problem
    ring = tail.removesuffix("; expected none").split(" → ")[:-1]
    at = ring.index(min(ring))
    return f"{head}{found}{' → '.join([*ring[at:], *ring[: at + 1]])}; expected none"


def test_every_problem_is_told_at_once_and_a_cycle_beside_the_others() -> None:
    targets = (
        target("a", "b", outputs=("gen",)),
        target("b", "a", outputs=("gen",)),
        target("c", "none"),
        target("c", place="elsewhere"),
    )
    problems = graph_of(targets)[1]
    told = ("also made from", "which no file", "writes gen", "dependency cycle")
    assert len(problems) == 4
    assert all(any(word in problem for problem in problems) for word in told)


@pytest.mark.parametrize(
    ("selected", "closure"),
    [
        (["proto"], {"proto"}),
        (["sdk:ts"], {"sdk:ts", "stubs:ts", "proto"}),
        (["service:graph", "proto"], {"service:graph", "sdk:ts", "stubs:ts", "proto"}),
        (["image-dev:graph"], {"image-dev:graph"}),
        ([], set()),
    ],
)
def test_the_closure_follows_dependencies_and_not_mere_order(selected: list[str], closure: set[str]) -> None:
    assert graph_of(ALL)[0].closure(selected) == closure


def test_the_order_puts_what_is_needed_first_and_does_not_depend_on_how_targets_are_listed() -> None:
    order = ("proto", "stubs:ts", "sdk:ts", "service:graph", "image-dev:graph")
    for listed in (ALL, ALL[::-1], (*ALL[2:], *ALL[:2])):
        graph = Graph({each.id: each for each in listed})
        assert graph.ordered(set(graph.targets)) == order


def test_what_can_go_side_by_side_is_ordered_by_ring_kind_and_name() -> None:
    listed = (
        Target(id="artifact:a", kind=Kind.ARTIFACT, place="a"),
        Target(id="service:b", kind=Kind.SERVICE, place="b"),
        Target(id="service:a", kind=Kind.SERVICE, place="a"),
        Target(id="install:uv", kind=Kind.INSTALL, place="uv.lock"),
        Target(id="proto", kind=Kind.PROTO, place="buf.yaml"),
    )
    graph = graph_of(listed)[0]
    assert graph.ordered(list(graph.targets)) == ("proto", "install:uv", "service:a", "service:b", "artifact:a")
    assert graph.of_kind(Kind.SERVICE, Kind.PROTO) == ("proto", "service:a", "service:b")


def test_every_kind_lies_in_a_ring() -> None:
    assert set(RING) == set(Kind)
    assert {Kind.PROTO: 0, Kind.SDK: 1, Kind.SMOKE: 2}.items() <= RING.items()
    assert PROTO.ring == 0
