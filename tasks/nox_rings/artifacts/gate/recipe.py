"""Before what was packed is kept: open it and hold it to its contract (docs/contract-gate.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nox_rings.artifacts.gate.model import contract_finding, contract_findings
from nox_rings.ecosystems import linters as judges
from nox_rings.ecosystems.archives import kind_of, open_artifact
from nox_rings.ecosystems.artifact import ArtifactKind, Facts, Fault
from nox_rings.ecosystems.go import module_proxy
from nox_rings.engine.findings import Finding
from nox_rings.engine.paths import below, files_under, is_under
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed
from nox_rings.engine.run.steps import Action, FindingsError, Inspection, Step, StepContext
from nox_rings.engine.store.trees import files_in
from nox_rings.sessions.kitchen import Kitchen
from nox_rings.workspace.language import Language
from nox_rings.workspace.model import Member

KINDS = {
    Language.TS: (ArtifactKind.NPM,),
    Language.PY: (ArtifactKind.WHEEL, ArtifactKind.SDIST),
    Language.GO: (ArtifactKind.GO,),
}
# What pnpm puts in the place of a workspace range (https://pnpm.io/workspaces#publishing-workspace-packages).
WORKSPACE_RANGES = {"workspace:*": "", "workspace:^": "^", "workspace:~": "~"}


def contract_steps(target: Target, member: Member, kitchen: Kitchen, packed: Path) -> Sequence[Step]:
    """Our own rules, then the judges of the ecosystem that the workspace pins."""
    own = Action(
        description="open what was packed and hold it to its contract",
        act=lambda context: _check(member, kitchen, packed, context),
    )
    version = kitchen.versions.of(member.language)
    tarball = packed / f"{member.name.removeprefix('@').replace('/', '-')}-{version}.tgz"
    commands = tuple(command for name, command in judges.commands(packed, tarball).items() if name in target.tools)
    if not commands:
        return (own,)

    def read(answers: Sequence[tuple[Command, Completed]], context: StepContext) -> None:
        _read_judges(member, answers, context)

    return (own, Inspection(commands=commands, description="ask the judges of the ecosystem", read=read))


def _read_judges(member: Member, answers: Sequence[tuple[Command, Completed]], context: StepContext) -> None:
    findings = []
    for command, answer in answers:
        if answer.exit_code:
            fault = Fault("", judges.told(command, answer), f"nothing that {command.argv[0]} minds")
            findings.append(contract_finding(member.folder, command.argv[0], fault, command.render(context.root)))
    if findings:
        raise FindingsError(findings, blocking=True)
    context.detail["judges"] = ", ".join(command.argv[0] for command, _ in answers)


def _check(member: Member, kitchen: Kitchen, packed: Path, context: StepContext) -> None:
    findings, seen = list[Finding](), list[ArtifactKind]()
    for path in files_in(packed):
        kind = kind_of(packed / path)
        if kind in KINDS[member.language]:
            artifact = open_artifact(packed / path, kind, path)
            facts = facts_of(member, kitchen, packed / path)
            if kind is ArtifactKind.GO and not artifact.problem:
                question = module_proxy.check_command(packed / path, facts.name, facts.version)
                answer = context.runner.require(context.command(question))
                facts = replace(facts, reported=module_proxy.parse_problems(answer))
            findings.extend(contract_findings(artifact, facts))
            seen.append(kind)
    missing = (kind for kind in KINDS[member.language] if kind not in seen)
    findings.extend(_not_packed(member, kind) for kind in missing)
    if findings:
        raise FindingsError(findings, blocking=True)
    context.detail["contract"] = ", ".join(seen)


def _not_packed(member: Member, kind: ArtifactKind) -> Finding:
    fault = Fault("", f"no {kind} packed", "one of each kind that users install")
    return contract_finding(member.folder, "packed", fault, "pack it again, with nothing left out")


def facts_of(member: Member, kitchen: Kitchen, artifact: Path) -> Facts:
    manifest = artifact.with_suffix(".mod")
    is_python = member.language is Language.PY
    return Facts(
        name=member.name,
        version=kitchen.versions.of(member.language),
        time_seconds=kitchen.time_seconds,
        siblings=_siblings(member, kitchen),
        packages=_packages(member, kitchen) if is_python else (),
        required_members=_generated(member, kitchen) if is_python else (),
        machine_paths=machine_paths(kitchen),
        go_mod=manifest.read_text(encoding="utf-8") if manifest.is_file() else "",
    )


def machine_paths(kitchen: Kitchen) -> tuple[str, ...]:
    """The workspace, what is ours in it, the scratch folder and the home. A workspace right below `/` (`/src`, `/app`)
    has the name that many a container gives it, and tells nothing."""
    root, home = kitchen.layout.root, Path.home()
    folders = [root, root.resolve(), kitchen.scratch, kitchen.layout.tools]
    told = [str(folder) for folder in folders if len(folder.parts) > 2]
    return tuple(dict.fromkeys([*told, *([str(home)] if home != Path("/") else [])]))


def _siblings(member: Member, kitchen: Kitchen) -> Mapping[str, str]:
    """All packages of a workspace are released together: whoever installs one gets the others of the same release."""
    version = kitchen.versions.of(member.language)
    names = [sibling.name for sibling in kitchen.workspace.siblings(member)]
    if member.language is Language.TS and names:
        ranges = _ranges(kitchen.layout.root / member.folder / "package.json")
        return {name: WORKSPACE_RANGES.get(ranges.get(name, ""), "") + version for name in names}
    return dict.fromkeys(names, f"=={version}" if member.language is Language.PY else version)


def _ranges(manifest: Path) -> dict[str, str]:
    document = json.loads(manifest.read_text(encoding="utf-8"))
    tables = ("peerDependencies", "optionalDependencies", "dependencies")
    return {name: wanted for table in tables for name, wanted in document.get(table, {}).items()}


def _packages(member: Member, kitchen: Kitchen) -> tuple[str, ...]:
    """The import packages in `src`, or beside the manifest."""
    inside = [_installed(member, path) for path in files_under(kitchen.files, member.folder)]
    tops = {
        path.split("/")[0] for path in inside if path.count("/") == 1 and path.endswith(("/__init__.py", "/py.typed"))
    }
    return tuple(sorted(tops - {"tests", "test"}))


def _generated(member: Member, kitchen: Kitchen) -> tuple[str, ...]:
    """All that was generated into the member must be in the artifact, where it is imported from."""
    return tuple(_installed(member, path) for root in _roots(member, kitchen) for path in _listed(kitchen, root))


def _roots(member: Member, kitchen: Kitchen) -> Iterator[str]:
    return (out for out in kitchen.workspace.generated_roots if is_under(out, member.folder))


def _listed(kitchen: Kitchen, root: str) -> Iterator[str]:
    return (f"{root}/{path}" for path in files_in(kitchen.layout.root / root))


def _installed(member: Member, path: str) -> str:
    return below(member.folder, path).removeprefix("src/")
