"""`--trace`: what each target may read and write, from the graph, the facts of now and the records of earlier runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nox_rings.engine.errors import ToolUnavailableError
from nox_rings.engine.layout import file_name
from nox_rings.members.derive import INSTALLED
from nox_rings.members.kinds import INSTALL, PACKAGE, SDK, SERVICE
from nox_rings.tracing.judging import Allowed
from nox_rings.tracing.observation import Advice, TracedTarget, Tracing
from nox_rings.tracing.strace import require_strace
from nox_rings.workspace.git.commands import GIT

if TYPE_CHECKING:
    from nox_rings.engine.layout import Layout
    from nox_rings.engine.plan.graph import Graph
    from nox_rings.engine.plan.records import Facts, Record
    from nox_rings.engine.plan.targets import Target
    from nox_rings.engine.process.command import Command
    from nox_rings.engine.process.runner import Runner
    from nox_rings.engine.run.observing import Observe

MEMBERS = (SDK, PACKAGE, SERVICE)
OURS = "a fault of nox-rings, which declares what this target uses: report it"


class Passed(NamedTuple):
    """What a target sees of those it depends on: files that the digests it compares cover, and targets that install."""

    files: frozenset[str]
    installs: tuple[Target, ...]


class Known(NamedTuple):
    """Of a run: `records` are what is known of targets, `uncompared` files that programs open for a target beside its
    inputs, `programs` finds tools by name."""

    layout: Layout
    graph: Graph
    records: Callable[[str], Record | None]
    uncompared: Callable[[Target], Mapping[str, Collection[str]]]
    programs: Callable[[str], Path]


def tracer(known: Known, runner: Runner, list_files: Callable[[], tuple[str, ...]]) -> Observe:
    """Raises ToolUnavailableError where nothing can be traced."""
    layout = known.layout
    tracing = Tracing(
        root=layout.root, runner=runner, program=require_strace(runner), list_files=list_files, exempt=is_own_query
    )

    def observe(target: Target, before: Facts) -> TracedTarget:
        folder = layout.own / "traces" / file_name(target.id)
        return TracedTarget(tracing, folder, advice_of(target), lambda: allowed_of(target, before, known))

    return observe


def _files_with_parts(target: Target) -> Iterator[str]:
    """The files of which a target reads a part: `FILE#PART`, `FILE [TABLE]`."""
    for name in (*target.inputs.parts, *target.inputs.own_parts):
        yield name.partition("#")[0].partition(" [")[0]


def is_own_query(command: Command) -> bool:
    """What nox-rings itself asks git is compared beyond files."""
    return command.argv[: len(GIT)] == GIT


def allowed_of(target: Target, before: Facts, known: Known) -> Allowed:
    layout, passed = known.layout, passed_on(target, known.graph, known.records)
    made = (*target.outputs, *target.possible_outputs, *filter(None, (target.listing,)))
    own = (target,) if target.kind == INSTALL else ()
    return Allowed(
        reads=frozenset((*before.inputs, *_files_with_parts(target), *_programs(target, known))) | passed.files,
        uncompared={program: frozenset(files) for program, files in known.uncompared(target).items()},
        writes=frozenset(made),
        stage=layout.stage(target.id).relative_to(layout.root).as_posix(),
        installed=INSTALLED,
        installs=tuple(_folder(each) for each in (*own, *passed.installs)),
        installing=tuple(map(_folder, own)),
    )


def _programs(target: Target, known: Known) -> Iterator[str]:
    """Tools that lie in the workspace: their versions are compared."""
    for name in target.tools:
        with suppress(ToolUnavailableError, ValueError):
            yield known.programs(name).relative_to(known.layout.root).as_posix()


def _folder(install: Target) -> str:
    """Where the lockfile lies."""
    return install.path.rpartition("/")[0] or "."


def passed_on(target: Target, graph: Graph, records: Callable[[str], Record | None]) -> Passed:
    """What `Record.digest` of each dependency covers: what it made, and what it read and depends on where it made
    nothing or dependents may read that."""
    files: set[str] = set()
    installs: dict[str, Target] = {}
    waiting, seen = list(target.dependencies), set[str]()
    while waiting:
        each = waiting.pop()
        if each in seen or (record := records(each)) is None:
            continue
        seen.add(each)
        files.update(record.facts.outputs)
        if graph.targets[each].kind == INSTALL:
            installs[each] = graph.targets[each]
        if record.exposed or not record.facts.outputs:
            files.update(record.facts.inputs)
            waiting.extend(graph.targets[each].dependencies)
    return Passed(frozenset(files), tuple(installs.values()))


def advice_of(target: Target) -> Advice:
    if target.kind not in MEMBERS:
        return Advice(target_id=target.id, declare_read=lambda _: OURS, declare_written=lambda _: OURS)
    table = f'pyproject.toml: [tool.nox-rings.members."{target.path}"]'
    return Advice(
        target_id=target.id,
        declare_read=lambda path: f'{table} inputs = ["{path}"]',
        declare_written=lambda path: (
            f'have it written elsewhere, or list all that is left: {table} outputs = ["{path}"]'
        ),
    )
