"""An ecosystem: how packages of one kind are discovered, built, tested, packed, checked, installed and called.

One is a folder below `ecosystems/` and an entry of the tuple there. Its methods import what they need when they are
called, because the menu and a fresh answer know ecosystems by name only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from nox_rings.ecosystems.artifact import ArtifactKind, Rule
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.model import (
        Discovered,
        GateSettings,
        MemberSubject,
        Packing,
        SbomSource,
        SmokeConsumer,
    )
    from nox_rings.ecosystems.packed_set import PackedSet
    from nox_rings.engine.plan.keys import Recipe
    from nox_rings.engine.plan.targets import Inputs
    from nox_rings.engine.process.command import Command
    from nox_rings.engine.process.runner import Completed
    from nox_rings.engine.run.steps import Step, StepContext
    from nox_rings.workspace.model import InstallRoot, Member
    from nox_rings.workspace.sources import Sources
    from nox_rings.workspace.versions import VersionTuple


class Ecosystem(Protocol):
    """`name` is that of its registry (npm), `language` the short name in ids and sessions (ts), `title` for people.

    `manifest` is the file beside which a member lies, `installer` the name of install targets (empty where members
    need none). `descriptors` are patterns of the names of files that discovery reads, and `settings` of those that it
    reads beside them. Source files of members have one of the `suffixes`; where the tools also read those that git does
    not list, `reads_unlisted`, but for folders named as in `made_folders`; beside one that ends with one of `compiled`
    may lie what its compiler made of it. Beside sources that count so do files with one of the `data_suffixes`.
    `variables` are patterns of those of the environment that its tools and
    members obey (engine/plan/variables.py), `install_variables` those that decide what is installed. `tools` build and
    install members, `registry_tools` serve the throw-away registry, `packers` pack. Where the workspace pins them,
    `linters` check packed artifacts, `checkers` the programs that use them, and `pack_tools` help to pack. `recipe` is
    the version of what its methods do."""

    name: str
    language: str
    title: str
    manifest: str
    installer: str = ""
    descriptors: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    reads_unlisted: bool = False
    compiled: tuple[str, ...] = ()
    data_suffixes: tuple[str, ...] = ()
    made_folders: tuple[str, ...] = ("node_modules",)
    variables: tuple[str, ...] = ()
    install_variables: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    registry_tools: tuple[str, ...] = ()
    linters: tuple[str, ...] = ()
    checkers: tuple[str, ...] = ()
    pack_tools: tuple[str, ...] = ()
    packers: tuple[str, ...] = ()
    recipe: Recipe
    sibling_fix: str = ""
    install_check_fix: str = ""
    # The install check takes its compiler from the installed workspace.
    checks_with_workspace: bool = False
    # Packing reads what is installed: the licenses of dependencies.
    packs_with_workspace: bool = False
    # The tools build the program that uses the packed SDK with the member in which it lies, too.
    builds_smoke: bool = False
    # Packing reads the manifests of the members that the packed one depends on.
    packs_siblings: bool = False
    # A link to a file is packed as that file; if not, links are left out.
    packs_links: bool = True
    # In the member's folder and those above it: what packing leaves out.
    ignore_files: tuple[str, ...] = ()

    def discover(self, sources: Sources) -> Discovered:
        """Members and install roots of the workspace; problems are added to `sources`."""
        ...

    def outline(self, text: str) -> str:
        """Of a source file that discovery reads by `Sources.outline`: an edit that leaves the outline as it is changes
        no target's shape."""
        return text

    # ring 1

    def shared_files(self, member: Member) -> tuple[str, ...]:
        """Files beside the member's install root that it reads without naming them."""
        return ()

    def check_settings(self) -> Mapping[str, tuple[str, ...]]:
        """By programs that configured checks may call, patterns of the names of files above a member that they read."""
        return {}

    def uncompared(
        self, member: Member, root: InstallRoot | None, others: Sequence[Member]
    ) -> Mapping[str, Collection[str]]:
        """Files by the program that opens them though they are no input of the member: what decides of them is in its
        recipe, or in what its installation records. `others` are the members of its ecosystem."""
        return {}

    def uncompared_by_install(
        self, root: InstallRoot, members: Sequence[Member], files: tuple[str, ...]
    ) -> Mapping[str, Collection[str]]:
        """`uncompared` of the installation of `members`; `files` is the sorted listing of the workspace."""
        return {}

    def installer_of(self, root: InstallRoot) -> str:
        """The name of the install target of this root."""
        return self.installer

    def tools_of(self, root: InstallRoot | None) -> tuple[str, ...]:
        """The tools that install this root, and build and test its members; None is none."""
        return self.tools

    def install_output(self, root: InstallRoot) -> str:
        """A file that is there when the members of `root` are installed."""
        raise LookupError(f"{self.name}: {root.folder} has nothing to install")

    def install_outputs(self, root: InstallRoot) -> tuple[str, ...]:
        """All files that show that they are."""
        return (self.install_output(root),)

    def install_signs(self, root: InstallRoot) -> tuple[str, ...]:
        """What shows that it is still there, without reading all of it (`Target.signs`)."""
        return root.installed

    def install_steps(self, root: InstallRoot, context: RecipeContext) -> Sequence[Step]:
        return ()

    def outputs(self, member: Member) -> tuple[str, ...]:
        """Folders in the workspace that building the member may leave."""
        return ()

    def build_folders(self, member: Member) -> tuple[str, ...]:
        """Names of folders in the member that are never its sources."""
        from nox_rings.ecosystems.model import BUILD_FOLDERS

        return BUILD_FOLDERS

    def check_steps(self, subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
        """Build the member and run its tests."""
        ...

    def check_variables(self, subject: MemberSubject, context: RecipeContext) -> Mapping[str, str]:
        """With what configured checks run, so that they find what is installed for the member."""
        return {}

    def find_sibling(
        self, subject: MemberSubject, sibling: Member, context: RecipeContext, step: StepContext
    ) -> Path | None:
        """The folder in which the ecosystem's own tool finds the sibling; None where it finds none."""
        return context.layout.root / sibling.folder

    # ring 2

    def version(self, versions: VersionTuple) -> str: ...

    def purl(self, name: str, version: str) -> str:
        """https://github.com/package-url/purl-spec"""
        ...

    def artifact_kinds(self) -> tuple[ArtifactKind, ...]:
        """One artifact of each is packed."""
        ...

    def rules(self, kind: ArtifactKind) -> tuple[Rule, ...]:
        """The rules by which the contract gate checks artifacts of this kind, beside the rules for all."""
        return ()

    def pack_inputs(self, subject: MemberSubject, files: tuple[str, ...]) -> Inputs:
        """All that is copied to be packed: whatever may go into an artifact, whether git lists it or not, and what
        decides about it, beyond the part of a lockfile that reaches the member. `files` is the sorted listing of the
        workspace."""
        from nox_rings.engine.paths import at_or_above, joined
        from nox_rings.engine.plan.targets import Inputs

        folder = subject.member.folder
        ignored = (joined(above, name) for above in at_or_above(folder) for name in self.ignore_files)
        return Inputs(
            folders=(folder,),
            files=tuple(ignored),
            excludes=(joined(folder, "node_modules"), joined(folder, ".venv")),
            whole=subject.generated,
        )

    def stamp(self, member: Member, packing: Packing) -> None:
        """Write the versions of this release into the copy of a member."""
        return

    def complete_copy(self, packing: Packing) -> None:
        """Add to the copy what packing reads beside the members."""
        return

    def pack_step(self, packing: Packing) -> Step: ...

    def gate_settings(self, packing: Packing, artifact: Path, step: StepContext) -> GateSettings:
        """What the contract gate compares the artifact at this path with."""
        ...

    def linter_commands(self, packing: Packing) -> Mapping[str, Command]:
        """By the program's name."""
        return {}

    def linter_report(self, command: Command, answer: Completed) -> str:
        """A short summary of what a linter reported when it failed."""
        from nox_rings.ecosystems.linters import shown_report

        return shown_report(answer)

    def sbom_command(self, packing: Packing) -> Command | None:
        """The command that prints the components of a member; None where there is none."""
        return None

    def sbom(self, packing: Packing, step: StepContext) -> SbomSource | None:
        return None

    def install_check_steps(self, packed: PackedSet, tools: Mapping[str, str]) -> Sequence[Step]:
        """Install the packed set in clean folders, and check the types that programs see. `tools` are versions."""
        return ()

    def smoke_steps(self, consumer: SmokeConsumer, publish: PublishSteps) -> Sequence[Step]:
        """Serve a throw-away registry, publish what was packed to it, and install it in the clean folder."""
        ...

    def call_command(self, consumer: SmokeConsumer, env: Mapping[str, str | None]) -> Command:
        """The consumer's program; it prints one line."""
        ...


class PublishSteps(Protocol):
    """The step that publishes every sealed artifact by the command that `command` makes for one."""

    def __call__(self, command: PublishCommand) -> Step: ...


class PublishCommand(Protocol):
    def __call__(self, artifact: Path) -> Command: ...
