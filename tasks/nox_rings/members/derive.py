"""From members and install roots to the targets that install, build and test them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nox_rings.ecosystems.base import Ecosystem
from nox_rings.ecosystems.model import MemberSubject
from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.path_index import PathIndex
from nox_rings.engine.paths import files_under, is_under, joined
from nox_rings.engine.plan.keys import recipe_key
from nox_rings.engine.plan.targets import Inputs, Target, TargetId
from nox_rings.engine.store.wildcards import has_wildcard
from nox_rings.members import recipe
from nox_rings.members.check_settings import CheckSettings
from nox_rings.members.ids import MemberIds
from nox_rings.members.kinds import INSTALL
from nox_rings.schema.ids import SchemaIds
from nox_rings.workspace.model import InstallRoot, Member

SMOKE_FOLDER = "smoke"  # of an SDK: the program that uses what was packed
INSTALLED = frozenset({"node_modules", ".venv"})


def derive_members(view: WorkspaceView) -> Iterator[Target]:
    ids, schemas = MemberIds(view), SchemaIds(view)
    settings = CheckSettings(view)
    made = PathIndex((output, each) for each in view.index.workspace.members for output in outputs_of(view, each))
    for root in view.index.workspace.install_roots:
        yield _install(view, ids, root)
    for member in view.index.workspace.members:
        target = _member(view, ids, schemas, member, tuple(settings.above(member)))
        builders = (each for path in member.embedded for each in made.touching(path) if each != member)
        needed = (*target.dependencies, *map(ids.member, builders))
        yield replace(target, dependencies=tuple(dict.fromkeys(needed)))


def outputs_of(view: WorkspaceView, member: Member) -> tuple[str, ...]:
    """Folders that building it may leave."""
    configured = view.config.member(member.folder)
    return () if configured.skip else configured.outputs or view.ecosystem_of(member).outputs(member)


def _install(view: WorkspaceView, ids: MemberIds, root: InstallRoot) -> Target:
    ecosystem, workspace = view.ecosystems[root.ecosystem], view.index.workspace
    own = joined(root.folder, ecosystem.manifest)
    manifests = (path for path in root.files if path != own and path.rpartition("/")[2] == ecosystem.manifest)
    broken = tuple(path for path in manifests if workspace.problems_of(path))
    files = tuple(path for path in root.files if path not in broken)
    return Target(
        id=ids.install(root),
        kind=INSTALL,
        path=root.lockfile,
        language=ecosystem.language,
        subject=root,
        # A broken manifest is its member's problem: the others stay installed.
        inputs=Inputs(files=files, unreadable=broken),
        outputs=ecosystem.install_outputs(root),
        signs=ecosystem.install_signs(root),
        parted=root.parted,
        tools=view.versions(*ecosystem.tools_of(root)),
        environment=(f"@{ecosystem.name}:install",) if ecosystem.install_variables else (),
        # Signs follow from the lockfile.
        recipe=recipe_key(replace(root, installed=()), recipe.RECIPE, ecosystem.recipe),
        problems=workspace.problems_of(root.lockfile, *files),
    )


def _member(
    view: WorkspaceView, ids: MemberIds, schemas: SchemaIds, member: Member, settings: tuple[str, ...]
) -> Target:
    """`settings` are files above it that its configured checks read."""
    ecosystem, folder = view.ecosystem_of(member), member.folder
    subject, configured = view.subject(member), view.config.member(folder)
    listed = tuple(path for path in configured.inputs if files_under(view.files, path))
    left = tuple(_never_read(view, member))
    beside = (path for path in (*member.reads, *listed, *settings) if not any(is_under(path, each) for each in left))
    return Target(
        id=ids.member(member),
        kind=ids.kind(member),
        path=folder,
        language=ecosystem.language,
        subject=subject,
        inputs=Inputs(
            folders=tuple(dict.fromkeys((folder, *beside))),
            files=(*ecosystem.shared_files(member), *view.index.whole_lockfile(member)),
            parts={**view.index.parts_of(member), **view.index.settings_of(member)},
            own_parts=view.index.parts_of_tests(member),
            excludes=(*left, *_excluded(view, member, listed)),
            globs=(
                *(path for path in configured.inputs if path not in listed),
                *(path for path in member.embedded if has_wildcard(path)),
            ),
            whole=tuple(path for path in member.embedded if not has_wildcard(path)),
            unlisted=ecosystem.suffixes if ecosystem.reads_unlisted and not configured.skip else (),
            compiled=ecosystem.compiled,
            made=ecosystem.made_folders,
            data=() if configured.skip else ecosystem.data_suffixes,
        ),
        outputs=() if configured.skip else configured.outputs,
        possible_outputs=() if configured.skip or configured.outputs else _left(ecosystem, member),
        exposed=member.exposed or bool(configured.outputs),
        dependencies=tuple(dict.fromkeys(_needed(view, ids, schemas, member))),
        tools=view.versions(*ecosystem.tools_of(view.index.install_root_of(member))),
        recipe=recipe_key(_without_inputs(subject), recipe.RECIPE, ecosystem.recipe),
        environment=() if configured.skip else member_environment(view, member),
        problems=view.index.workspace.problems_of(joined(folder, ecosystem.manifest)),
    )


def _without_inputs(subject: MemberSubject) -> MemberSubject:
    """What of a subject decides how it is built: what it reads are inputs, compared one by one."""
    return replace(subject, member=_bare(subject.member), siblings=tuple(map(_bare, subject.siblings)))


def _bare(member: Member) -> Member:
    return replace(member, reads=(), embedded=(), settings=(), variables=())


def member_environment(view: WorkspaceView, member: Member) -> tuple[str, ...]:
    """The variables that building and testing a member depends on, as `Target.environment` has them."""
    configured = view.config.member(member.folder)
    return tuple(dict.fromkeys((*variables_of(view.ecosystem_of(member)), *member.variables, *configured.env)))


def variables_of(ecosystem: Ecosystem) -> tuple[str, ...]:
    """By the name of their set: each target has it, and it is long."""
    return (f"@{ecosystem.name}",) if ecosystem.variables else ()


def _left(ecosystem: Ecosystem, member: Member) -> tuple[str, ...]:
    """What its build may leave, with its manifest, by which dependents find their way into that."""
    outputs = ecosystem.outputs(member)
    return (*outputs, joined(member.folder, ecosystem.manifest)) if outputs else ()


def _never_read(view: WorkspaceView, member: Member) -> Iterator[str]:
    """What a build leaves, and files of which it reads a part. What git lists in a build folder is a source, unless the
    member's build makes the folder."""
    folder, ecosystem = member.folder, view.ecosystem_of(member)
    yield from view.index.parted_files(member)
    yield from ecosystem.outputs(member)
    yield from view.config.member(folder).outputs
    for name in ecosystem.build_folders(member):
        if name in INSTALLED or not files_under(view.files, joined(folder, name)):
            yield joined(folder, name)


