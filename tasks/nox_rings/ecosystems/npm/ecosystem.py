"""npm packages: discovered, installed and built by the package manager of the repository; packed, checked, installed
elsewhere and called by pnpm."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.ecosystems.base import Ecosystem, PublishSteps
from nox_rings.ecosystems.npm.variables import INSTALLATIONS, MEMBERS
from nox_rings.engine.paths import at_or_above, is_under, joined
from nox_rings.engine.plan.keys import Recipe

if TYPE_CHECKING:
    from nox_rings.ecosystems.artifact import ArtifactKind, Rule
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.model import Discovered, GateSettings, MemberSubject, Packing, SbomSource, SmokeConsumer
    from nox_rings.ecosystems.packed_set import PackedSet
    from nox_rings.engine.plan.targets import Inputs
    from nox_rings.engine.process.command import Command
    from nox_rings.engine.process.runner import Completed
    from nox_rings.engine.run.steps import Step, StepContext
    from nox_rings.workspace.model import InstallRoot, Member
    from nox_rings.workspace.sources import Sources
    from nox_rings.workspace.versions import VersionTuple


SHARED = ("tsconfig.json", "tsconfig.base.json")


class Npm(Ecosystem):
    name = "npm"
    language = "ts"
    title = "TypeScript"
    manifest = "package.json"
    installer = "pnpm"
    descriptors = ("package.json", "pnpm-workspace.yaml")
    settings = (
        *("pnpm-lock.yaml", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "bun.lock"),
        *(".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml", "tsconfig*.json", ".gitignore"),
    )
    reads_unlisted = True
    compiled = (".ts", ".tsx", ".mts", ".cts")
    made_folders = ("node_modules", "build", "dist", "coverage", "test-results", "playwright-report")
    data_suffixes = (
        *(".json", ".json5", ".yaml", ".yml", ".toml", ".graphql", ".gql", ".css", ".scss", ".sass", ".less", ".styl"),
        *(".html", ".mdx", ".astro", ".svg", ".wasm", ".node"),
    )
    suffixes = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte")
    variables = MEMBERS
    install_variables = INSTALLATIONS
    tools = ("node", "pnpm")
    registry_tools = ("verdaccio",)
    linters = ("publint", "attw")
    recipe = Recipe(version=3, source="143eeee8db67e36d")
    sibling_fix = (
        "nox -s rings -- 'install:*' --force; if it stays, require it so that the manager links it (pnpm: workspace:*)"
    )
    install_check_fix = "declare as dependencies what it imports, with its types; then nox -s sdk-ts -- --pack"
    checks_with_workspace = True
    packs_siblings = True
    ignore_files = (".gitignore", ".npmignore")
    packs_with_workspace = True

    def discover(self, sources: Sources) -> Discovered:
        from nox_rings.ecosystems.npm.workspaces.discovery import discover

        return discover(sources)

    def outline(self, text: str) -> str:
        from nox_rings.ecosystems.npm.builds.outside import loaded_by_sources

        return str(loaded_by_sources(text))

    def shared_files(self, member: Member) -> tuple[str, ...]:
        """Settings of the compiler above the member, which editors and other tools find without a name."""
        between = (each for each in at_or_above(member.folder) if is_under(each, member.install_root))
        above = [each for each in between if each != member.folder]
        return tuple(joined(folder, name) for folder in above for name in SHARED)

    def check_settings(self) -> Mapping[str, tuple[str, ...]]:
        from nox_rings.ecosystems.npm.builds.settings import OTHERS, READ_BY

        return {**READ_BY, "": OTHERS}

    def uncompared(
        self, member: Member, root: InstallRoot | None, others: Sequence[Member]
    ) -> Mapping[str, Collection[str]]:
        """Manifest and settings of the workspace, which the manager reads to run a script; what they decide is recorded
        by the installation. npm and yarn are programs of node."""
        if root is None or root.folder == member.folder:
            return {}
        program = "pnpm" if self.installer_of(root) == "pnpm" else "node"
        return {program: tuple(path for path in root.files if (path.rpartition("/")[0] or ".") == root.folder)}

    def installer_of(self, root: InstallRoot) -> str:
        from nox_rings.ecosystems.npm.workspaces.commands import manager_of_root

        return manager_of_root(root).program

    def tools_of(self, root: InstallRoot | None) -> tuple[str, ...]:
        from nox_rings.ecosystems.npm.workspaces import commands
        from nox_rings.ecosystems.npm.workspaces.managers import Manager

        return commands.tools_of(commands.manager_of_root(root), root.program) if root else ("node", Manager.NPM)

    def install_outputs(self, root: InstallRoot) -> tuple[str, ...]:
        from nox_rings.ecosystems.npm.workspaces.installing import record_path

        return (record_path(root),)

    def install_steps(self, root: InstallRoot, context: RecipeContext) -> Sequence[Step]:
        from nox_rings.ecosystems.npm.workspaces.installing import install_steps

        return install_steps(root, context)

    def outputs(self, member: Member) -> tuple[str, ...]:
        return member.outputs

    def check_steps(self, subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
        from nox_rings.ecosystems.npm.workspaces.installing import check_steps

        return check_steps(subject, context)

    def find_sibling(
        self, subject: MemberSubject, sibling: Member, context: RecipeContext, step: StepContext
    ) -> Path | None:
        from nox_rings.ecosystems.npm.workspaces.installing import find_sibling

        return find_sibling(subject, sibling, context.layout.root)

    def version(self, versions: VersionTuple) -> str:
        return versions.npm

    def purl(self, name: str, version: str) -> str:
        from nox_rings.ecosystems.sbom import purl_of

        return purl_of("npm", name, version)

    def artifact_kinds(self) -> tuple[ArtifactKind, ...]:
        from nox_rings.ecosystems.artifact import NPM

        return (NPM,)

    def rules(self, kind: ArtifactKind) -> tuple[Rule, ...]:
        from nox_rings.ecosystems.npm.gate import entries, manifest

        return (*manifest.RULES, *entries.RULES)

    def pack_inputs(self, subject: MemberSubject, files: tuple[str, ...]) -> Inputs:
        from nox_rings.ecosystems.npm import packing

        return packing.pack_inputs(super().pack_inputs(subject, files), subject.member)

    def stamp(self, member: Member, packing: Packing) -> None:
        from nox_rings.ecosystems.npm import packing as packing_of_npm

        packing_of_npm.stamp(member, packing)

    def complete_copy(self, packing: Packing) -> None:
        from nox_rings.ecosystems.npm import packing as packing_of_npm

        packing_of_npm.complete_copy(packing)

    def pack_step(self, packing: Packing) -> Step:
        from nox_rings.ecosystems.npm import packing as packing_of_npm

        return packing_of_npm.pack_step(packing)

    def gate_settings(self, packing: Packing, artifact: Path, step: StepContext) -> GateSettings:
        from nox_rings.ecosystems.npm import packing as packing_of_npm

        return packing_of_npm.gate_settings(packing)

    def linter_commands(self, packing: Packing) -> Mapping[str, Command]:
        from nox_rings.ecosystems.npm import linters

        return linters.commands(packing.packed, packing.member.name, packing.version)

    def linter_report(self, command: Command, answer: Completed) -> str:
        from nox_rings.ecosystems.npm import linters

        return linters.report(command, answer)

    def sbom_command(self, packing: Packing) -> Command:
        from nox_rings.ecosystems.npm import sbom

        return sbom.command(packing)

    def sbom(self, packing: Packing, step: StepContext) -> SbomSource | None:
        from nox_rings.ecosystems.npm import sbom

        return sbom.source(packing, step)

    def install_check_steps(self, packed: PackedSet, tools: Mapping[str, str]) -> Sequence[Step]:
        from nox_rings.ecosystems.npm.install_check import install_check_steps

        return install_check_steps(packed)

    def smoke_steps(self, consumer: SmokeConsumer, publish: PublishSteps) -> Sequence[Step]:
        from nox_rings.ecosystems.npm.smoke import smoke_steps

        return smoke_steps(consumer, publish)

    def call_command(self, consumer: SmokeConsumer, env: Mapping[str, str | None]) -> Command:
        from nox_rings.engine.process.command import Command

        return Command(argv=("node", "smoke.mjs"), cwd=consumer.home, env=env, description="smoke consumer")
