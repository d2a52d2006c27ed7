"""Packed artifacts are opened and checked against their contract before they are kept (docs/contract-gate.md)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nox_rings.artifacts.gate.model import contract_finding, contract_findings
from nox_rings.ecosystems.archives import kind_of, open_artifact
from nox_rings.ecosystems.artifact import ArtifactKind, Facts, Violation
from nox_rings.ecosystems.context import RecipeContext
from nox_rings.ecosystems.model import GateSettings, Packing
from nox_rings.engine.findings import Finding
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed
from nox_rings.engine.run.steps import Action, FindingsError, Inspection, Step, StepContext
from nox_rings.engine.store.trees import files_in
from nox_rings.workspace.model import Member


def gate_steps(packing: Packing) -> Sequence[Step]:
    """Our own rules, then the linters of the ecosystem that the workspace pins."""
    own = Action(
        description="open the packed artifacts and check them against their contract",
        act=lambda step: _check(packing, step),
    )
    wanted = packing.ecosystem.linter_commands(packing)
    commands = tuple(command for name, command in wanted.items() if name in packing.tools)
    if not commands:
        return (own,)

    def read(answers: Sequence[tuple[Command, Completed]], step: StepContext) -> None:
        _read_linters(packing, answers, step)

    return (own, Inspection(commands=commands, description="run the linters of the ecosystem", read=read))


def _read_linters(packing: Packing, answers: Sequence[tuple[Command, Completed]], step: StepContext) -> None:
    findings = []
    for command, answer in answers:
        if answer.exit_code:
            report = packing.ecosystem.linter_report(command, answer)
            violation = Violation("", report, f"no warning of {command.argv[0]}")
            fix = command.render(step.root)
            findings.append(contract_finding(packing.member.folder, command.argv[0], violation, fix))
    if findings:
        raise FindingsError(findings, blocking=True)
    step.detail["linters"] = ", ".join(command.argv[0] for command, _ in answers)


def _check(packing: Packing, step: StepContext) -> None:
    ecosystem = packing.ecosystem
    kinds, findings, seen = ecosystem.artifact_kinds(), list[Finding](), list[ArtifactKind]()
    for path in files_in(packing.packed):
        if kind := kind_of(path, kinds):
            artifact = open_artifact(packing.packed / path, kind, path)
            facts = facts_of(packing, packing.packed / path, step, is_readable=not artifact.problem)
            findings.extend(contract_findings(artifact, facts, ecosystem.rules(kind)))
            seen.append(kind)
    findings.extend(_not_packed(packing.member, kind) for kind in kinds if kind not in seen)
    if findings:
        raise FindingsError(findings, blocking=True)
    step.detail["contract"] = ", ".join(map(str, seen))


def _not_packed(member: Member, kind: ArtifactKind) -> Finding:
    violation = Violation("", f"no {kind} packed", "one of each kind that users install")
    return contract_finding(member.folder, "packed", violation, "pack it again, with nothing left out")


def facts_of(packing: Packing, artifact: Path, step: StepContext, *, is_readable: bool = True) -> Facts:
    """What the artifact is compared with. For one that cannot be opened only that is reported, and no tool runs."""
    settings = packing.ecosystem.gate_settings(packing, artifact, step) if is_readable else GateSettings()
    return Facts(
        name=packing.member.name,
        version=packing.version,
        time_seconds=packing.context.time_seconds,
        siblings=settings.siblings,
        packages=settings.packages,
        required_members=settings.required_members,
        machine_paths=machine_paths(packing.context),
        go_mod=settings.manifest,
        reported=settings.reported,
    )


def machine_paths(context: RecipeContext) -> tuple[str, ...]:
    """The workspace, the scratch folder, the tools and the user's home. The path of a workspace directly below `/`
    (`/src`, `/app`) is common in containers, and identifies no machine."""
    layout, home = context.layout, Path.home()
    folders = [layout.root, layout.root.resolve(), layout.scratch, layout.tools]
    identifying = [str(folder) for folder in folders if len(folder.parts) > 2]
    return tuple(dict.fromkeys([*identifying, *([str(home)] if home != Path("/") else [])]))
