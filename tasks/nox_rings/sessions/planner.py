"""What would run, and why: the graph, the facts of now and the records of earlier runs, compared."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from nox_rings.engine.errors import HistoryMissingError
from nox_rings.engine.plan.plan import Plan, plan_targets
from nox_rings.engine.run.facts import FileFacts
from nox_rings.sessions.variables import variable_facts

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView
    from nox_rings.engine.capability import Capability
    from nox_rings.engine.errors import NoxRingsError
    from nox_rings.engine.plan.graph import Graph
    from nox_rings.engine.plan.records import Facts
    from nox_rings.engine.plan.targets import Target
    from nox_rings.engine.store.digests import Digests


class Planner:
    """Safe to use from several threads. `list_files` lists the workspace again: making a target may add files that git
    did not list before."""

    def __init__(
        self,
        graph: Graph,
        owners: Mapping[str, Capability[WorkspaceView, RecipeContext]],
        context: RecipeContext,
        digests: Digests,
        list_files: Callable[[], tuple[str, ...]],
    ) -> None:
        """`owners` are capabilities by the names of their kinds."""
        self.graph = graph
        self._owners, self._context, self._digests, self._list_files = owners, context, digests, list_files
        self._lock = threading.Lock()
        self._variables: dict[tuple[str, ...], Mapping[str, str]] = {}  # many targets depend on the same ones

    @property
    def context(self) -> RecipeContext:
        """With the files that are there now."""
        with self._lock:
            return self._context

    def owner(self, target: Target) -> Capability[WorkspaceView, RecipeContext]:
        return self._owners[target.kind.name]

    def plan(self, selected: Collection[str], *, forced: Collection[str] = ()) -> Plan:
        state = self._context.state
        facts: dict[str, Facts] = {}
        refusals: dict[str, NoxRingsError] = {}
        with self._digests.one_look():
            for each in self.graph.closure(selected):
                try:
                    facts[each] = self._facts(self.graph.targets[each])
                except HistoryMissingError as error:
                    refusals[each] = error
        plan = plan_targets(self.graph, selected, facts=facts, records=state.records, forced=forced, refusals=refusals)
        state.save_files()
        return plan

    def facts(self, target: Target) -> Facts:
        """What is there now, before the target is made and again afterwards."""
        if self._adds_sources(target):
            listed = self._list_files()
            with self._lock:
                self._context = replace(self._context, files=listed)
        return self._facts(target)

    def _adds_sources(self, target: Target) -> bool:
        """It, or what it depends on."""
        return target.kind.adds_sources or any(
            self.graph.targets[each].kind.adds_sources for each in target.dependencies
        )

    def _facts(self, target: Target) -> Facts:
        owner, context = self.owner(target), self.context
        found = FileFacts(root=context.layout.root, files=context.files, digests=self._digests)
        extra = owner.facts(target, context)
        facts = found.of(target, owner.output_exists)
        compared = {**extra.facts, **self._variables_of(target), **target.inputs.own_parts}
        return replace(facts, extra=compared, passed_on=extra.passed_on)

    def _variables_of(self, target: Target) -> Mapping[str, str]:
        if target.environment not in self._variables:
            ecosystems, root = self._context.ecosystems, self._context.layout.root
            self._variables[target.environment] = variable_facts(target.environment, ecosystems, root)
        return self._variables[target.environment]
