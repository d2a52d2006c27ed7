"""From the workspace to its targets: which there are, what each reads and writes, and what it needs first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from nox_rings.engine.paths import is_under, joined
from nox_rings.engine.patterns import is_ignored
from nox_rings.engine.plan.targets import Inputs, Kind, Target
from nox_rings.sessions.packed_targets import BUILD_FOLDERS, PackedTargets
from nox_rings.workspace.identity import Identities
from nox_rings.workspace.language import TOOLS, Language
from nox_rings.workspace.model import Flavour, Home, ImageFile, Member, Workspace
from nox_rings.workspace.schemas import BufWorkspace, StubTemplate

STATE_FOLDER = ".nox-rings"
IMAGE_KIND = {Flavour.DEV: Kind.IMAGE_DEV, Flavour.RELEASE: Kind.IMAGE_RELEASE}
# Files beside the lockfile or the go.work that members read without naming them in their manifests.
SHARED_FILES = {Language.TS: ("tsconfig.json", "tsconfig.base.json"), Language.GO: ("go.work", "go.work.sum")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The targets and, by id, the part of the workspace each one came from."""

    targets: tuple[Target, ...]
    origins: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class StubsSource:
    """`provenances` are the provenance files the template writes, each with the generated roots it tells of."""

    buf: BufWorkspace
    template: StubTemplate
    provenances: Mapping[str, tuple[str, ...]]


def remotes_of(origin: object) -> tuple[str, ...]:
    """Hosts of the schema registries that the commands of a target ask."""
    if isinstance(origin, StubsSource):
        return tuple(dict.fromkeys((*origin.buf.remotes, *origin.template.remotes)))
    return origin.remotes if isinstance(origin, BufWorkspace) else ()


