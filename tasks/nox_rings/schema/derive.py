"""From the schemas of the workspace to the targets of ring 0."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.keys import recipe_key
from nox_rings.engine.plan.targets import Inputs, Target
from nox_rings.schema import recipe
from nox_rings.schema.ids import SchemaIds
from nox_rings.schema.kinds import PROTO, STUBS
from nox_rings.schema.model import SchemaSubject, StubsSubject, TemplateRules
from nox_rings.schema.stubs import recipe as stubs_recipe
from nox_rings.schema.stubs.drift import PROVENANCE_FILE
from nox_rings.workspace.schemas import BufWorkspace, StubTemplate

SETTINGS = ("buf.yaml", "buf.lock", "buf.work.yaml")


def derive_schema(view: WorkspaceView) -> Iterator[Target]:
    ids = SchemaIds(view)
    for schema in view.index.workspace.schemas:
        yield _proto(view, ids, schema)
        for template in schema.templates:
            yield _stubs(view, ids, schema, template)


def _proto(view: WorkspaceView, ids: SchemaIds, schema: BufWorkspace) -> Target:
    workspace, settings = view.index.workspace, view.config.proto
    templates = tuple(template for each in workspace.schemas for template in each.templates)
    subject = SchemaSubject(
        schema=schema,
        rules=TemplateRules(
            templates=templates,
            foreign=workspace.foreign_templates,
            approved=settings.roots,
            services=tuple(sorted(view.index.image_folders)),
            members=tuple(dict.fromkeys(member.folder for member in workspace.members)),
        ),
        exceptions=settings.exceptions,
        default_branch=settings.default_branch,
    )
    inputs = _schema_inputs(view, schema)
    files = (template.file for template in templates)
    return Target(
        id=ids.proto(schema),
        kind=PROTO,
        path=joined(schema.folder, "buf.yaml"),
        subject=subject,
        inputs=replace(inputs, files=(*inputs.files, *files, *workspace.foreign_templates)),
        tools=view.versions("buf"),
        recipe=recipe_key(subject, recipe.RECIPE),
        problems=workspace.problems_of(*(joined(schema.folder, name) for name in SETTINGS)),
    )


def _schema_inputs(view: WorkspaceView, schema: BufWorkspace) -> Inputs:
    generated = (each.root for each in view.index.generated)
    return Inputs(
        folders=schema.modules,
        files=tuple(joined(schema.folder, name) for name in SETTINGS),
        excludes=(*(template.file for template in schema.templates), *dict.fromkeys(generated)),
    )


def _stubs(view: WorkspaceView, ids: SchemaIds, schema: BufWorkspace, template: StubTemplate) -> Target:
    subject = StubsSubject(schema=schema, template=template, provenances=_provenances(view, ids, template))
    inputs = _schema_inputs(view, schema)
    return Target(
        id=ids.stubs(schema, template),
        kind=STUBS,
        path=template.file,
        subject=subject,
        inputs=Inputs(
            folders=(*inputs.folders, *template.scripts),
            files=(*inputs.files, template.file),
            excludes=tuple(path for path in inputs.excludes if path != template.file),
        ),
        outputs=(*template.outs, *subject.provenances),
        dependencies=(ids.proto(schema),),
        tools=view.versions("buf", *template.programs),
        recipe=recipe_key(subject, stubs_recipe.RECIPE),
        problems=view.index.workspace.problems_of(template.file),
    )


def _provenances(view: WorkspaceView, ids: SchemaIds, template: StubTemplate) -> dict[str, tuple[str, ...]]:
    """The provenance file of each SDK that a template feeds, with the roots there: beside the manifest of the nearest
    SDK, and named after the template where several feed one SDK."""
    found: dict[str, list[str]] = {}
    for out in template.outs:
        holders = [member.folder for member in view.index.members_holding(out)]
        folder = max(holders, key=lambda each: 0 if each == "." else len(each), default=out.rpartition("/")[0] or ".")
        alone = ids.templates_into(folder) == 1 or not template.suffix
        name = PROVENANCE_FILE if alone else PROVENANCE_FILE.replace(".", f".{template.suffix}.")
        found.setdefault(joined(folder, name), []).append(out)
    return {path: tuple(roots) for path, roots in found.items()}
