"""The packed Go modules in clean module caches, and `go build` and `go vet` of modules that import all of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nox_rings.ecosystems.artifact import GO
from nox_rings.ecosystems.consumer import Diagnostic, Location, install_finding
from nox_rings.ecosystems.go import consumer as consumer_go
from nox_rings.ecosystems.go import go_consumer
from nox_rings.ecosystems.go.gate.stubs import stub_packages
from nox_rings.ecosystems.go.go_consumer import Consumer
from nox_rings.ecosystems.packed_set import Packed, PackedSet, in_consumer, unfinished, write
from nox_rings.engine.findings import Finding
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed
from nox_rings.engine.run.steps import Action, Step, StepContext

VERBS = ("build", "vet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A packed module, and the one that uses it."""

    sdk: Packed
    consumer: Consumer

    @property
    def archive(self) -> str:
        return self.sdk.path(GO)

    @property
    def manifest(self) -> Path:
        """A copy of the module's go.mod beside a go.sum with its siblings, whose checksums exist only after they were
        packed."""
        return self.sdk.clean / "module.mod"

    @property
    def questions(self) -> tuple[Command, Command, Command]:
        """Does the module require all that it imports? Which versions were chosen? Does every package compile?"""
        ask, everything = self.consumer.command, ("-e", "-json=ImportPath,Name,Module,Error")
        return (
            ask("list", *everything, "-deps", "./...", cwd=self.consumer.unpacked, flags=f"-modfile={self.manifest}"),
            ask("mod", "edit", "-json"),
            ask("list", *everything, "-export", f"{self.consumer.name}/..."),
        )


def install_check_steps(packed: PackedSet) -> Sequence[Step]:
    """The commands are made when the step runs: GOPROXY is known only after go was asked for it."""
    trials = _trials(packed, go_consumer.shown_proxies([sdk.folder for sdk in packed.sdks]))
    installs = [command for each in trials for command in each.consumer.install_commands(consumer_go.MODULE)]
    checks = [*(command for each in trials for command in each.questions)]
    checks += [each.consumer.command(verb, "./...") for each in trials for verb in VERBS]
    return (
        Action(description=_shown(installs), act=lambda context: _install(packed, context)),
        Action(description=_shown(checks), act=lambda context: _check(packed, context)),
    )


def _shown(commands: Iterable[Command]) -> str:
    return "\n# ".join(command.render() for command in commands)


def _trials(packed: PackedSet, proxies: str) -> list[Trial]:
    modules, trials = tuple(sdk.member.name for sdk in packed.sdks), []
    for sdk in packed.sdks:
        folders = {"home": sdk.home, "cache": sdk.clean / "modcache"}
        name, version = sdk.member.name, sdk.version
        consumer = Consumer(name=name, version=version, proxies=proxies, modules=modules, **folders)
        trials.append(Trial(sdk=sdk, consumer=consumer))
    return trials


def _known_trials(packed: PackedSet, context: StepContext) -> list[Trial]:
    answer = context.runner.require(context.command(go_consumer.proxy_question(packed.root)))
    return _trials(packed, go_consumer.proxies_of(answer, [sdk.folder for sdk in packed.sdks]))


def _install(packed: PackedSet, context: StepContext) -> None:
    trials = _known_trials(packed, context)
    for trial in trials:
        packed.copy_own_programs(trial.sdk)
        sums = trial.sdk.opened(GO).find(f"{trial.consumer.name}@{trial.consumer.version}/go.sum")
        # The checksums that the module was built with: modules from proxies are verified by them, without a server.
        write(trial.sdk.home, {"go.sum": sums.text if sums else ""})
    needed = [(each.sdk, GO, each.consumer.install_commands(consumer_go.MODULE)) for each in trials]
    packed.install(needed, go_consumer.cause_of, context)


