"""npm packages, by pnpm: discovered, built, packed, checked, installed and called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.ecosystems.base import Ecosystem, PublishSteps
from nox_rings.engine.paths import joined
from nox_rings.engine.plan.keys import Recipe

if TYPE_CHECKING:
    from nox_rings.ecosystems.artifact import ArtifactKind, Rule
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.model import Discovered, GateSettings, MemberSubject, Packing, SbomSource, SmokeConsumer
    from nox_rings.ecosystems.packed_set import PackedSet
    from nox_rings.engine.process.command import Command
    from nox_rings.engine.process.runner import Completed
    from nox_rings.engine.run.steps import Step, StepContext
    from nox_rings.workspace.model import InstallRoot, Member
    from nox_rings.workspace.sources import Sources
    from nox_rings.workspace.versions import VersionTuple


class Npm(Ecosystem):
    name = "npm"
    language = "ts"
    title = "TypeScript"
    manifest = "package.json"
    installer = "pnpm"
    descriptors = ("package.json", "pnpm-workspace.yaml")
    tools = ("node", "pnpm")
    registry_tools = ("verdaccio",)
    linters = ("publint", "attw")
    recipe = Recipe(version=1, source="46a8376ff0e9d72a")
    sibling_fix = "use workspace:* for it, then pnpm install"
    install_check_fix = "declare as dependencies what it imports, with its types; then nox -s sdk-ts -- --pack"
    checks_with_workspace = True
    packs_siblings = True

    def discover(self, sources: Sources) -> Discovered:
        from nox_rings.ecosystems.model import Discovered
        from nox_rings.ecosystems.npm import pnpm

        roots = pnpm.find_install_roots(sources)
        return Discovered(install_roots=roots, members=tuple(pnpm.find_members(sources, roots)))

    def shared_files(self, member: Member) -> tuple[str, ...]:
        return tuple(joined(member.install_root, name) for name in ("tsconfig.json", "tsconfig.base.json"))

    def install_output(self, root: InstallRoot) -> str:
        """pnpm keeps a copy of the lockfile that it installed; node_modules/.modules.yaml contains times."""
        return joined(root.folder, "node_modules/.pnpm/lock.yaml")

    def install_steps(self, root: InstallRoot, context: RecipeContext) -> Sequence[Step]:
        from nox_rings.ecosystems.npm import pnpm

        return (pnpm.install_command(context.layout.root / root.folder),)

    def outputs(self, member: Member) -> tuple[str, ...]:
        return (joined(member.folder, "dist"),) if "build" in member.checks else ()

    def check_steps(self, subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
        from nox_rings.ecosystems.npm import pnpm

        folder = context.layout.root / subject.member.folder
        return tuple(pnpm.script_command(folder, script) for script in subject.member.checks)

    def find_sibling(
        self, subject: MemberSubject, sibling: Member, context: RecipeContext, step: StepContext
    ) -> Path | None:
        link = context.layout.root / subject.member.folder / "node_modules" / sibling.name
        return link.resolve() if link.exists() else None

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

    def stamp(self, member: Member, packing: Packing) -> None:
        from nox_rings.ecosystems.npm import packing as packing_of_npm

        packing_of_npm.stamp(member, packing)

    def complete_copy(self, packing: Packing) -> None:
        from nox_rings.ecosystems.npm import packing as packing_of_npm

        packing_of_npm.copy_settings(packing)

    def pack_step(self, packing: Packing) -> Step:
        from nox_rings.ecosystems.npm import pnpm

        return pnpm.pack_command(packing.copy / packing.member.folder, packing.packed)

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
