"""Ring 2 of the SDKs: what is packed, the check that it can be installed, and the smoke test of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from nox_rings.engine.paths import joined
from nox_rings.engine.plan.targets import Inputs, Kind, Target
from nox_rings.workspace.identity import Identities
from nox_rings.workspace.language import TOOLS, Language
from nox_rings.workspace.model import Member, Workspace

# What a build leaves in a member's folder; never an input.
BUILD_FOLDERS = ("dist", "node_modules", ".venv")
REGISTRY = {Language.TS: "npm", Language.GO: "go", Language.PY: "pypi"}
REGISTRY_TOOLS = {Language.TS: ("verdaccio",), Language.GO: (), Language.PY: ("pypi-server",)}
# What is asked about a packed artifact, where the workspace pins it.
JUDGES = {Language.TS: ("publint", "attw"), Language.GO: (), Language.PY: ("twine", "check-wheel-contents")}
# What checks the types of a consumer, where the workspace pins it. A TypeScript SDK has its own compiler; go has one.
CHECKERS = {Language.TS: (), Language.GO: (), Language.PY: ("mypy",)}
# What knows the licenses for a bill of materials, where the workspace pins it; metadata of the others tell them.
CLASSIFIERS = {Language.TS: (), Language.GO: ("identify_license",), Language.PY: ()}
# What packs and checks an artifact beside the tools of its language; part of nox-rings.
PACKERS = {Language.TS: (), Language.GO: ("gomodule",), Language.PY: ()}
OPTIONAL_TOOLS = frozenset(chain(*JUDGES.values(), *CHECKERS.values(), *CLASSIFIERS.values()))
SMOKE = "smoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallSource:
    """The packed set of a language: each SDK by the folder that holds its artifacts."""

    language: Language
    sdks: tuple[tuple[str, Member], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeSource:
    """A consumer of the packed SDK at `member`, kept in the SDK's `smoke` folder, and the server it calls."""

    member: Member
    artifact: str
    server: Member


class PackedTargets:
    """`smokes` are the member folders that hold a `smoke` folder, `pinned` those of OPTIONAL_TOOLS that are there."""

    def __init__(
        self,
        workspace: Workspace,
        ids: Identities,
        *,
        smoke_server: str,
        smokes: frozenset[str],
        pinned: frozenset[str],
    ) -> None:
        self._workspace, self._ids = workspace, ids
        self._smoke_server, self._smokes, self._pinned = smoke_server, smokes, pinned
        self._sdks = tuple(member for member in workspace.members if ids.is_sdk(member))

    def targets(self) -> Iterator[tuple[Target, object]]:
        for member in self._sdks:
            yield self._artifact(member), member
        for language in Language:
            if any(member.language is language for member in self._sdks):
                yield self._install_check(language)
        servers = [each for each in self._workspace.members if self._ids.member(each) == self._smoke_server]
        for member in self._sdks:
            if servers and member.folder in self._smokes:
                yield self._smoke(member, servers[0])

    def _name(self, member: Member) -> str:
        return self._ids.member(member).partition(":")[2]

    def _place(self, member: Member) -> str:
        return f"dist/{REGISTRY[member.language]}/{self._name(member)}"

    def _optional(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name in self._pinned)

    def _artifact(self, member: Member) -> Target:
        asked = (*JUDGES[member.language], *CLASSIFIERS[member.language])
        locks = (home.lockfile for home in self._workspace.homes if home.installs(member))
        return Target(
            id=f"{Kind.ARTIFACT}:{self._name(member)}",
            kind=Kind.ARTIFACT,
            place=member.folder,
            inputs=Inputs(
                folders=(member.folder,),
                # What is packed where a module has none; what the bill of materials is made of.
                files=("LICENSE",) if member.language is Language.GO else tuple(locks),
                less=tuple(joined(member.folder, each) for each in BUILD_FOLDERS),
            ),
            outputs=(self._place(member),),
            dependencies=(self._ids.member(member),),
            tools=dict.fromkeys((*TOOLS[member.language], *PACKERS[member.language], *self._optional(asked)), ""),
            versioned=True,
        )

    def _install_check(self, language: Language) -> tuple[Target, InstallSource]:
        sdks = [member for member in self._sdks if member.language is language]
        artifacts = (f"{Kind.ARTIFACT}:{self._name(member)}" for member in sdks)
        # Where the compilers of TypeScript SDKs are.
        homes = (each for each in self._workspace.homes if any(map(each.installs, sdks)))
        compilers = map(self._ids.home, homes) if language is Language.TS else ()
        target = Target(
            id=f"{Kind.INSTALL_CHECK}:{language}",
            kind=Kind.INSTALL_CHECK,
            place=f"dist/{REGISTRY[language]}",
            inputs=Inputs(folders=tuple(joined(each.folder, SMOKE) for each in sdks if each.folder in self._smokes)),
            dependencies=(*artifacts, *compilers),
            tools=dict.fromkeys((*TOOLS[language], *self._optional(CHECKERS[language])), ""),
        )
        return target, InstallSource(language=language, sdks=tuple((self._place(each), each) for each in sdks))

    def _smoke(self, member: Member, server: Member) -> tuple[Target, SmokeSource]:
        sdk = self._name(member)
        folder = joined(member.folder, SMOKE)
        tools = (*TOOLS[member.language], *REGISTRY_TOOLS[member.language], *TOOLS[server.language])
        target = Target(
            id=f"{Kind.SMOKE}:{REGISTRY[member.language] if sdk == member.language else sdk}",
            kind=Kind.SMOKE,
            place=folder,
            inputs=Inputs(folders=(folder,)),
            dependencies=(
                f"{Kind.ARTIFACT}:{sdk}",
                f"{Kind.INSTALL_CHECK}:{member.language}",
                self._smoke_server,
            ),
            tools=dict.fromkeys(tools, ""),
            versioned=True,
        )
        return target, SmokeSource(member=member, artifact=f"{Kind.ARTIFACT}:{sdk}", server=server)