def _excluded(view: WorkspaceView, member: Member, listed: tuple[str, ...]) -> Iterator[str]:
    """Members inside but for those that the `listed` of its configured inputs hold, and what only images read."""
    folder, ecosystem = member.folder, view.ecosystem_of(member)
    inside = (each for each in view.index.members_under(folder) if _is_apart(view, member, each))
    yield from (each.folder for each in inside if not any(is_under(each.folder, path) for path in listed))
    yield from (image.dockerfile for image in view.index.images_under(folder))
    yield joined(folder, ".dockerignore")
    if view.index.is_sdk(member) and not ecosystem.builds_smoke:
        yield joined(folder, SMOKE_FOLDER)


def _is_apart(view: WorkspaceView, member: Member, inner: Member) -> bool:
    """Whether a member inside is none of the files of this one. A folder of another ecosystem is one of both where
    files of this one lie in it: a Go package that embeds a front end."""
    if inner.folder == member.folder:
        return False
    suffixes = view.ecosystem_of(member).suffixes
    return inner.ecosystem == member.ecosystem or not any(
        path.endswith(suffixes) for path in files_under(view.files, inner.folder)
    )


def _needed(view: WorkspaceView, ids: MemberIds, schemas: SchemaIds, member: Member) -> Iterator[TargetId]:
    for folder in (member.folder, *member.reads):
        yield from schemas.stubs_into(folder)
    if root := view.index.install_root_of(member):
        yield ids.install(root)
    yield from map(ids.member, view.index.siblings(member))
    for needed in view.config.member(member.folder).needs:
        kind, _, name = needed.partition(":")
        yield TargetId(kind, name)
