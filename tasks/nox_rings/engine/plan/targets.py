"""The graph of targets: frozen values, validated all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from nox_rings.engine.paths import is_under


class Kind(StrEnum):
    PROTO = "proto"
    STUBS = "stubs"
    INSTALL = "install"
    SDK = "sdk"
    PACKAGE = "package"
    SERVICE = "service"
    IMAGE_DEV = "image-dev"
    IMAGE_RELEASE = "image-release"
    ARTIFACT = "artifact"
    INSTALL_CHECK = "install-check"
    SMOKE = "smoke"


RING: Mapping[Kind, int] = {
    Kind.PROTO: 0,
    Kind.STUBS: 0,
    Kind.INSTALL: 1,
    Kind.SDK: 1,
    Kind.PACKAGE: 1,
    Kind.SERVICE: 1,
    Kind.IMAGE_DEV: 1,
    Kind.IMAGE_RELEASE: 2,
    Kind.ARTIFACT: 2,
    Kind.INSTALL_CHECK: 2,
    Kind.SMOKE: 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Files a target reads: the listed files of `folders`, less what lies under `less`; single `files`; and, for an
    image, everything on disk under `walked` except what the patterns `ignore` (of `context`) leave out."""

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    walked: tuple[str, ...] = ()
    context: str = "."
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`place` is the folder of the manifest or the path of the Dockerfile. `outputs` are files or whole folders.
    `dependencies` must be done first and make this stale when they change; `after` only orders. `versioned` targets
    carry the version tuple in what they make. `tools` are names of the toolchain. `commands` is the digest of the
    commands that make it."""

    id: str
    kind: Kind
    place: str
    inputs: Inputs = field(default_factory=Inputs)
    outputs: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    versioned: bool = False
    commands: str = ""

    @property
    def ring(self) -> int:
        return RING[self.kind]

    @property
    def session(self) -> str:
        """The nox call that repeats a target whose commands need more than themselves: an engine, a registry, a server,
        a set of artifacts that are gone or unknown when it ended. Empty for the others."""
        if self.kind in (Kind.IMAGE_DEV, Kind.IMAGE_RELEASE, Kind.SMOKE):
            return f"nox -s {self.kind} -- {self.id.partition(':')[2]}"
        if self.kind is Kind.INSTALL_CHECK:
            return f"nox -s sdk-{self.id.partition(':')[2]} -- --pack"
        return ""


@dataclass(frozen=True, slots=True)
class Graph:
    targets: Mapping[str, Target]

    def closure(self, selected: Iterable[str]) -> frozenset[str]:
        """The selected ids and everything they depend on."""
        found: set[str] = set()
        waiting = list(selected)
        while waiting:
            target_id = waiting.pop()
            if target_id not in found:
                found.add(target_id)
                waiting.extend(self.targets[target_id].dependencies)
        return frozenset(found)

    def ordered(self, ids: Collection[str]) -> tuple[str, ...]:
        """`ids` so that each comes after what it needs; otherwise by ring, kind and name, the same on every machine."""
        sorter: TopologicalSorter[str] = TopologicalSorter(self.predecessors(ids))
        sorter.prepare()
        order: list[str] = []
        ready: list[str] = []
        while sorter.is_active():
            ready = sorted([*ready, *sorter.get_ready()], key=self.rank)
            order.append(ready.pop(0))
            sorter.done(order[-1])
        return tuple(order)

    def predecessors(self, ids: Collection[str]) -> dict[str, list[str]]:
        chosen = frozenset(ids)
        return {
            target_id: [
                other
                for other in (*self.targets[target_id].dependencies, *self.targets[target_id].after)
                if other in chosen
            ]
            for target_id in chosen
        }

    def rank(self, target_id: str) -> tuple[int, int, str]:
        target = self.targets[target_id]
        return (target.ring, list(Kind).index(target.kind), target_id)

    def of_kind(self, *kinds: Kind) -> tuple[str, ...]:
        found = [target.id for target in self.targets.values() if target.kind in kinds]
        return tuple(sorted(found, key=self.rank))


def graph_of(targets: Iterable[Target]) -> tuple[Graph, tuple[str, ...]]:
    """The graph and everything wrong with it: an id twice, an unknown dependency, a cycle, two writers of one path."""
    listed = tuple(targets)
    by_id: dict[str, Target] = {}
    problems: list[str] = []
    for target in listed:
        if target.id in by_id:
            problems.append(f"{target.place}: target {target.id} is also made from {by_id[target.id].place}")
        by_id.setdefault(target.id, target)
    for target in listed:
        problems.extend(
            f"{target.place}: {target.id} depends on {other}, which no file of this workspace describes"
            for other in target.dependencies
            if other not in by_id
        )
    problems.extend(_shared_outputs(listed))
    problems.extend(_cycles(by_id))
    return Graph(by_id), tuple(problems)


def _shared_outputs(targets: tuple[Target, ...]) -> list[str]:
    claims = [(output, target) for target in targets for output in target.outputs]
    return [
        f"{second.place}: {second.id} writes {theirs}, which {first.id} ({first.place}) writes too"
        for index, (ours, first) in enumerate(claims)
        for theirs, second in claims[index + 1 :]
        if second.id != first.id and (is_under(ours, theirs) or is_under(theirs, ours))
    ]


def _cycles(targets: Mapping[str, Target]) -> list[str]:
    try:
        TopologicalSorter({target.id: target.dependencies for target in targets.values()}).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        places = ", ".join(sorted({targets[target_id].place for target_id in ring}))
        return [f"{places}: dependency cycle {' → '.join(reversed(ring))}; expected none"]
    return []
