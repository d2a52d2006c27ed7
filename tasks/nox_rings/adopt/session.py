"""The first command in a repository: what is there, what is needed, and with --write the files for it."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.sessions.arguments import Parser
from nox_rings.sessions.frame import reported_errors

if TYPE_CHECKING:
    import nox

    from nox_rings.adopt.model import Problem, Survey, ToolOrigin
    from nox_rings.adopt.settings import Setting
    from nox_rings.ecosystems.view import WorkspaceView
    from nox_rings.engine.plan.graph import Graph
    from nox_rings.engine.process.runner import Runner
    from nox_rings.toolchain.toolchain import Toolchain


def adopt(session: nox.Session, *, command: str = "nox -s adopt --") -> None:
    """Show what nox-rings makes of this repository; `-- --write` writes the noxfile and the settings that it needs.

    Writes nothing otherwise, and never changes a noxfile that is there.

        nox -s adopt -- --write
    """
    with reported_errors(session, as_json="--json" in session.posargs):
        parser = Parser("adopt", "What is found, what is passed over, and what would be written, as a diff.")
        parser.prog = command
        parser.add_argument("--write", action="store_true", help="write it; a second time changes nothing")
        parser.add_argument("--dry-run", action="store_true", help="write nothing (the default)")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
        arguments = parser.parse(session.posargs)
        if not arguments.help_shown:
            _adopt(Path.cwd(), arguments, again=f"{command} --write")


def _adopt(root: Path, arguments: Namespace, *, again: str) -> None:
    import tempfile

    from nox_rings.adopt.model import plan_adoption
    from nox_rings.adopt.show import as_json, rendered
    from nox_rings.adopt.writing import read_texts, write_changes
    from nox_rings.engine.layout import Layout
    from nox_rings.sessions.children import new_runner
    from nox_rings.toolchain.toolchain import Source, Toolchain
    from nox_rings.workspace.git.worktree import Worktree

    runner = new_runner()
    with tempfile.TemporaryDirectory() as nowhere:
        # A look leaves nothing behind, not even what tools on PATH answered.
        tools_dir = Layout(root).tools if Layout(root).tools.exists() else Path(nowhere)
        files = Worktree(runner, root).list_files()
        source: Source = "system" if os.environ.get("NOX_RINGS_TOOLS") == "system" else "pinned"
        tools = Toolchain(root, tools_dir, runner, source=source, announce=print, files=files)
        view = _view(root, files, tools)
        graph, survey = _survey(root, view, tools)
        top = Worktree(runner, root).top()
    if top != root.resolve():
        print(f"  this is a folder of the repository at {top}: only what lies in it is looked at", file=sys.stderr)
    settings = tuple(_settings(root, runner, view, graph))
    adoption = plan_adoption(read_texts(root, view.index.workspace.images), settings, version=_version())
    write = arguments.write and not arguments.dry_run
    if write:
        write_changes(root, adoption.changes)
    if arguments.json:
        print(json.dumps(as_json(survey, adoption, written=write), indent=2))
    else:
        print(rendered(survey, adoption, written=write, again=again), flush=True)


def _version() -> str:
    from importlib import metadata

    try:
        return metadata.version("nox-rings")
    except metadata.PackageNotFoundError:  # it runs from its sources
        return ""


def _view(root: Path, files: tuple[str, ...], tools: Toolchain) -> WorkspaceView:
    """Raises what makes a repository unreadable: no git work tree, a pyproject.toml that is no TOML."""
    from nox_rings.capabilities import CAPABILITIES
    from nox_rings.ecosystems.all import ECOSYSTEMS
    from nox_rings.sessions.discovery import load_view
    from nox_rings.workspace.config import load_config

    descriptors = [name for each in CAPABILITIES for name in each.descriptors]
    descriptors += [name for each in ECOSYSTEMS for name in each.descriptors]
    ecosystems = {each.name: each for each in ECOSYSTEMS}
    return load_view(root, files, load_config(root), ecosystems, tools, tuple(dict.fromkeys(descriptors)))


def _survey(root: Path, view: WorkspaceView, tools: Toolchain) -> tuple[Graph | None, Survey]:
    """Without a graph where something is wrong with all of it."""
    from nox_rings.adopt.model import Problem, Survey
    from nox_rings.capabilities import CAPABILITIES
    from nox_rings.engine.errors import ProblemsError
    from nox_rings.sessions.discovery import derive_graph, passed_over

    graph: Graph | None = None
    problems: tuple[Problem, ...] = ()
    try:
        graph = derive_graph(view, CAPABILITIES)
        problems = tuple(_problems(graph))
    except ProblemsError as error:
        problems = tuple(Problem(target="", sentence=each) for each in error.problems)
    workspace = view.index.workspace
    ecosystems = [member.ecosystem for member in workspace.members]
    return graph, Survey(
        members={name: ecosystems.count(name) for name in view.ecosystems},
        edges=sum(len(member.depends_on) for member in workspace.members),
        schemas=len(workspace.schemas),
        images=len(workspace.images),
        targets=len(graph.targets) if graph else 0,
        problems=problems,
        passed_over=passed_over(view, graph, root) if graph else workspace.passed_over,
        tools=tuple(_tools(graph, tools)) if graph else (),
    )


def _problems(graph: Graph) -> Iterator[Problem]:
    from nox_rings.adopt.model import Problem

    for target in graph.targets.values():
        yield from (Problem(target=str(target.id), sentence=each) for each in target.problems)


def _tools(graph: Graph, tools: Toolchain) -> Iterator[ToolOrigin]:
    from nox_rings.adopt.model import ToolOrigin

    for row in tools.status(*sorted({name for target in graph.targets.values() for name in target.tools})):
        if row.blocks:
            yield ToolOrigin(name=row.name, version=row.found, origin="", how=row.how)
        else:
            yield ToolOrigin(name=row.name, version=row.found or row.wanted, origin=row.origin)


def _settings(root: Path, runner: Runner, view: WorkspaceView, graph: Graph | None) -> Iterator[Setting]:
    """What discovery cannot know by itself."""
    from nox_rings.adopt.facts import default_branch, seed_version
    from nox_rings.artifacts.kinds import ARTIFACT

    if view.index.workspace.schemas and not view.config.proto.default_branch:
        yield from default_branch(runner, root)
    if graph and any(target.kind == ARTIFACT for target in graph.targets.values()):
        yield from seed_version(runner, root, view.index.workspace.members)
