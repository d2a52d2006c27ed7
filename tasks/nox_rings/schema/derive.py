"""From the schemas of the workspace to the targets of ring 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.layout import OWN_FOLDER, file_name
from nox_rings.engine.paths import at_or_above, files_under, is_under, joined
from nox_rings.engine.plan.keys import recipe_key
from nox_rings.engine.plan.targets import Inputs, Target, TargetId
from nox_rings.schema import recipe
from nox_rings.schema.ids import SchemaIds
from nox_rings.schema.kinds import PROTO, STUBS
from nox_rings.schema.model import SchemaSubject, StubsSubject, TemplateRules
from nox_rings.schema.stubs import recipe as stubs_recipe
from nox_rings.schema.stubs.drift import PROVENANCE_FILE
from nox_rings.workspace.schemas import SETTINGS, BufWorkspace, StubTemplate

PROTO_SUFFIX = ".proto"
# Credentials, caches and time limits: none decides about a finding or a stub.
READ_BY_BUF = ("!BUF_*",)
# In a message, as examples.
SDKS_NAMED = 3


def derive_schema(view: WorkspaceView) -> Iterator[Target]:
    ids = SchemaIds(view)
    names = _provenance_names(view, ids)
    for schema in view.index.workspace.schemas:
        yield _proto(view, ids, schema)
        for template in schema.templates:
            yield _stubs(view, ids, Stubs(schema, template, names[template.file]))


@dataclass(frozen=True, slots=True)
class Stubs:
    """A template with the schema it belongs to, and the provenance files it writes."""

    schema: BufWorkspace
    template: StubTemplate
    provenances: Mapping[str, tuple[str, ...]]


def _proto(view: WorkspaceView, ids: SchemaIds, schema: BufWorkspace) -> Target:
    workspace, settings = view.index.workspace, view.config.proto
    rules = _rules(view, schema)
    subject = SchemaSubject(
        schema=schema,
        rules=rules,
        exceptions=settings.exceptions,
        default_branch=settings.default_branch,
        require_token=settings.require_token,
    )
    inputs = _schema_inputs(view, schema)
    templates = (*(template.file for template in rules.templates), *rules.foreign)
    listed = (path for each in schema.checkers for path in files_under(view.files, each))
    files = tuple(dict.fromkeys((*inputs.files, *templates, *listed)))
    unlisted = (each for each in schema.checkers if not files_under(view.files, each))
    return Target(
        id=ids.proto(schema),
        kind=PROTO,
        path=_described_by(view, schema),
        subject=subject,
        inputs=replace(inputs, files=files, globs=(*inputs.globs, *unlisted)),
        tools=view.versions("buf"),
        environment=READ_BY_BUF,
        recipe=recipe_key(subject, recipe.RECIPE),
        problems=workspace.problems_of(*schema.settings),
    )


def _rules(view: WorkspaceView, schema: BufWorkspace) -> TemplateRules:
    """For the templates of a schema; those of none are checked with the first."""
    workspace = view.index.workspace
    outs = (out for template in schema.templates for out in template.outs)
    services = {each for out in outs for each in at_or_above(out) if each in view.index.image_folders}
    return TemplateRules(
        templates=schema.templates,
        foreign=workspace.foreign_templates if schema == workspace.schemas[0] else (),
        approved=view.config.proto.roots,
        services=tuple(sorted(services)),
        sdks=tuple(dict.fromkeys(member.folder for member in view.index.sdks[:SDKS_NAMED])),
    )


def _described_by(view: WorkspaceView, schema: BufWorkspace) -> str:
    work = joined(schema.folder, "buf.work.yaml")
    return work if files_under(view.files, work) else joined(schema.folder, "buf.yaml")


def _schema_inputs(view: WorkspaceView, schema: BufWorkspace) -> Inputs:
    """The .proto files that buf reads, and its own files; of submodules all that is there."""
    found = ((source, each.root) for source in schema.sources for each in view.index.stubs_touching(source))
    generated = (root for source, root in found if not is_under(source, root))
    return Inputs(
        folders=tuple(dict.fromkeys((*schema.sources, *schema.linked))),
        files=(*schema.settings, *schema.links),
        excludes=(*schema.excludes, *dict.fromkeys(generated)),
        globs=schema.submodules,
        suffixes=(PROTO_SUFFIX,),
        unlisted=(PROTO_SUFFIX,),
    )


def _stubs(view: WorkspaceView, ids: SchemaIds, stubs: Stubs) -> Target:
    schema, template = stubs.schema, stubs.template
    target_id = ids.stubs(schema, template)
    neighbours = _neighbours(view, ids, stubs)
    subject = StubsSubject(
        schema=schema,
        template=template,
        provenances=stubs.provenances,
        shared=tuple(out for out in template.outs if neighbours.get(out)),
        approved=view.config.proto.roots,
        require_token=view.config.proto.require_token,
        listing=f"{OWN_FOLDER}/stubs/{file_name(target_id)}.txt",
    )
    return Target(
        id=target_id,
        kind=STUBS,
        path=template.file,
        subject=subject,
        inputs=_stub_inputs(view, stubs),
        outputs=(*template.outs, *stubs.provenances),
        listing=subject.listing,
        dependencies=(ids.proto(schema),),
        after=tuple(dict.fromkeys(_before(view, target_id, neighbours))),
        tools=view.versions("buf", *template.programs),
        environment=READ_BY_BUF,
        recipe=recipe_key(subject, stubs_recipe.RECIPE),
        problems=view.index.workspace.problems_of(template.file),
    )


def _stub_inputs(view: WorkspaceView, stubs: Stubs) -> Inputs:
    """What the schema reads, the template, the files of its plugins, and what it names as inputs."""
    schemas = (stubs.schema, *_schemas_in(view, stubs.template.inputs))
    parts = [_schema_inputs(view, schema) for schema in dict.fromkeys(schemas)]
    scripts = stubs.template.scripts
    listed = [path for script in scripts for path in files_under(view.files, script)]
    listed += _built_plugins(view, stubs.template)
    files = (path for part in parts for path in part.files)
    around = (path for plugin in stubs.template.plugins for path in plugin.around)
    named = (joined(each, name) for each in stubs.template.inputs for name in SETTINGS)
    return Inputs(
        folders=tuple(dict.fromkeys((*(each for part in parts for each in part.folders), *stubs.template.inputs))),
        files=tuple(dict.fromkeys((*files, stubs.template.file, *stubs.template.inputs, *named, *listed, *around))),
        excludes=tuple(dict.fromkeys(each for part in parts for each in part.excludes)) if len(parts) == 1 else (),
        globs=(
            *(each for part in parts for each in part.globs),
            *(script for script in scripts if not files_under(view.files, script)),
        ),
        suffixes=(PROTO_SUFFIX,),
        unlisted=(PROTO_SUFFIX,),
    )


def _built_plugins(view: WorkspaceView, template: StubTemplate) -> Iterator[str]:
    """The files of plugins that are members of the workspace, but not of members inside, nor what templates make."""
    pins = (view.tools.pin(name) for name in template.programs)
    folders = tuple(dict.fromkeys(folder for pin in pins if pin for folder in pin.sources))
    made = frozenset(each.root for each in view.index.generated) if folders else frozenset()
    for folder in folders:
        for path in files_under(view.files, folder):
            is_theirs = view.index.owner_of(path) in (None, folder)
            is_provenance = path.rpartition("/")[2].startswith(PROVENANCE_FILE.partition(".")[0])
            if is_theirs and not is_provenance and made.isdisjoint(at_or_above(path)):
                yield path


def _schemas_in(view: WorkspaceView, inputs: tuple[str, ...]) -> Iterator[BufWorkspace]:
    """The schemas that the folders and files which a template names belong to."""
    for schema in view.index.workspace.schemas if inputs else ():
        folders = (schema.folder, *schema.modules)
        if any(is_under(each, folder) or is_under(folder, each) for each in inputs for folder in folders):
            yield schema


def _neighbours(view: WorkspaceView, ids: SchemaIds, stubs: Stubs) -> dict[str, list[TargetId]]:
    """For each generated root the other targets that write there too, or above or below."""
    return {
        out: [
            ids.stubs(each.schema, each.template)
            for each in view.index.stubs_touching(out)
            if each.template.file != stubs.template.file
        ]
        for out in stubs.template.outs
    }


def _before(view: WorkspaceView, target_id: TargetId, neighbours: Mapping[str, list[TargetId]]) -> Iterator[TargetId]:
    """One after the other: of two that share a folder none removes one that the other is about to fill."""
    yield from (each for found in neighbours.values() for each in found if each < target_id)


def _provenance_names(view: WorkspaceView, ids: SchemaIds) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each template its provenance files: one for each SDK that it feeds, with the roots there, beside the manifest
    of the nearest SDK; named after the template where several feed one SDK."""
    folders = {
        template.file: _provenance_folders(view, template)
        for schema in view.index.workspace.schemas
        for template in schema.templates
    }
    times = Counter(folder for found in folders.values() for folder in found)
    suffixes = Counter(
        (folder, template.suffix)
        for schema in view.index.workspace.schemas
        for template in schema.templates
        for folder in folders[template.file]
    )
    names: dict[str, dict[str, tuple[str, ...]]] = {}
    for schema in view.index.workspace.schemas:
        for template in schema.templates:
            names[template.file] = {}
            for folder, roots in folders[template.file].items():
                own = template.suffix if suffixes[folder, template.suffix] == 1 else _path_name(template.file)
                name = PROVENANCE_FILE if times[folder] == 1 or not own else PROVENANCE_FILE.replace(".", f".{own}.")
                names[template.file][joined(folder, name)] = roots
    return names


def _path_name(path: str) -> str:
    return path.rpartition(".")[0].replace("/", "-")


def _provenance_folders(view: WorkspaceView, template: StubTemplate) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for out in template.outs:
        holders = [member.folder for member in view.index.members_holding(out)]
        folder = max(holders, key=lambda each: 0 if each == "." else len(each), default=out.rpartition("/")[0] or ".")
        found.setdefault(folder, []).append(out)
    return {folder: tuple(roots) for folder, roots in found.items()}
