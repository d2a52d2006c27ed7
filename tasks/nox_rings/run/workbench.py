"""Everything a session knows about the workspace it runs in.

The fresh answer is the hot path: one listing by git, the digests of what changed since the last look, and the graph as
it was derived then. Discovery (YAML, TOML, Dockerfiles) runs only when a descriptor, the set of files or this code
changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nox_rings.adapters import git
from nox_rings.domain.places import files_under, is_under
from nox_rings.domain.plan import Facts, Plan, digest_of, plan_targets
from nox_rings.domain.targets import Graph, Inputs, Kind, Target, graph_of
from nox_rings.errors import WorkspaceInvalidError
from nox_rings.paths import Layout
from nox_rings.process import Runner
from nox_rings.run.digests import Digests
from nox_rings.run.state import load_state

if TYPE_CHECKING:
    from nox_rings.adapters.toolchain import Toolchain
    from nox_rings.config import Config
    from nox_rings.domain.versions import VersionTuple
    from nox_rings.domain.workspace import Workspace
    from nox_rings.run.engine import ImageEngine
    from nox_rings.run.recipes import Kitchen
    from nox_rings.run.steps import Step

DESCRIPTOR_NAMES = frozenset(
    {
        *("buf.yaml", "buf.work.yaml", "package.json", "pnpm-workspace.yaml", "pyproject.toml", "uv.lock"),
        *("go.mod", "go.work", ".dockerignore"),
    }
)
DESCRIPTOR_PREFIXES = ("Dockerfile", "buf.gen")


class Workbench:
    def __init__(self, root: Path, runner: Runner, *, tools_source: Literal["pinned", "system"] = "pinned") -> None:
        self.layout = Layout(root)
        self.runner = runner
        self.tools_source = tools_source
        self.files = git.list_files(runner, root)
        self.state = load_state(self.layout)
        self.digests = Digests(root, self.state.files)
        self.announce: Callable[[str], None] = lambda text: print(f"  {text}", file=sys.stderr, flush=True)

    @cached_property
    def config(self) -> Config:
        from nox_rings.config import load_config

        return load_config(self.layout.root)

    @cached_property
    def head(self) -> git.Head:
        return git.find_head(self.runner, self.layout.root)

    @cached_property
    def versions(self) -> VersionTuple:
        from nox_rings.domain.versions import compute_versions

        head = self.head
        return compute_versions(
            sha=head.sha,
            time_seconds=head.time_seconds,
            tags=head.tags,
            tags_here=head.tags_here,
            seed=str(self.state.snapshot.get("seed") or self.config.seed_version),
        )

    @cached_property
    def graph(self) -> Graph:
        key = self._snapshot_key()
        snapshot = self.state.snapshot
        if snapshot.get("key") == key:
            return Graph({target.id: target for target in map(_parsed_target, snapshot["targets"])})
        graph, _ = self.derived
        rendered = [asdict(target) for target in graph.targets.values()]
        self.state.snapshot = {"key": key, "targets": rendered, "seed": self.config.seed_version}
        self.state.save_files()
        return graph

    @cached_property
    def workspace(self) -> Workspace:
        from nox_rings.adapters.discovery import discover_workspace

        return discover_workspace(self.layout.root, self.files, self.config)

    @cached_property
    def derived(self) -> tuple[Graph, Mapping[str, object]]:
        """The graph from the descriptors, and the origin of each target. Raises WorkspaceInvalidError."""
        from nox_rings.adapters.discovery import strangers
        from nox_rings.domain.derivation import Derivation

        smokes = {path.rsplit("/smoke/", 1)[0] for path in self.files if "/smoke/" in path}
        derived = Derivation(
            self.workspace,
            member_inputs=self.config.member_inputs,
            smoke_server=self.config.smoke.server,
            smokes=frozenset(smokes),
        ).derive()
        graph, problems = graph_of(derived.targets)
        problems = (*problems, *strangers(self.config, self.workspace, graph))
        if problems:
            raise WorkspaceInvalidError(problems)
        finished = {each.id: self._finished(each, derived.origins[each.id]) for each in graph.targets.values()}
        return Graph(finished), derived.origins

    def _finished(self, target: Target, origin: object) -> Target:
        """With the versions of its tools and the digest of its commands."""
        from nox_rings.domain.versions import NO_VERSIONS
        from nox_rings.run.recipes import steps_for
        from nox_rings.run.steps import stable

        root = self.layout.root
        commands = [stable(step, root) for step in steps_for(target, origin, self.kitchen(NO_VERSIONS))]
        tools = self.toolchain.versions(*target.tools)
        return replace(target, tools=tools, commands=digest_of(*commands))

    @cached_property
    def toolchain(self) -> Toolchain:
        from nox_rings.adapters.toolchain import Toolchain

        return Toolchain(
            self.layout.root,
            self.layout.tools,
            self.runner,
            source=self.tools_source,
            announce=lambda text: self.announce(text),
        )

    def kitchen(self, versions: VersionTuple) -> Kitchen:
        from nox_rings.adapters.registries import free_port
        from nox_rings.domain.versions import NO_VERSIONS
        from nox_rings.run.recipes import Kitchen

        settled = versions is NO_VERSIONS
        return Kitchen(
            layout=self.layout,
            config=self.config,
            workspace=self.workspace,
            versions=versions,
            files=self.files,
            time_seconds=0 if settled else self.head.time_seconds,
            scratch=Path("/scratch") if settled else self.layout.scratch,
            port=(lambda: 0) if settled else free_port,
            engine=lambda: self.engine,
        )

    @cached_property
    def engine(self) -> ImageEngine:
        from nox_rings.run.engine import ImageEngine

        say = lambda text: self.announce(text)  # noqa: E731
        return ImageEngine(self.runner, self.layout, self.toolchain, self.config.base_images, say)

    def close(self) -> None:
        """Stop what this run started; to be called before the runner ends."""
        if "engine" in self.__dict__:
            self.engine.close()

    def steps(self, target: Target) -> Sequence[Step]:
        from nox_rings.run.recipes import steps_for

        return steps_for(target, self.derived[1][target.id], self.kitchen(self.versions))

    def facts(self, target: Target) -> Facts:
        """What is there now: the digests of what the target reads and of what it made."""
        outputs = (path for output in target.outputs for path in self.digests.walk(output))
        return Facts(
            inputs=self.digests.of(self._paths(target.inputs)),
            outputs=self.digests.of(outputs),
            tools=target.tools,
            commands=target.commands,
            version=self.versions.npm if target.versioned else "",
        )

    def _paths(self, inputs: Inputs) -> Iterator[str]:
        for folder in inputs.folders:
            for path in files_under(self.files, folder):
                if not any(is_under(path, less) for less in inputs.less):
                    yield path
        yield from inputs.files
        for walked in inputs.walked:
            if any(character in walked for character in "*?["):
                yield from self._matching(walked)
            else:
                yield from self.digests.walk(walked, context=inputs.context, ignore=inputs.ignore)

    def _matching(self, pattern: str) -> Iterator[str]:
        from nox_rings.domain.globs import glob_regex

        depth = pattern.count("/") + 1
        regex = glob_regex(pattern)
        yield from (path for path in self.files if regex.fullmatch("/".join(path.split("/")[:depth])))

    def relist(self) -> None:
        """Look again which files there are: generated stubs may have come or gone."""
        self.files = git.list_files(self.runner, self.layout.root)

    def plan(self, selected: Collection[str], *, forced: Collection[str] = ()) -> Plan:
        graph = self.graph
        chosen = graph.closure(selected)
        with self.digests.one_look():
            facts = {target_id: self.facts(graph.targets[target_id]) for target_id in chosen}
        plan = plan_targets(graph, selected, facts=facts, records=self.state.records, forced=forced)
        if self.digests.changed:
            self.digests.changed = False
            self.state.save_files()
        return plan

    def _snapshot_key(self) -> str:
        """The set of files, the content of descriptors, this code, and where tools come from."""
        descriptors = [path for path in self.files if _is_descriptor(path)]
        digests = self.digests.of(tuple(descriptors))
        code = [f"{entry.name}{entry.stat().st_mtime_ns}" for entry in _own_files(str(Path(__file__).parents[1]))]
        parts = (f"{path}={digest}" for path, digest in digests.items())
        return digest_of(self.tools_source, *self.files, "|", *parts, "|", *code)


def _is_descriptor(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in DESCRIPTOR_NAMES or name.startswith(DESCRIPTOR_PREFIXES) or name.endswith(".dockerignore")


def _own_files(folder: str) -> Iterator[os.DirEntry[str]]:
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        if entry.is_dir():
            yield from _own_files(entry.path)
        elif entry.name.endswith(".py"):
            yield entry


def _parsed_target(document: dict[str, Any]) -> Target:
    """The inverse of `asdict` after JSON, which knows lists where we have tuples."""
    listed: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in document.items()
    }
    inputs: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in document["inputs"].items()
    }
    return Target(**{**listed, "kind": Kind(document["kind"]), "inputs": Inputs(**inputs)})
