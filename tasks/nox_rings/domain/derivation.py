"""From the workspace to its targets: which there are, what each reads and writes, and what it needs first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from nox_rings.domain.language import Language
from nox_rings.domain.places import is_under, joined, short_names
from nox_rings.domain.targets import Inputs, Kind, Target
from nox_rings.domain.workspace import BufWorkspace, Flavour, Home, Member, StubTemplate, Workspace

STATE_FOLDER = ".nox-rings"
# What a build leaves in a member's folder; never an input.
BUILD_FOLDERS = ("dist", "bin", "node_modules", ".venv")
IMAGE_KIND = {Flavour.DEV: Kind.IMAGE_DEV, Flavour.RELEASE: Kind.IMAGE_RELEASE}
REGISTRY = {Language.TS: "npm", Language.GO: "go", Language.PY: "pypi"}
INSTALLER = {Language.TS: "pnpm", Language.PY: "uv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The targets and, by id, the part of the workspace each one came from."""

    targets: tuple[Target, ...]
    origins: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeSource:
    """A consumer of the packed SDK at `member`, kept in the SDK's `smoke` folder, and the server it calls."""

    member: Member
    artifact: str
    server: Member


@dataclass(frozen=True, slots=True, kw_only=True)
class StubsSource:
    buf: BufWorkspace
    template: StubTemplate


