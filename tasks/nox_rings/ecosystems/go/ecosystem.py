"""Go modules: discovered, built, packed, checked, installed and called."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nox_rings.ecosystems.base import Ecosystem, PublishSteps
from nox_rings.ecosystems.variables import COMPILERS
from nox_rings.engine.paths import is_under, joined
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

LICENSE = "LICENSE"
# What go obeys (https://pkg.go.dev/cmd/go#hdr-Environment_variables). Excepted is what changes nothing that is made:
# where go keeps and fetches what go.sum has the checksums of, how much runs at once. docs/freshness.md has the table.
MODULES = (
    *("GOFLAGS", "GOTOOLCHAIN", "GOROOT", "GOENV@", "GOWORK@", "GO111MODULE", "GODEBUG", "GOEXPERIMENT", "GOFIPS140"),
    *("GOOS", "GOARCH", "GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64"),
    *("GOWASM", "CGO_*", "GO_EXTLINK_ENABLED", "GO_LDSO", "GCCGO", "GCCGOTOOLDIR", "TZ", *COMPILERS),
    *("!GOPATH", "!GOBIN", "!GOCACHE*", "!GOMODCACHE", "!GOTMPDIR", "!GOPROXY", "!GONOPROXY", "!GOPRIVATE"),
    *(
        "!GONOSUMDB",
        "!GOSUMDB",
        "!GOINSECURE",
        "!GOVCS",
        "!GOAUTH",
        "!GOTELEMETRY*",
        "!GOCOVERDIR",
        "!GOGC",
        "!GOMEMLIMIT",
    ),
    *("!GOMAXPROCS", "!GOTRACEBACK", "!GOLANGCI_LINT_CACHE", "!STATICCHECK_CACHE", "!GIT_ALLOW_PROTOCOL"),
)


class Go(Ecosystem):
    name = "go"
    language = "go"
    title = "Go"
    manifest = "go.mod"
    descriptors = ("go.mod", "go.work")
    # https://pkg.go.dev/go/build#Package
    suffixes = (
        *(".go", ".s", ".S", ".sx", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx"),
        *(".f", ".F", ".for", ".f90", ".swig", ".swigcxx", ".syso", ".a"),
    )
    reads_unlisted = True
    variables = MODULES
    tools = ("go",)
    pack_tools = ("identify_license",)
    packers = ("gomodule",)
    recipe = Recipe(version=3, source="39bcdb7fbad57c9d")
    packs_links = False  # nor does golang.org/x/mod/zip
    builds_smoke = True
    sibling_fix = "list it in go.work, or go mod edit -replace"
    install_check_fix = "GOWORK=off go mod tidy in the module; then nox -s sdk-go -- --pack"

    def discover(self, sources: Sources) -> Discovered:
        from nox_rings.ecosystems.go.discovery import discover

        return discover(sources)

    def outline(self, text: str) -> str:
        from nox_rings.ecosystems.go.code import outline

        return str(outline(text))

    def build_folders(self, member: Member) -> tuple[str, ...]:
        """go compiles what lies in a folder named `build` or `dist`."""
        return ("node_modules", ".venv")

    def check_settings(self) -> Mapping[str, tuple[str, ...]]:
        """https://golangci-lint.run/docs/configuration/file/, https://staticcheck.dev/docs/configuration/"""
        names = tuple(f".golangci.{suffix}" for suffix in ("yml", "yaml", "toml", "json"))
        return {"golangci-lint": names, "staticcheck": ("staticcheck.conf",)}

    def uncompared(
        self, member: Member, root: InstallRoot | None, others: Sequence[Member]
    ) -> Mapping[str, Collection[str]]:
        """Requirements and checksums of the other modules of a go.work; the versions that they decide for this one are
        in its part of the workspace, and a checksum decides nothing but whether to refuse."""
        if not member.in_workspace:
            return {}
        beside = [each for each in others if each.in_workspace and each.install_root == member.install_root]
        return {"go": tuple(joined(each.folder, name) for each in beside for name in ("go.mod", "go.sum"))}

    def check_steps(self, subject: MemberSubject, context: RecipeContext) -> Sequence[Step]:
        from nox_rings.ecosystems.go.checks import check_steps

        return check_steps(subject, context)

    def find_sibling(
        self, subject: MemberSubject, sibling: Member, context: RecipeContext, step: StepContext
    ) -> Path | None:
        from nox_rings.ecosystems.go import go

        return go.find_sibling(subject.member, sibling, context.layout.root, step)

    def version(self, versions: VersionTuple) -> str:
        return versions.go

    def purl(self, name: str, version: str) -> str:
        from nox_rings.ecosystems.sbom import purl_of

        return purl_of("golang", name, version)

    def artifact_kinds(self) -> tuple[ArtifactKind, ...]:
        from nox_rings.ecosystems.artifact import GO

        return (GO,)

    def rules(self, kind: ArtifactKind) -> tuple[Rule, ...]:
        from nox_rings.ecosystems.go.gate import manifest, module_zip

        return (*module_zip.RULES, *manifest.RULES)

    def pack_inputs(self, subject: MemberSubject, files: tuple[str, ...]) -> Inputs:
        """With stubs, sources and what is embedded, which git may ignore; without modules inside. The license of the
        repository is packed where a module has none."""
        from dataclasses import replace

        from nox_rings.engine.store.wildcards import has_wildcard

        own, folder = super().pack_inputs(subject, files), subject.member.folder
        embedded = [each for each in subject.member.embedded if is_under(each, folder)]
        return replace(
            own,
            files=tuple(path for path in (LICENSE,) if path in files),
            excludes=(*own.excludes, *subject.nested),
            unlisted=self.suffixes,
            made=self.made_folders,
            globs=tuple(each for each in embedded if has_wildcard(each)),
            whole=(*own.whole, *(each for each in embedded if not has_wildcard(each))),
        )

    def complete_copy(self, packing: Packing) -> None:
        """With a license, as the go command does for a module in a subfolder
        (https://go.dev/ref/mod#vcs-license)."""
        from nox_rings.engine.store.trees import copy_files

        folder = packing.copy / packing.member.folder
        if not (folder / LICENSE).exists():
            copy_files(packing.copy, [LICENSE], folder)

    def pack_step(self, packing: Packing) -> Step:
        from nox_rings.ecosystems.go.module_proxy import pack_step

        module = packing.copy / packing.member.folder
        return pack_step(module, packing.packed, packing.member.name, packing.version, packing.time_seconds)

    def gate_settings(self, packing: Packing, artifact: Path, step: StepContext) -> GateSettings:
        from nox_rings.ecosystems.go.gate.stubs import stub_files
        from nox_rings.ecosystems.go.module_proxy import check_command, parse_problems
        from nox_rings.ecosystems.model import GateSettings

        manifest = artifact.with_suffix(".mod")
        siblings = packing.subject.source.siblings
        question = check_command(artifact, packing.member.name, packing.version)
        return GateSettings(
            siblings=dict.fromkeys((sibling.name for sibling in siblings), packing.version),
            required_members=stub_files(packing.context.layout.root, packing.subject.source),
            manifest=manifest.read_text(encoding="utf-8") if manifest.is_file() else "",
            reported=parse_problems(step.runner.require(step.command(question))),
        )

    def sbom_command(self, packing: Packing) -> Command:
        from nox_rings.ecosystems.go import sbom

        return sbom.command(packing)

    def sbom(self, packing: Packing, step: StepContext) -> SbomSource:
        from nox_rings.ecosystems.go import sbom

        return sbom.source(packing, step)

    def install_check_steps(self, packed: PackedSet, tools: Mapping[str, str]) -> Sequence[Step]:
        from nox_rings.ecosystems.go.install_check import install_check_steps

        return install_check_steps(packed)

    def smoke_steps(self, consumer: SmokeConsumer, publish: PublishSteps) -> Sequence[Step]:
        """Nothing is published: the packed tree is a module proxy as it is."""
        from nox_rings.ecosystems.go.smoke import smoke_steps

        return smoke_steps(consumer)

    def call_command(self, consumer: SmokeConsumer, env: Mapping[str, str | None]) -> Command:
        from nox_rings.ecosystems.go.smoke import PROGRAM
        from nox_rings.engine.process.command import Command

        return Command(argv=(f"./{PROGRAM}",), cwd=consumer.home, env=env, description="smoke consumer")
