"""Python packages, by uv: discovered, built, packed, checked, installed and called."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.ecosystems.base import Ecosystem, PublishSteps
from nox_rings.ecosystems.pypi.variables import INSTALLATIONS, MEMBERS
from nox_rings.engine.plan.keys import Recipe

if TYPE_CHECKING:
    from nox_rings.ecosystems.artifact import ArtifactKind, Rule
    from nox_rings.ecosystems.context import RecipeContext
    from nox_rings.ecosystems.model import Discovered, GateSettings, MemberSubject, Packing, SbomSource, SmokeConsumer
    from nox_rings.ecosystems.packed_set import PackedSet
    from nox_rings.engine.plan.targets import Inputs
    from nox_rings.engine.process.command import Command
    from nox_rings.engine.run.steps import Step, StepContext
    from nox_rings.workspace.model import InstallRoot, Member
    from nox_rings.workspace.sources import Sources
    from nox_rings.workspace.versions import VersionTuple


class Pypi(Ecosystem):
    name = "pypi"
    language = "py"
    title = "Python"
    manifest = "pyproject.toml"
    installer = "uv"
    descriptors = (
        "pyproject.toml",
        "uv.lock",
        # Where pytest finds tests, and what projects without uv require.
        *("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg"),
        *("*requirements*.txt", "*requirements*.in", "*constraints*.txt"),
        *("base.txt", "main.txt", "dev.txt", "test.txt", "tests.txt"),
    )
    suffixes = (".py", ".pyi", ".pyx")
    data_suffixes = (
        *(".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".csv", ".sql", ".txt", ".html", ".j2", ".jinja"),
        *(".jinja2", ".graphql", ".so", ".pyd", ".dylib"),
    )
    reads_unlisted = True
    variables = MEMBERS
    install_variables = INSTALLATIONS
    tools = ("uv",)
    registry_tools = ("pypi-server",)
    linters = ("twine", "check-wheel-contents")
    checkers = ("mypy",)
    ignore_files = (".gitignore", ".hgignore")
    recipe = Recipe(version=3, source="4776597158a611a6")
    sibling_fix = "give it `workspace = true` in [tool.uv.sources], then uv sync"
    install_check_fix = "declare as dependencies what it imports, and ship py.typed; then nox -s sdk-py -- --pack"

    def discover(self, sources: Sources) -> Discovered:
        from nox_rings.ecosystems.pypi.projects.discovery import discover

        return discover(sources)

    def build_folders(self, member: Member) -> tuple[str, ...]:
        """With that of setuptools; a package of this name lies further below."""
        from nox_rings.ecosystems.model import BUILD_FOLDERS

        return (*BUILD_FOLDERS, "build")

    def shared_files(self, member: Member) -> tuple[str, ...]:
        """What a project of its own got; of a uv.lock a member has its part."""
        from nox_rings.ecosystems.pypi.environment import installed_file

        return (installed_file(member.install_root, member.folder),)

    def check_settings(self) -> Mapping[str, tuple[str, ...]]:
        from nox_rings.ecosystems.pypi.linters import CHECK_SETTINGS

        return CHECK_SETTINGS

    def uncompared(
        self, member: Member, root: InstallRoot | None, others: Sequence[Member]
    ) -> Mapping[str, Collection[str]]:
        """Manifests of the workspace, by which uv knows its members; what they decide is in the lockfile."""
        return {"uv": root.files} if root else {}

    def uncompared_by_install(
        self, root: InstallRoot, members: Sequence[Member], files: tuple[str, ...]
    ) -> Mapping[str, Collection[str]]:
        """Texts that a build backend writes into the metadata of an editable installation. Where they change uv builds
        none again (https://docs.astral.sh/uv/reference/settings/#cache-keys)."""
        folders = {each.folder for each in members}
        return {"*": [path for path in files if (path.rpartition("/")[0] or ".") in folders and _is_text(path)]}

    def install_output(self, root: InstallRoot) -> str:
        from nox_rings.ecosystems.pypi.environment import environment_of

        return f"{environment_of(root.folder)}/pyvenv.cfg"

    def install_signs(self, root: InstallRoot) -> tuple[str, ...]:
        from nox_rings.ecosystems.pypi.environment import environment_of, packages_of

        return (f"{packages_of(environment_of(root.folder))}/",)

    def install_steps(self, root: InstallRoot, context: RecipeContext) -> Sequence[Step]:
        from nox_rings.ecosystems.pypi.projects.install import install_steps

        return install_steps(root, context)

    def check_steps(self, subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
        from nox_rings.ecosystems.pypi.projects.check import check_steps

        return check_steps(subject, context)

    def check_variables(self, subject: MemberSubject, context: RecipeContext) -> Mapping[str, str]:
        from nox_rings.ecosystems.pypi.environment import environment_of
        from nox_rings.ecosystems.pypi.projects.check import activated

        return activated(context.layout.root / environment_of(subject.member.install_root), context)

    def find_sibling(
        self, subject: MemberSubject, sibling: Member, context: RecipeContext, step: StepContext
    ) -> Path | None:
        from nox_rings.ecosystems.pypi.environment import environment_of, source_path

        try:
            return source_path(context.layout.root / environment_of(subject.member.install_root), sibling.name)
        except LookupError:  # of an extra that is not installed, for another platform, or only read where it lies
            return context.layout.root / sibling.folder

    def version(self, versions: VersionTuple) -> str:
        return versions.pypi

    def purl(self, name: str, version: str) -> str:
        from nox_rings.ecosystems.sbom import purl_of

        return purl_of("pypi", name, version)

    def artifact_kinds(self) -> tuple[ArtifactKind, ...]:
        from nox_rings.ecosystems.artifact import SDIST, WHEEL

        return (WHEEL, SDIST)

    def rules(self, kind: ArtifactKind) -> tuple[Rule, ...]:
        from nox_rings.ecosystems.artifact import WHEEL
        from nox_rings.ecosystems.pypi.gate import metadata, sdist, wheel

        return (*metadata.RULES, *(wheel.RULES if kind == WHEEL else sdist.RULES))

    def pack_inputs(self, subject: MemberSubject, files: tuple[str, ...]) -> Inputs:
        from nox_rings.ecosystems.pypi.packing import stamped_copy

        return stamped_copy.pack_inputs(super().pack_inputs(subject, files), subject.member, files)

    def stamp(self, member: Member, packing: Packing) -> None:
        from nox_rings.ecosystems.pypi.packing import stamped_copy

        stamped_copy.stamp(member, packing)

    def complete_copy(self, packing: Packing) -> None:
        from nox_rings.ecosystems.pypi.packing import stamped_copy

        stamped_copy.complete_copy(packing)

    def pack_step(self, packing: Packing) -> Step:
        from nox_rings.ecosystems.pypi.packing import stamped_copy

        return stamped_copy.build_step(packing)

    def gate_settings(self, packing: Packing, artifact: Path, step: StepContext) -> GateSettings:
        from nox_rings.ecosystems.pypi.packing import stamped_copy

        return stamped_copy.gate_settings(packing)

    def linter_commands(self, packing: Packing) -> Mapping[str, Command]:
        from nox_rings.ecosystems.pypi import linters

        return linters.commands(packing.packed)

    def sbom_command(self, packing: Packing) -> Command | None:
        from nox_rings.ecosystems.pypi import sbom

        return sbom.command(packing)

    def sbom(self, packing: Packing, step: StepContext) -> SbomSource | None:
        from nox_rings.ecosystems.pypi import sbom

        return sbom.source(packing, step)

    def install_check_steps(self, packed: PackedSet, tools: Mapping[str, str]) -> Sequence[Step]:
        from nox_rings.ecosystems.pypi.install_check import install_check_steps

        return install_check_steps(packed, tools)

    def smoke_steps(self, consumer: SmokeConsumer, publish: PublishSteps) -> Sequence[Step]:
        from nox_rings.ecosystems.pypi.smoke import smoke_steps

        return smoke_steps(consumer, publish)

    def call_command(self, consumer: SmokeConsumer, env: Mapping[str, str | None]) -> Command:
        from nox_rings.engine.process.command import Command

        argv = (str(consumer.clean / "venv" / "bin" / "python"), "smoke.py")
        return Command(argv=argv, cwd=consumer.home, env=env, description="smoke consumer")


def _is_text(path: str) -> bool:
    """A README, or what `license-files` takes by default (PEP 639)."""
    return path.rpartition("/")[2].upper().startswith(("README", "LICEN", "COPYING", "NOTICE", "AUTHORS"))