class Derivation:
    """Works out ids once, then yields targets kind by kind."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        member_inputs: Mapping[str, tuple[str, ...]],
        smoke_server: str,
        smokes: frozenset[str],
    ) -> None:
        """`smokes` are the member folders that hold a `smoke` folder; `smoke_server` is an id such as service:graph."""
        self.workspace = workspace
        self.member_inputs = member_inputs
        self.smoke_server = smoke_server
        self.smokes = smokes
        self.origins: dict[str, object] = {}
        self.image_folders = {str(PurePosixPath(image.dockerfile).parent) for image in workspace.images}
        buf_names = short_names(buf.folder for buf in workspace.buf)
        self.buf_suffix = {
            buf.folder: "" if len(workspace.buf) == 1 else f":{buf_names[buf.folder]}" for buf in workspace.buf
        }
        self.outs = {
            out: (buf, template) for buf in workspace.buf for template in buf.templates for out in template.outs
        }
        self.sdks = {
            member.folder for member in workspace.members if any(is_under(out, member.folder) for out in self.outs)
        }
        self.member_ids = {member.folder: self._member_id(member) for member in workspace.members}
        homes: dict[Language, list[Home]] = {}
        for home in workspace.homes:
            homes.setdefault(home.language, []).append(home)
        self.home_ids = {
            (home.language, home.folder): f"install:{INSTALLER[home.language]}"
            + ("" if len(homes[home.language]) == 1 else f":{home.folder}")
            for home in workspace.homes
        }

    def derive(self) -> Derived:
        targets = (
            *self._protos(),
            *self._stubs(),
            *self._installs(),
            *self._members(),
            *self._images(),
            *self._artifacts(),
            *self._smokes(),
        )
        return Derived(targets=targets, origins=self.origins)

    def _member_id(self, member: Member) -> str:
        if member.folder in self.sdks:
            alike = [
                other
                for other in self.workspace.members
                if other.folder in self.sdks and other.language is member.language
            ]
            kind, name = Kind.SDK, str(member.language) if len(alike) == 1 else ""
        else:
            kind, name = (Kind.SERVICE if member.folder in self.image_folders else Kind.PACKAGE), ""
        return f"{kind}:{name or short_names(each.folder for each in self.workspace.members)[member.folder]}"

    def _stub_id(self, buf: BufWorkspace, template: StubTemplate) -> str:
        owners = {
            member.folder: member
            for member in self.workspace.members
            for out in template.outs
            if is_under(out, member.folder)
        }
        if len(owners) == 1:
            only = next(iter(owners.values()))
            if self.member_ids[only.folder] == f"sdk:{only.language}" and self._templates_into(only) == 1:
                return f"stubs:{only.language}"
        return f"stubs{self.buf_suffix[buf.folder]}" + (f":{template.suffix}" if template.suffix else "")

    def _templates_into(self, member: Member) -> int:
        return len({template.file for out, (_, template) in self.outs.items() if is_under(out, member.folder)})

    def _keep(self, target: Target, origin: object) -> Target:
        self.origins[target.id] = origin
        return target

    def _protos(self) -> Iterator[Target]:
        for buf in self.workspace.buf:
            target = Target(
                id=f"proto{self.buf_suffix[buf.folder]}",
                kind=Kind.PROTO,
                place=joined(buf.folder, "buf.yaml"),
                inputs=self._proto_inputs(buf),
                tools={"buf": ""},
            )
            yield self._keep(target, buf)

    def _proto_inputs(self, buf: BufWorkspace, *more: str) -> Inputs:
        settings = ("buf.yaml", "buf.lock", "buf.work.yaml")
        return Inputs(
            folders=buf.modules,
            files=tuple(joined(buf.folder, name) for name in settings) + more,
            less=(*(template.file for template in buf.templates), *self.outs),
        )

    def _stubs(self) -> Iterator[Target]:
        for buf in self.workspace.buf:
            for template in buf.templates:
                known = dict.fromkeys(("buf", *template.plugins, *(("go",) if "go" in template.plugins else ())), "")
                inputs = self._proto_inputs(buf)
                target = Target(
                    id=self._stub_id(buf, template),
                    kind=Kind.STUBS,
                    place=template.file,
                    inputs=Inputs(
                        folders=(*inputs.folders, *template.scripts),
                        files=(*inputs.files, template.file),
                        less=tuple(path for path in inputs.less if path != template.file),
                    ),
                    outputs=template.outs,
                    dependencies=(f"proto{self.buf_suffix[buf.folder]}",),
                    tools=known,
                )
                yield self._keep(target, StubsSource(buf=buf, template=template))

    def _installs(self) -> Iterator[Target]:
        for home in self.workspace.homes:
            target_id = self.home_ids[home.language, home.folder]
            marker = (
                joined(home.folder, "node_modules/.modules.yaml")
                if home.language is Language.TS
                else f"{python_environment(home)}/pyvenv.cfg"
            )
            target = Target(
                id=target_id,
                kind=Kind.INSTALL,
                place=home.lockfile,
                inputs=Inputs(files=home.files),
                outputs=(marker,),
                tools={"node": "", "pnpm": ""} if home.language is Language.TS else {"uv": ""},
            )
            yield self._keep(target, home)

    def _members(self) -> Iterator[Target]:
        for member in self.workspace.members:
            if self._is_built(member):
                yield self._keep(self._member(member), member)

    def _is_built(self, member: Member) -> bool:
        """The package that holds the schema belongs to ring 0; one without any check has nothing to run."""
        return member.folder not in self.buf_suffix and (bool(member.checks) or member.folder in self.sdks)

    def _member(self, member: Member) -> Target:
        target_id = self.member_ids[member.folder]
        nested = [
            other.folder
            for other in self.workspace.members
            if other.folder != member.folder and is_under(other.folder, member.folder)
        ]
        images = [image.dockerfile for image in self.workspace.images]
        built = [joined(member.folder, name) for name in BUILD_FOLDERS]
        tools = {Language.TS: ("node", "pnpm"), Language.GO: ("go",), Language.PY: ("uv",)}[member.language]
        home_files = (
            ("go.work", "go.work.sum") if member.language is Language.GO else ("tsconfig.json", "tsconfig.base.json")
        )
        install = self.home_ids.get((member.language, member.home))
        return Target(
            id=target_id,
            kind=Kind(target_id.partition(":")[0]),
            place=member.folder,
            inputs=Inputs(
                folders=(member.folder, *self.member_inputs.get(member.folder, ())),
                files=tuple(joined(member.home, name) for name in home_files)
                if member.language is not Language.PY
                else (),
                less=(*nested, *images, *built, joined(member.folder, "smoke"), joined(member.folder, ".dockerignore")),
            ),
            outputs=(joined(member.folder, "dist"),)
            if member.language is Language.TS and "build" in member.checks
            else (),
            dependencies=tuple(
                dict.fromkeys(
                    (
                        *self._stubs_in(member.folder),
                        *((install,) if install else ()),
                        *(
                            self.member_ids[folder]
                            for folder in member.depends_on
                            if (other := self.workspace.member_at(folder)) and self._is_built(other)
                        ),
                    )
                )
            ),
            tools=dict.fromkeys(tools, ""),
        )

    def _stubs_in(self, folder: str) -> Iterator[str]:
        for out, (buf, template) in self.outs.items():
            if is_under(out, folder):
                yield self._stub_id(buf, template)

    def _images(self) -> Iterator[Target]:
        for image in self.workspace.images:
            kind = IMAGE_KIND[image.flavour]
            stubs = [stub for source in image.sources for stub in self._stubs_touched(source)]
            member = self.workspace.member_at(str(PurePosixPath(image.dockerfile).parent))
            before = [self.member_ids[member.folder]] if member and self._is_built(member) else []
            target = Target(
                id=f"{kind}:{image.name}",
                kind=kind,
                place=image.dockerfile,
                inputs=Inputs(
                    files=(
                        image.dockerfile,
                        f"{image.dockerfile}.dockerignore",
                        joined(image.context, ".dockerignore"),
                    ),
                    walked=image.sources,
                    context=image.context,
                    ignore=image.ignore,
                ),
                outputs=(f"{STATE_FOLDER}/images/{kind}/{image.name}.json",),
                dependencies=tuple(dict.fromkeys(stubs)),
                after=(*before, *((f"{Kind.IMAGE_DEV}:{image.name}",) if kind is Kind.IMAGE_RELEASE else ())),
                versioned=kind is Kind.IMAGE_RELEASE,
            )
            yield self._keep(target, image)

    def _stubs_touched(self, source: str) -> Iterator[str]:
        for out, (buf, template) in self.outs.items():
            if is_under(out, source) or is_under(source, out):
                yield self._stub_id(buf, template)

    def _artifacts(self) -> Iterator[Target]:
        for member in self.workspace.members:
            if member.folder in self.sdks:
                tools = {Language.TS: ("node", "pnpm"), Language.GO: ("go",), Language.PY: ("uv",)}[member.language]
                sdk = self.member_ids[member.folder]
                name = sdk.partition(":")[2]
                target = Target(
                    id=f"artifact:{name}",
                    kind=Kind.ARTIFACT,
                    place=member.folder,
                    inputs=Inputs(
                        folders=(member.folder,), less=tuple(joined(member.folder, each) for each in BUILD_FOLDERS)
                    ),
                    outputs=(f"dist/{REGISTRY[member.language]}/{name}",),
                    dependencies=(sdk,),
                    tools=dict.fromkeys(tools, ""),
                    versioned=True,
                )
                yield self._keep(target, member)

    def _smokes(self) -> Iterator[Target]:
        folder_of = {target_id: folder for folder, target_id in self.member_ids.items()}
        server = self.workspace.member_at(folder_of.get(self.smoke_server, ""))
        if server is None:
            return
        for member in self.workspace.members:
            if member.folder in self.sdks and member.folder in self.smokes:
                sdk = self.member_ids[member.folder].partition(":")[2]
                registry = REGISTRY[member.language]
                tools = {
                    Language.TS: ("node", "pnpm", "verdaccio"),
                    Language.GO: ("go",),
                    Language.PY: ("uv", "pypi-server"),
                }
                serves = {Language.TS: ("node",), Language.GO: ("go",), Language.PY: ("uv",)}[server.language]
                target = Target(
                    id=f"smoke:{registry if sdk == member.language else sdk}",
                    kind=Kind.SMOKE,
                    place=joined(member.folder, "smoke"),
                    inputs=Inputs(folders=(joined(member.folder, "smoke"),)),
                    dependencies=(f"artifact:{sdk}", self.smoke_server),
                    tools=dict.fromkeys((*tools[member.language], *serves), ""),
                    versioned=True,
                )
                yield self._keep(target, SmokeSource(member=member, artifact=f"artifact:{sdk}", server=server))


def python_environment(home: Home) -> str:
    """Where the members of a uv workspace are installed, editable."""
    return f"{STATE_FOLDER}/python" if home.folder == "." else f"{STATE_FOLDER}/python/{home.folder}"