def _check(packed: PackedSet, context: StepContext) -> None:
    findings, proofs = list[Finding](), list[str]()
    for trial in _known_trials(packed, context):
        shutil.copyfile(trial.consumer.unpacked / "go.mod", trial.manifest)
        shutil.copyfile(trial.sdk.home / "go.sum", trial.manifest.with_suffix(".sum"))
        imports, chosen, compiled = (_documents(trial, answer) for answer in context.ask_all(trial.questions))
        packages = consumer_go.public_packages(compiled, trial.consumer.name)
        found = [*_module_findings(packed, trial, imports, chosen, compiled), *_absent_stubs(packed, trial, compiled)]
        if not found and not packages:
            found = [packed.nothing_to_import(trial.archive, "a package that is neither internal nor a program")]
        findings += found or _program_findings(packed, trial, packages, context)
        proofs.append(f"{len(packages)} packages, go build, go vet")
    packed.refuse(findings)
    context.detail["proof"] = "; ".join(proofs)


def _documents(trial: Trial, answer: Completed) -> Sequence[Mapping[str, Any]]:
    if answer.exit_code:
        raise unfinished("go", trial.sdk, answer)
    return tuple(consumer_go.parse_documents(answer.stdout))


def _module_findings(
    packed: PackedSet,
    trial: Trial,
    imports: Sequence[Mapping[str, Any]],
    chosen: Sequence[Mapping[str, Any]],
    compiled: Sequence[Mapping[str, Any]],
) -> Iterator[Finding]:
    versions = {sdk.member.name: sdk.version for sdk in packed.sdks}
    for foreign in consumer_go.foreign_siblings(chosen[0], versions, packed.absent):
        yield install_finding(trial.archive, f"{foreign} is not of the packed set", packed.fix)
    for diagnostic in consumer_go.list_diagnostics(imports):
        yield packed.finding(_in_module(trial, diagnostic.file, diagnostic), diagnostic, "go list")
    for diagnostic in consumer_go.list_diagnostics(compiled):
        path = (trial.sdk.home / diagnostic.file).resolve()
        inside = path.is_relative_to(trial.consumer.unpacked.resolve())
        file = str(path.relative_to(trial.consumer.unpacked.resolve())) if inside else ""
        yield packed.finding(_in_module(trial, file, diagnostic), diagnostic, "go build")


def _absent_stubs(packed: PackedSet, trial: Trial, compiled: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Generated packages of the workspace that the installed module has not: what is not there compiles."""
    there = {each["ImportPath"] for each in compiled if each.get("Name")}
    folder, name = trial.sdk.member.folder, trial.consumer.name
    for package in stub_packages(packed.root, folder, name, packed.generated_roots):
        if package not in there:
            reason = f"found no package {package}, expected the stubs that proto generates into {folder}"
            yield install_finding(trial.archive, reason, packed.fix)


def _in_module(trial: Trial, file: str, diagnostic: Diagnostic) -> Location:
    member = f"{trial.consumer.name}@{trial.consumer.version}/{file}" if file else ""
    return Location(artifact=trial.archive, member=member, line=diagnostic.line if file else 0)


def _program_findings(
    packed: PackedSet, trial: Trial, packages: Sequence[str], context: StepContext
) -> Sequence[Finding]:
    write(trial.sdk.home, {consumer_go.PROGRAM: consumer_go.render_program(packages)})
    for verb in VERBS:
        (answer,) = context.ask_all([trial.consumer.command(verb, "./...")])
        diagnostics = list(consumer_go.output_diagnostics(answer.stderr)) if answer.exit_code else []
        if diagnostics:
            return [packed.finding(_in_program(trial, each), each, f"go {verb}") for each in diagnostics]
        if answer.exit_code:
            raise unfinished(f"go {verb}", trial.sdk, answer)
    return []


def _in_program(trial: Trial, diagnostic: Diagnostic) -> Location:
    """The build cache keeps what vet reported, with the path that the same program had in another folder."""
    if not diagnostic.file:
        return Location(artifact=trial.archive)
    file = diagnostic.file.rpartition(f"/{trial.sdk.home.name}/")[2]
    return in_consumer(trial.sdk, trial.archive, replace(diagnostic, file=file))
