"""One nox session's run: the workspace it found, what it plans, and how it carries that out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nox_rings.capabilities import CAPABILITIES
from nox_rings.ecosystems.all import ECOSYSTEMS
from nox_rings.ecosystems.context import RecipeContext
from nox_rings.engine.layout import Layout
from nox_rings.engine.once import Once, Resources
from nox_rings.engine.plan.plan import Intent
from nox_rings.engine.plan.records import digest_of
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.store.clock import known_window, measured_window, rendered_window
from nox_rings.engine.store.digests import Digests
from nox_rings.engine.store.snapshot import parsed_graph, rendered_graph, snapshot_key
from nox_rings.engine.store.state import load_state
from nox_rings.sessions.planner import Planner
from nox_rings.sessions.reading import reads_the_same
from nox_rings.toolchain.programs import programs_are_those
from nox_rings.workspace.git.worktree import Worktree

if TYPE_CHECKING:
    from nox_rings.ecosystems.base import Ecosystem
    from nox_rings.ecosystems.view import WorkspaceView
    from nox_rings.engine.capability import Capability
    from nox_rings.engine.plan.graph import Graph
    from nox_rings.engine.plan.plan import Plan
    from nox_rings.engine.plan.targets import Target
    from nox_rings.engine.run.observing import Observe
    from nox_rings.engine.run.report import RunReport
    from nox_rings.engine.run.steps import Step
    from nox_rings.sessions.commit import VersionSettings
    from nox_rings.workspace.config import Config
    from nox_rings.workspace.tools import Tools
    from nox_rings.workspace.versions import CommitVersions
    from nox_rings.workspace.visible import PassedOver

INTENT = Intent()
ToolsSource = Literal["pinned", "system"]


class Run:
    """The fresh answer is the hot path: one listing by git, the digests of what changed since the last run, and the
    graph as it was derived then. Discovery (YAML, TOML, Dockerfiles) runs only when a descriptor, the set of files or
    this code changed."""

    def __init__(
        self,
        root: Path,
        runner: Runner,
        *,
        tools_source: ToolsSource = "pinned",
        intent: Intent = INTENT,
        strict_environment: bool = False,
        capabilities: Sequence[Capability[WorkspaceView, RecipeContext]] = CAPABILITIES,
        ecosystems: Sequence[Ecosystem] = ECOSYSTEMS,
    ) -> None:
        self.layout, self.runner, self.intent = Layout(root), runner, intent
        self.tools_source, self._capabilities = tools_source, capabilities
        self._strict_environment = strict_environment
        self._ecosystems = {each.name: each for each in ecosystems}
        self.layout.hide_own()
        self._git = Worktree(runner, root)
        listing = self._git.begin_listing()
        self._resources = Resources()
        self.notes: tuple[str, ...] = ()
        self._announce: Callable[[str], None] = _print_note
        self.state = load_state(self.layout)
        self._listing = listing()
        self.digests = Digests(root, self.state.files, window_nanoseconds=self._clock_window())
        self.config = Once(self._load_config)
        self.tools: Once[Tools] = Once(self._toolchain)
        self.view = Once(self._load_view)
        self.planner = Once(self._plan_from)

    def _clock_window(self) -> int | None:
        """Measured once for the device that the workspace is on."""
        known, window = known_window(self.state.snapshot.get("clock"), self.layout.root)
        if not known:
            window = measured_window(self.layout.own)
            self._keep_in_snapshot(clock=rendered_window(window, self.layout.root))
        return window

    def _keep_in_snapshot(self, **entries: Any) -> None:
        """Beside the graph; without one it is kept when the graph is derived."""
        self.state.snapshot = {**self.state.snapshot, **entries}
        if "targets" in self.state.snapshot:
            self.state.save_snapshot(self.state.snapshot)

    @property
    def files(self) -> tuple[str, ...]:
        return self._listing.files

    @property
    def graph(self) -> Graph:
        return self.planner().graph

    @property
    def context(self) -> RecipeContext:
        return self.planner().context

    @property
    def passed_over(self) -> tuple[PassedOver, ...]:
        """What discovery made nothing of."""
        from nox_rings.workspace.visible import PassedOver

        self.planner()  # which derives the graph where none is stored
        known = (each for each in self.state.snapshot.get("passed_over", ()) if isinstance(each, list))
        return tuple(PassedOver(*map(str, each)) for each in known if len(each) == len(PassedOver._fields))

    def say(self, text: str) -> None:
        """Print a line of progress."""
        self._announce(text)

    def steps(self, target: Target) -> Sequence[Step]:
        planner = self.planner()
        return planner.owner(target).steps(target, planner.context)

    def tool_environment(self, target: Target) -> Mapping[str, str]:
        """The overlay with which the tools of a target are found, installed or not."""
        return self.tools().environment(*target.tools)

    def environment(self, target: Target) -> Mapping[str, str]:
        """Find the credentials that the commands of a target need, install its tools, and return the overlay with
        which both are found. Raises CredentialMissingError, ToolUnavailableError."""
        planner, tools = self.planner(), self.tools()
        credentials = planner.owner(target).environment(target, planner.context)
        tools.require(*target.tools)
        return {**tools.environment(*target.tools), **credentials}

    def _inherited(self, target: Target) -> tuple[str, ...] | None:
        from nox_rings.sessions.variables import inherited_patterns

        return inherited_patterns(target.environment, self._ecosystems) if self._strict_environment else None

    def carry_out(
        self, plan: Plan, *, jobs: int, as_json: bool, keep_going: bool = False, trace: bool = False
    ) -> RunReport:
        from nox_rings.engine.run.progress import choose_reporter
        from nox_rings.engine.run.scheduler import Scheduler

        reporter = choose_reporter(json=as_json)
        self._announce = lambda text: reporter.note(None, text)
        for sentence in self.tools().missing(*sorted({name for each in plan.stale for name in each.target.tools})):
            self.say(sentence)
        scheduler = Scheduler(
            graph=self.graph,
            layout=self.layout,
            state=self.state,
            runner=self.runner,
            reporter=reporter,
            facts=self.planner().facts,
            steps=self.steps,
            environment=self.environment,
            secrets=tuple(name for each in self._capabilities for name in each.secrets),
            inherited=self._inherited,
            jobs=jobs,
            purpose=self.intent.purpose,
            keep_going=keep_going,
            observe=self._tracer() if trace else None,
        )
        try:
            return scheduler.carry_out(plan)
        finally:
            self._resources.close()
            reporter.close()

    def _tracer(self) -> Observe:
        from nox_rings.sessions.tracing import Known, tracer

        owner, view, tools = self.planner().owner, self.view(), self.tools()
        known = Known(
            layout=self.layout,
            graph=self.graph,
            records=self.state.records.get,
            uncompared=lambda target: owner(target).uncompared(target, view),
            programs=tools.path,
        )
        return tracer(known, self.runner, self._git.list_files)

    def _load_config(self) -> Config:
        from nox_rings.workspace.config import load_config

        return load_config(self.layout.root)

    def _toolchain(self) -> Tools:
        from nox_rings.toolchain.toolchain import Toolchain

        return Toolchain(
            self.layout.root,
            self.layout.tools,
            self.runner,
            source=self.tools_source,
            announce=self.say,
            files=self.files,
        )

    def _load_view(self) -> WorkspaceView:
        from nox_rings.sessions.discovery import load_view

        root, read = self.layout.root, self.digests.content
        return load_view(root, self.files, self.config(), self._ecosystems, self.tools(), self._descriptors(), read)

    def _plan_from(self) -> Planner:
        owners = {kind.name: each for each in self._capabilities for kind in each.kinds}
        key = self._key()
        graph = self._stored_graph(key) or self._derived_graph(key)
        context = RecipeContext(
            layout=self.layout,
            runner=self.runner,
            files=self.files,
            intent=self.intent,
            ecosystems=self._ecosystems,
            tools=self.tools,
            commit=Once(self._commit),
            told=Once(self._tell_versions),
            resources=self._resources,
            state=self.state,
            tag_scheme=lambda: self._version_settings().scheme,
            history_key=digest_of(self._listing.refs, key),
            say=self.say,
        )
        return Planner(graph, owners, context, self.digests, self._git.list_files)

    def _key(self) -> str:
        settings = (name for each in self._ecosystems.values() for name in each.settings)
        return snapshot_key(self.files, self.digests, (*self._descriptors(), *settings), self.tools_source)

    def _descriptors(self) -> tuple[str, ...]:
        """Patterns of the names of files that discovery reads."""
        names = [name for each in self._capabilities for name in each.descriptors]
        names += [name for each in self._ecosystems.values() for name in each.descriptors]
        return tuple(dict.fromkeys(names))

    def _stored_graph(self, key: str) -> Graph | None:
        snapshot = self.state.snapshot
        if snapshot.get("key") != key or not programs_are_those(snapshot.get("programs")):
            return None
        if not reads_the_same(snapshot.get("reading"), self.layout.root, self.digests, self._ecosystems):
            return None
        kinds = {kind.name: kind for each in self._capabilities for kind in each.kinds}
        try:
            return parsed_graph(snapshot["targets"], kinds)
        except (KeyError, TypeError, ValueError):
            return None  # damaged, or of another version of this code

    def _derived_graph(self, key: str) -> Graph:
        from nox_rings.sessions.commit import settings_of
        from nox_rings.sessions.discovery import derive_graph, passed_over
        from nox_rings.sessions.reading import rendered_reading

        view = self.view()
        graph = derive_graph(view, self._capabilities)
        snapshot = {
            "clock": self.state.snapshot.get("clock"),
            "key": key,
            "targets": rendered_graph(graph),
            "programs": self.tools().unpinned(),
            "reading": rendered_reading(view.index.workspace.reading, self.layout.root, self.digests),
            "versions": settings_of(self.config()),
            "passed_over": [list(each) for each in passed_over(view, graph, self.layout.root)],
        }
        self.state.save_snapshot(snapshot)
        return graph

    def _commit(self) -> CommitVersions:
        """Kept in the state as long as no ref moves: git is asked for it again only then."""
        from nox_rings.sessions.commit import find_commit, parsed_commit, refs_key, rendered_commit
        from nox_rings.workspace.git.gaps import shallow_text

        root, settings = self.layout.root, self._version_settings()
        key = refs_key(self._listing.refs, shallow_text(root), settings)
        if known := parsed_commit(self.state.snapshot.get("commit"), key):
            return known
        found = find_commit(self.runner, root, settings)
        if key and found.sha and not found.refusal:
            self._keep_in_snapshot(commit=rendered_commit(found, key))
        return found

    def _version_settings(self) -> VersionSettings:
        from nox_rings.sessions.commit import parsed_settings, settings_of

        return parsed_settings(self.state.snapshot.get("versions")) or settings_of(self.config())

    def _tell_versions(self) -> None:
        commit = self.context.commit()
        if commit.refusal:  # which --allow-shallow passes over
            self.notes += (f"{commit.refusal}; versions start from {commit.versions.base} (--allow-shallow)",)
        if note := commit.note or "".join(self.notes[-1:]):
            self.say(note)


def _print_note(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
