"""Everything a session knows about the workspace it runs in.

The fresh answer is the hot path: one listing by git, the digests of what changed since the last look, and the graph as
it was derived then. Discovery (YAML, TOML, Dockerfiles) runs only when a descriptor, the set of files or this code
changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.layout import Layout
from nox_rings.engine.paths import files_under, is_under
from nox_rings.engine.plan.plan import Facts, Intent, Plan, Purpose, digest_of, plan_targets
from nox_rings.engine.plan.targets import Graph, Inputs, Kind, Target, graph_of
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.store.digests import Digests
from nox_rings.engine.store.snapshot import parsed_graph, rendered_graph, snapshot_key
from nox_rings.engine.store.state import load_state
from nox_rings.schema.breaking.comparisons import Comparisons
from nox_rings.workspace.git import worktree as git

if TYPE_CHECKING:
    from nox_rings.engine.run.steps import Step
    from nox_rings.images.engine import ImageEngine
    from nox_rings.schema.breaking.baseline import Baselines
    from nox_rings.sessions.kitchen import Kitchen
    from nox_rings.toolchain.toolchain import Toolchain
    from nox_rings.workspace.config import Config
    from nox_rings.workspace.model import Workspace
    from nox_rings.workspace.versions import VersionTuple


class Workbench:
    def __init__(
        self,
        root: Path,
        runner: Runner,
        *,
        tools_source: Literal["pinned", "system"] = "pinned",
        intent: Intent = Intent(),  # noqa: B008 - a frozen value
    ) -> None:
        self.layout = Layout(root)
        self.runner = runner
        self.tools_source = tools_source
        self.intent = intent
        look = git.look_around(runner, root)
        self.files, self._refs = look.files, look.refs
        self.state = load_state(self.layout)
        self.digests = Digests(root, self.state.files)
        self.announce: Callable[[str], None] = lambda text: print(f"  {text}", file=sys.stderr, flush=True)

    @cached_property
    def config(self) -> Config:
        from nox_rings.workspace.config import load_config

        return load_config(self.layout.root)

    @cached_property
    def head(self) -> git.Head:
        return git.find_head(self.runner, self.layout.root)

    @cached_property
    def versions(self) -> VersionTuple:
        from nox_rings.workspace.versions import compute_versions

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
        key = snapshot_key(self.files, self.digests, self.tools_source)
        snapshot = self.state.snapshot
        if snapshot.get("key") == key:
            return parsed_graph(snapshot["targets"])
        graph, _ = self.derived
        self.state.snapshot = {
            "key": key,
            "targets": rendered_graph(graph),
            "seed": self.config.seed_version,
            "exceptions": [each.until.isoformat() for each in self.config.proto.exceptions],
        }
        self.state.save_files()
        return graph

    @cached_property
    def workspace(self) -> Workspace:
        from nox_rings.sessions.discovery import discover_workspace

        return discover_workspace(self.layout.root, self.files, self.config)

    @cached_property
    def derived(self) -> tuple[Graph, Mapping[str, object]]:
        """The graph from the descriptors, and the origin of each target. Raises WorkspaceInvalidError."""
        from nox_rings.sessions.derivation import Derivation
        from nox_rings.sessions.discovery import strangers
        from nox_rings.sessions.packed_targets import OPTIONAL_TOOLS

        smokes = {path.rsplit("/smoke/", 1)[0] for path in self.files if "/smoke/" in path}
        derived = Derivation(
            self.workspace,
            member_inputs=self.config.member_inputs,
            smoke_server=self.config.smoke.server,
            smokes=frozenset(smokes),
            pinned=frozenset(each for each in OPTIONAL_TOOLS if self.toolchain.pin(each)),
        ).derive()
        graph, problems = graph_of(derived.targets)
        problems = (*problems, *strangers(self.config, self.workspace, graph))
        if problems:
            raise WorkspaceInvalidError(problems)
        finished = {each.id: self._finished(each, derived.origins[each.id]) for each in graph.targets.values()}
        return Graph(finished), derived.origins

    def _finished(self, target: Target, origin: object) -> Target:
        """With the versions of its tools and the digest of its commands."""
        from nox_rings.engine.run.steps import stable
        from nox_rings.sessions.kitchen import steps_for
        from nox_rings.workspace.versions import NO_VERSIONS

        root = self.layout.root
        commands = [stable(step, root) for step in steps_for(target, origin, self.kitchen(NO_VERSIONS))]
        tools = self.toolchain.versions(*target.tools)
        return replace(target, tools=tools, commands=digest_of(*commands))

    @cached_property
    def toolchain(self) -> Toolchain:
        from nox_rings.toolchain.toolchain import Toolchain

        return Toolchain(
            self.layout.root,
            self.layout.tools,
            self.runner,
            source=self.tools_source,
            announce=lambda text: self.announce(text),
        )

    def kitchen(self, versions: VersionTuple) -> Kitchen:
        from nox_rings.ecosystems.registries import free_port
        from nox_rings.sessions.kitchen import Kitchen
        from nox_rings.workspace.versions import NO_VERSIONS

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
            toolchain=lambda: self.toolchain,
            baselines=(lambda _: ()) if settled else self.comparisons.of,
            purpose=Purpose.MAKE if settled else self.intent.purpose,
        )

    @cached_property
    def engine(self) -> ImageEngine:
        from nox_rings.images.engine import ImageEngine

        say = lambda text: self.announce(text)  # noqa: E731
        return ImageEngine(self.runner, self.layout, self.toolchain, self.config.bases, say)

    def close(self) -> None:
        """Stop what this run started; to be called before the runner ends."""
        if "engine" in self.__dict__:
            self.engine.close()

    def steps(self, target: Target) -> Sequence[Step]:
        from nox_rings.sessions.kitchen import steps_for

        return steps_for(target, self.derived[1][target.id], self.kitchen(self.versions))

    def credentials(self, target: Target) -> Mapping[str, str]:
        """What makes the target's commands known to the registries they ask: nothing, where all is local. Raises
        CredentialMissingError."""
        from nox_rings.sessions.derivation import remotes_of

        remotes = remotes_of(self.derived[1][target.id])
        if not remotes:
            return {}
        from nox_rings.schema.credentials.netrc import require_buf_credentials

        return require_buf_credentials(self.layout.root, os.environ, remotes, target.place)

    def facts(self, target: Target) -> Facts:
        """What is there now: the digests of what the target reads and of what it made."""
        outputs = (
            path for output in target.outputs for path in self.digests.walk(output) if self._stands(target, path)
        )
        return Facts(
            inputs=self.digests.of(self._paths(target.inputs)),
            outputs=self.digests.of(outputs),
            tools=target.tools,
            commands=target.commands,
            version=self.versions.npm if target.versioned else "",
            baseline=self.comparisons.text(schema_folder(target)) if target.kind is Kind.PROTO else "",
        )

    def _stands(self, target: Target, output: str) -> bool:
        """A receipt without its image counts for nothing."""
        if target.kind not in (Kind.IMAGE_DEV, Kind.IMAGE_RELEASE):
            return True
        from nox_rings.images.receipts import is_backed

        return is_backed(self.layout.root / output)

    @cached_property
    def comparisons(self) -> Comparisons:
        """What each schema is compared with for breaking changes."""
        return Comparisons(
            state=self.state,
            key=digest_of(self._refs, self.intent.against, str(self.state.snapshot.get("key"))),
            files=self.files,
            finder=self._baselines,
        )

    def _baselines(self) -> Baselines:
        from nox_rings.schema.breaking.baseline import Baselines
        from nox_rings.workspace.git.history import History

        return Baselines(
            History(self.runner, self.layout.root),
            default_branch=self.config.proto.default_branch,
            against=self.intent.against,
            with_release=bool(self.config.proto.exceptions),
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
        from nox_rings.engine.patterns import glob_regex

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


def schema_folder(target: Target) -> str:
    """The folder of the schema of a `proto` target, whose place is its buf.yaml."""
    return target.place.rpartition("/")[0] or "."
