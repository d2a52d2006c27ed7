"""Ring 2 of the SDKs: their packed artifacts, the install checks, and the smoke tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nox_rings.artifacts import recipe
from nox_rings.artifacts.install_check import recipe as install_check
from nox_rings.artifacts.kinds import ARTIFACT, INSTALL_CHECK, SMOKE
from nox_rings.artifacts.model import SMOKE_FOLDER, InstallCheckSubject, SmokeSubject
from nox_rings.artifacts.smoke import recipe as smoke
from nox_rings.ecosystems.base import Ecosystem
from nox_rings.ecosystems.model import ArtifactSubject
from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.keys import recipe_key
from nox_rings.engine.plan.targets import Inputs, Target, TargetId
from nox_rings.members.derive import member_environment, variables_of
from nox_rings.members.ids import MemberIds
from nox_rings.workspace.model import Member


def derive_artifacts(view: WorkspaceView) -> Iterator[Target]:
    derivation = _Derivation(view)
    yield from map(derivation.artifact, view.index.sdks)
    sdks = tuple(member for member in view.index.sdks if not member.private)
    for ecosystem in view.ecosystems.values():
        if own := [member for member in sdks if member.ecosystem == ecosystem.name]:
            yield derivation.install_check(ecosystem, own)
    if server := derivation.server():
        for member in sdks:
            if derivation.has_smoke(member):
                yield derivation.smoke(member, server)


class _Derivation:
    def __init__(self, view: WorkspaceView) -> None:
        self._view, self._ids = view, MemberIds(view)
        self._smokes = {path.rsplit(f"/{SMOKE_FOLDER}/", 1)[0] for path in view.files if f"/{SMOKE_FOLDER}/" in path}

    def has_smoke(self, member: Member) -> bool:
        return member.folder in self._smokes

    def server(self) -> Member | None:
        wanted = self._view.config.smoke.server
        return next((each for each in self._view.index.workspace.members if self._ids.member(each) == wanted), None)

    def artifact(self, member: Member) -> Target:
        view, ecosystem = self._view, self._view.ecosystem_of(member)
        source = view.subject(member)
        names = (each.name for each in view.index.workspace.members if each.ecosystem == member.ecosystem)
        subject = ArtifactSubject(source=source, copied=self._copied(member), released=tuple(names))
        inputs = ecosystem.pack_inputs(source, view.files)
        manifests = (joined(each.folder, ecosystem.manifest) for each in subject.copied[1:])
        optional = view.pinned(*ecosystem.linters, *ecosystem.pack_tools)
        root = view.index.install_root_of(member) if ecosystem.packs_with_workspace else None
        return Target(
            id=self._artifact_id(member),
            kind=ARTIFACT,
            path=member.folder,
            language=ecosystem.language,
            subject=subject,
            inputs=replace(
                inputs,
                files=(*inputs.files, *manifests, *view.index.whole_lockfile(member)),
                parts={**inputs.parts, **view.index.parts_of(member)},
            ),
            outputs=(self._folder(member),),
            optional=member.private,
            dependencies=(self._ids.member(member), *((self._ids.install(root),) if root else ())),
            tools=view.versions(*ecosystem.tools, *ecosystem.packers, *optional),
            environment=member_environment(view, member),
            recipe=recipe_key(subject, recipe.RECIPE, ecosystem.recipe),
        )

    def install_check(self, ecosystem: Ecosystem, sdks: list[Member]) -> Target:
        view, workspace = self._view, self._view.index.workspace
        taken = {member.name for member in sdks}
        names = (each.name for each in workspace.members if each.ecosystem == ecosystem.name)
        subject = InstallCheckSubject(
            ecosystem=ecosystem.name,
            sdks=tuple((self._folder(member), member) for member in sdks),
            absent=tuple(dict.fromkeys(name for name in names if name and name not in taken)),
            generated_roots=workspace.generated_roots,
        )
        roots = dict.fromkeys(filter(None, map(view.index.install_root_of, sdks)))
        compilers = [self._ids.install(root) for root in roots] if ecosystem.checks_with_workspace else []
        with_compilers = sdks if ecosystem.checks_with_workspace else []
        return Target(
            id=INSTALL_CHECK.id(ecosystem.language),
            kind=INSTALL_CHECK,
            path=f"dist/{ecosystem.name}",
            language=ecosystem.language,
            subject=subject,
            inputs=Inputs(
                folders=tuple(joined(each.folder, SMOKE_FOLDER) for each in sdks if self.has_smoke(each)),
                files=tuple(dict.fromkeys(path for each in with_compilers for path in view.index.whole_lockfile(each))),
                parts={name: part for each in with_compilers for name, part in view.index.parts_of(each).items()},
            ),
            dependencies=(*map(self._artifact_id, sdks), *compilers),
            tools=view.versions(*ecosystem.tools, *view.pinned(*ecosystem.checkers)),
            environment=variables_of(ecosystem),
            recipe=recipe_key(subject, install_check.RECIPE, ecosystem.recipe),
            repeat=f"nox -s sdk-{ecosystem.language} -- --pack",
        )

    def smoke(self, member: Member, server: Member) -> Target:
        view, ecosystem = self._view, self._view.ecosystem_of(member)
        settings, folder = view.config.smoke, joined(member.folder, SMOKE_FOLDER)
        subject = SmokeSubject(
            member=member,
            artifacts=self._folder(member),
            server=server.folder,
            command=settings.command,
            health=settings.health,
        )
        sdk = self._artifact_id(member).name
        name = ecosystem.name if sdk == ecosystem.language else sdk
        tools = (*ecosystem.tools, *ecosystem.registry_tools, *view.ecosystem_of(server).tools)
        return Target(
            id=SMOKE.id(name),
            kind=SMOKE,
            path=folder,
            language=ecosystem.language,
            subject=subject,
            # The build of the server may be as it was, and runs with what is installed for it.
            inputs=Inputs(
                folders=(folder,), files=view.index.whole_lockfile(server), parts=view.index.parts_of(server)
            ),
            dependencies=(
                self._artifact_id(member),
                INSTALL_CHECK.id(ecosystem.language),
                self._ids.member(server),
            ),
            tools=view.versions(*tools),
            environment=tuple(dict.fromkeys((*variables_of(ecosystem), *member_environment(view, server)))),
            recipe=recipe_key(subject, smoke.RECIPE, ecosystem.recipe),
            repeat=f"nox -s smoke -- {name}",
        )

    def _artifact_id(self, member: Member) -> TargetId:
        return ARTIFACT.id(self._ids.member(member).name)

    def _folder(self, member: Member) -> str:
        return f"dist/{member.ecosystem}/{self._ids.member(member).name}"

    def _copied(self, member: Member) -> tuple[Member, ...]:
        """The member, and its direct and indirect dependencies where its ecosystem packs siblings."""
        found: dict[Member, None] = {}
        waiting = [member]
        while waiting:
            each = waiting.pop()
            if each not in found:
                found[each] = None
                waiting.extend(
                    self._view.index.siblings(each) if self._view.ecosystem_of(member).packs_siblings else ()
                )
        return tuple(found)
