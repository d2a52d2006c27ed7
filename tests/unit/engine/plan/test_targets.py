from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from nox_rings.engine.plan.graph import Graph, graph_of
from nox_rings.engine.plan.targets import Encoded, Target, TargetId, subject_of
from unit.targets import KINDS, a_target

PROTO = a_target("proto", path="proto/buf.yaml")
STUBS = a_target(
    "stubs:ts",
    path="proto/buf.gen.yaml",
    dependencies=("proto",),
    outputs=("packages/ts/src/gen",),
)
SDK = a_target("sdk:ts", path="packages/ts", dependencies=("stubs:ts",), outputs=("packages/ts/dist",))
GRAPH = a_target("service:graph", path="services/graph", dependencies=("sdk:ts",))
DEV = a_target("image-dev:graph", path="services/graph/Dockerfile.dev", after=("service:graph",))
ALL = (GRAPH, DEV, SDK, STUBS, PROTO)


def target(target_id: str, *dependencies: str, path: str = "", outputs: tuple[str, ...] = ()) -> Target:
    return a_target(target_id, path=path, dependencies=dependencies, outputs=outputs)


def test_a_sound_graph_has_no_problems() -> None:
    graph, problems = graph_of(ALL)
    assert problems == ()
    assert set(graph.targets) == {"proto", "stubs:ts", "sdk:ts", "service:graph", "image-dev:graph"}


@pytest.mark.parametrize(
    ("targets", "problems"),
    [
        (
            (target("sdk:a", path="libs/a"), target("sdk:a", path="apps/a")),
            ("apps/a: target sdk:a is also made from libs/a",),
        ),
        (
            (target("sdk:a", "stubs:none", path="libs/a"),),
            ("libs/a: sdk:a depends on stubs:none, which no file of this workspace describes",),
        ),
        (
            (target("a", "b", path="libs/a"), target("b", "c", path="libs/b"), target("c", "a", path="libs/c")),
            ("libs/a, libs/b, libs/c: dependency cycle a → b → c → a; expected none",),
        ),
        ((target("a", "a", path="libs/a"),), ("libs/a: dependency cycle a → a; expected none",)),
    ],
    ids=["id twice", "unknown dependency", "cycle", "own dependency"],
)
def test_each_kind_of_problem_names_its_locations(targets: tuple[Target, ...], problems: tuple[str, ...]) -> None:
    found = graph_of(targets)[1]
    assert [_sorted_cycle(each) for each in found] == [_sorted_cycle(each) for each in problems]


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        (("gen",), ("gen",), "two.yaml: b writes gen, which a (one.yaml) writes too"),
        (("gen",), ("gen/ts",), "two.yaml: b writes gen/ts, which a (one.yaml) writes too"),
        (("gen/ts",), ("gen",), "two.yaml: b writes gen, which a (one.yaml) writes too"),
        (("gen",), ("gen2",), ""),
    ],
    ids=["same", "inside", "around", "beside"],
)
def test_of_two_writers_of_one_path_the_later_one_alone_cannot_be_made(
    first: tuple[str, ...], second: tuple[str, ...], problem: str
) -> None:
    graph, problems = graph_of(
        (target("a", path="one.yaml", outputs=first), target("b", path="two.yaml", outputs=second))
    )
    assert problems == ()
    assert graph.targets["a"].problems == ()
    assert graph.targets["b"].problems == ((problem,) if problem else ())


def _sorted_cycle(problem: str) -> str:
    """A cycle may be reported from any of its members on; here from the smallest one."""
    head, found, tail = problem.partition("dependency cycle ")
    if not found:
        return problem
    ring = tail.removesuffix("; expected none").split(" → ")[:-1]
    at = ring.index(min(ring))
    return f"{head}{found}{' → '.join([*ring[at:], *ring[: at + 1]])}; expected none"


def test_every_problem_is_reported_at_once_and_a_cycle_beside_the_others() -> None:
    targets = (
        target("a", "b"),
        target("b", "a"),
        target("c", "none"),
        target("c", path="elsewhere"),
    )
    problems = graph_of(targets)[1]
    reported = ("also made from", "which no file", "dependency cycle")
    assert len(problems) == 3
    assert all(any(word in problem for problem in problems) for word in reported)


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
        a_target("artifact:a", path="a"),
        a_target("service:b", path="b"),
        a_target("service:a", path="a"),
        a_target("install:uv", path="uv.lock"),
        a_target("proto", path="buf.yaml"),
    )
    graph = graph_of(listed)[0]
    assert graph.ordered(list(graph.targets)) == ("proto", "install:uv", "service:a", "service:b", "artifact:a")
    assert graph.of_kind(KINDS["service"], KINDS["proto"]) == ("proto", "service:a", "service:b")


def test_every_kind_of_nox_rings_is_in_a_ring_and_has_a_unique_rank() -> None:
    assert {name: kind.ring for name, kind in KINDS.items()} == {
        **dict.fromkeys(("proto", "stubs"), 0),
        **dict.fromkeys(("install", "sdk", "package", "service", "image-dev"), 1),
        **dict.fromkeys(("image-release", "artifact", "install-check", "smoke"), 2),
    }
    assert [kind.rank for kind in KINDS.values()] == list(range(len(KINDS)))


def test_an_id_is_its_text_and_knows_its_parts() -> None:
    made = TargetId("install", "pnpm:apps/web")
    assert made == "install:pnpm:apps/web"
    assert (made.kind, made.name) == ("install", "pnpm:apps/web")
    assert TargetId("proto") == "proto"
    as_text: dict[str, int] = {made: 1}
    assert as_text["install:pnpm:apps/web"] == 1


def test_a_subject_of_another_type_is_a_bug_and_says_so() -> None:
    with pytest.raises(TypeError, match="sdk:ts: found a subject of type int, expected str"):
        subject_of(a_target("sdk:ts", subject=1), str)


def test_subjects_are_decoded_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads that meet a dataclass for the first time end the process (msgspec 0.22)."""
    decoding = threading.Lock()

    def convert(document: object, expected: type) -> object:
        assert decoding.acquire(blocking=False)
        time.sleep(0.01)
        decoding.release()
        return document

    monkeypatch.setattr("msgspec.convert", convert)
    wanted = replace(a_target("sdk:ts"), subject=Encoded('["a"]'))
    with ThreadPoolExecutor(max_workers=4) as pool:
        assert [*pool.map(lambda _: subject_of(wanted, list), range(8))] == [["a"]] * 8
