"""Ring 0: the schema is checked, and becomes stubs in the SDKs."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nox_rings.engine.capability import NO_EXTRA_FACTS, Capability, ExtraFacts, MenuEntry
from nox_rings.engine.plan.targets import Target, subject_of
from nox_rings.schema import session
from nox_rings.schema.kinds import PROTO, STUBS

if TYPE_CHECKING:
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.view import WorkspaceView
    from nox_rings.engine.plan.graph import Graph
    from nox_rings.engine.run.steps import Step
    from nox_rings.schema.model import StubsSubject


def _derive(view: WorkspaceView) -> Iterator[Target]:
    from nox_rings.schema.derive import derive_schema

    return derive_schema(view)


def _steps(target: Target, context: RecipeContext) -> Sequence[Step]:
    from nox_rings.schema.recipe import schema_steps
    from nox_rings.schema.stubs.recipe import stub_steps

    return (schema_steps if target.kind == PROTO else stub_steps)(target, context)


def _facts(target: Target, context: RecipeContext) -> ExtraFacts:
    """What the schema is compared with for breaking changes."""
    if target.kind != PROTO:
        return NO_EXTRA_FACTS
    from nox_rings.schema.breaking.comparisons import comparisons_of

    return ExtraFacts(facts={"baseline": comparisons_of(context).text(target)})


def _environment(target: Target, context: RecipeContext) -> Mapping[str, str]:
    """What authenticates the commands to the registries they ask. Raises CredentialMissingError, and FindingsError for
    a plugin that is not there."""
    from nox_rings.schema.model import SchemaSubject, StubsSubject

    subject: SchemaSubject | StubsSubject
    if target.kind == PROTO:
        subject = subject_of(target, SchemaSubject)
    else:
        subject = subject_of(target, StubsSubject)
        _require_plugins(subject, context)
    if not subject.remotes:
        return {}
    from nox_rings.schema.credentials.netrc import offered_buf_credentials, require_buf_credentials

    request = (context.layout.root, os.environ, subject.remotes, target.path)
    if subject.require_token:
        return require_buf_credentials(*request)
    overlay, without = offered_buf_credentials(*request)
    for remote in without:
        context.say(f"{target.path}: {remote} is asked without a token, for BUF_TOKEN is not set")
    return overlay


def _require_plugins(subject: StubsSubject, context: RecipeContext) -> None:
    from nox_rings.engine.run.steps import FindingsError
    from nox_rings.schema.templates import missing_plugins

    if findings := list(missing_plugins(subject.template, is_available=context.tools().is_available)):
        raise FindingsError(findings, blocking=True)


def _problems(view: WorkspaceView, graph: Graph) -> Iterator[str]:
    from nox_rings.engine.patterns import is_ignored
    from nox_rings.workspace.config import TABLE, one_of

    workspace, settings = view.index.workspace, view.config.proto
    known = {template.file for schema in workspace.schemas for template in schema.templates}
    known |= {*workspace.foreign_templates, *(each.path for each in workspace.passed_over)}
    for file in settings.templates:
        if file not in known:
            yield f"{TABLE}.proto.templates.{file}: found no such template, expected {one_of(known)}"
    for pattern in settings.roots:
        if not pattern.startswith("!") and not any(is_ignored(out, (pattern,)) for out in workspace.generated_roots):
            roots = one_of(workspace.generated_roots)
            yield f"{TABLE}.proto.roots: found {pattern}, which no `out` of a template matches, expected {roots}"


def _uncompared(target: Target, view: WorkspaceView) -> Mapping[str, Collection[str]]:
    return {"buf": [path for schema in view.index.workspace.schemas for path in schema.texts]}


SCHEMA: Capability[WorkspaceView, RecipeContext] = Capability(
    name="schema",
    kinds=(PROTO, STUBS),
    derive=_derive,
    steps=_steps,
    facts=_facts,
    environment=_environment,
    problems=_problems,
    uncompared=_uncompared,
    secrets=("BUF_TOKEN",),
    descriptors=("buf.yaml", "buf.work.yaml", "buf*gen*.y*ml", "buf*gen*.json"),
    sessions=(MenuEntry(function=session.proto),),
)