class Derivation:
    """Yields targets kind by kind and keeps the origin of each."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        member_inputs: Mapping[str, tuple[str, ...]],
        smoke_server: str,
        smokes: frozenset[str],
        pinned: frozenset[str] = frozenset(),
    ) -> None:
        """`smokes` are the member folders that hold a `smoke` folder; `smoke_server` is an id such as service:graph.
        `pinned` are those of OPTIONAL_TOOLS that the workspace pins."""
        self._workspace = workspace
        self._member_inputs = member_inputs
        self._ids = Identities(workspace)
        self._packed = PackedTargets(workspace, self._ids, smoke_server=smoke_server, smokes=smokes, pinned=pinned)
        self._origins: dict[str, object] = {}

    def derive(self) -> Derived:
        found: list[Target] = []
        for target, origin in (
            *self._ring_0(),
            *((self._install(home), home) for home in self._workspace.homes),
            *((self._member(member), member) for member in self._built_members()),
            *((self._image(image), image) for image in self._workspace.images),
            *self._packed.targets(),
        ):
            found.append(target)
            self._origins[target.id] = origin
        return Derived(targets=tuple(found), origins=self._origins)

    def _built_members(self) -> Iterator[Member]:
        """The package that holds the schema belongs to ring 0; one without any check has nothing to run."""
        schemas = {buf.folder for buf in self._workspace.buf}
        for member in self._workspace.members:
            if member.folder not in schemas and (member.checks or self._ids.is_sdk(member)):
                yield member

    def _ring_0(self) -> Iterator[tuple[Target, object]]:
        for buf in self._workspace.buf:
            yield self._proto(buf), buf
            for template in buf.templates:
                source = StubsSource(buf=buf, template=template, provenances=self._ids.provenances(template))
                yield self._stubs(source), source

    def _proto(self, buf: BufWorkspace) -> Target:
        schema = self._schema(buf)
        templates = (template.file for each in self._workspace.buf for template in each.templates)
        return Target(
            id=self._ids.proto(buf),
            kind=Kind.PROTO,
            place=joined(buf.folder, "buf.yaml"),
            inputs=replace(schema, files=(*schema.files, *templates, *self._workspace.foreign_templates)),
            tools={"buf": ""},
        )

    def _schema(self, buf: BufWorkspace) -> Inputs:
        settings = ("buf.yaml", "buf.lock", "buf.work.yaml")
        return Inputs(
            folders=buf.modules,
            files=tuple(joined(buf.folder, name) for name in settings),
            less=(*(template.file for template in buf.templates), *self._ids.outs),
        )

    def _stubs(self, source: StubsSource) -> Target:
        buf, template = source.buf, source.template
        schema = self._schema(buf)
        return Target(
            id=self._ids.stubs(buf, template),
            kind=Kind.STUBS,
            place=template.file,
            inputs=Inputs(
                folders=(*schema.folders, *template.scripts),
                files=(*schema.files, template.file),
                less=tuple(path for path in schema.less if path != template.file),
            ),
            outputs=(*template.outs, *source.provenances),
            dependencies=(self._ids.proto(buf),),
            tools=dict.fromkeys(("buf", *template.programs), ""),
        )

    def _install(self, home: Home) -> Target:
        # pnpm keeps a copy of the lockfile it installed; the file beside it, .modules.yaml, holds times.
        marker = (
            joined(home.folder, "node_modules/.pnpm/lock.yaml")
            if home.language is Language.TS
            else f"{python_environment(home)}/pyvenv.cfg"
        )
        return Target(
            id=self._ids.home(home),
            kind=Kind.INSTALL,
            place=home.lockfile,
            inputs=Inputs(files=home.files),
            outputs=(marker,),
            tools=dict.fromkeys(TOOLS[home.language], ""),
        )

    def _member(self, member: Member) -> Target:
        ids, folder = self._ids, member.folder
        within = [other.folder for other in self._workspace.members if other.folder != folder]
        left_out = (
            *(nested for nested in within if is_under(nested, folder)),
            *(image.dockerfile for image in self._workspace.images),
            *(joined(folder, name) for name in (*BUILD_FOLDERS, "smoke", ".dockerignore")),
        )
        needed = (
            *(stubs for out, stubs in self._stub_ids() if is_under(out, folder)),
            *(ids.home(home) for home in self._workspace.homes if home.installs(member)),
            *(ids.member(other) for other in self._built_members() if _depends(member, other)),
        )
        builds = member.language is Language.TS and "build" in member.checks
        return Target(
            id=ids.member(member),
            kind=Kind(ids.member(member).partition(":")[0]),
            place=folder,
            inputs=Inputs(
                folders=(folder, *self._member_inputs.get(folder, ())),
                files=tuple(joined(member.home, name) for name in SHARED_FILES.get(member.language, ())),
                less=left_out,
            ),
            outputs=(joined(folder, "dist"),) if builds else (),
            dependencies=tuple(dict.fromkeys(needed)),
            tools=dict.fromkeys(TOOLS[member.language], ""),
        )

    def _stub_ids(self) -> Iterator[tuple[str, str]]:
        for out, (buf, template) in self._ids.outs.items():
            yield out, self._ids.stubs(buf, template)

    def _image(self, image: ImageFile) -> Target:
        kind = IMAGE_KIND[image.flavour]
        folder = str(PurePosixPath(image.dockerfile).parent)
        beside = [self._ids.member(member) for member in self._built_members() if member.folder == folder]
        stubs = [stub for source in image.sources for stub in self._ids.stubs_in(source)]
        return Target(
            id=f"{kind}:{image.name}",
            kind=kind,
            place=image.dockerfile,
            inputs=Inputs(
                files=(image.dockerfile, f"{image.dockerfile}.dockerignore", joined(image.context, ".dockerignore")),
                walked=image.sources,
                context=image.context,
                ignore=image.ignore,
            ),
            outputs=(f"{STATE_FOLDER}/images/{kind}/{image.name}.json",),
            dependencies=tuple(dict.fromkeys((*stubs, *self._builds_copied(image)))),
            after=(*beside, *((f"{Kind.IMAGE_DEV}:{image.name}",) if kind is Kind.IMAGE_RELEASE else ())),
            versioned=kind is Kind.IMAGE_RELEASE,
        )

    def _builds_copied(self, image: ImageFile) -> Iterator[str]:
        """Members whose build the image copies instead of making its own."""
        for member in self._built_members():
            for output in self._member(member).outputs:
                taken = any(is_under(output, source) or is_under(source, output) for source in image.sources)
                relative = output if image.context == "." else output.removeprefix(f"{image.context}/")
                if taken and not is_ignored(relative, image.ignore):
                    yield self._ids.member(member)


def _depends(member: Member, other: Member) -> bool:
    return other.folder in member.depends_on and other.language is member.language


def python_environment(home: Home) -> str:
    """Where the members of a uv workspace are installed, editable; side by side, since one venv is no place for
    another."""
    return f"{STATE_FOLDER}/python/{'+root' if home.folder == '.' else home.folder.replace('/', '+')}"
