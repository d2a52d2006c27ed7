"""A bill of materials (sbom) beside each packed artifact (docs/artifacts.md): its requirements, with their versions in
the lockfile and their licenses."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from nox_rings.artifacts.gate.every_kind import NO_MACHINE_PATH
from nox_rings.artifacts.gate.model import contract_finding
from nox_rings.artifacts.gate.recipe import machine_paths
from nox_rings.artifacts.sbom.model import SUFFIX, Release, render_sbom, unlicensed
from nox_rings.ecosystems.archives import kind_of
from nox_rings.ecosystems.artifact import Artifact, Entry, Facts
from nox_rings.ecosystems.model import Packing, SbomSource
from nox_rings.engine.run.steps import Action, FindingsError, Step, StepContext
from nox_rings.engine.store.trees import files_in


def sbom_steps(packing: Packing) -> Sequence[Step]:
    """One step, where the ecosystem has a tool that lists the components."""
    command = packing.ecosystem.sbom_command(packing)
    if command is None:
        return ()
    shown = command.render(packing.context.layout.root)
    return (
        Action(
            description=f"write an sbom from the output of: {shown}",
            act=lambda step: write_sboms(packing, step),
        ),
    )


def write_sboms(packing: Packing, step: StepContext) -> None:
    """One beside each artifact. They differ in the digest of the artifact only; there is none without a source."""
    source = packing.ecosystem.sbom(packing, step)
    if source is None:
        return
    kinds = packing.ecosystem.artifact_kinds()
    for path in (each for each in files_in(packing.packed) if kind_of(each, kinds)):
        text = render_sbom(source.document, _release(packing, source, packing.packed / path))
        _refuse_machine_paths(packing, f"{path}{SUFFIX}", text)
        (packing.packed / f"{path}{SUFFIX}").write_text(text, encoding="utf-8")
    if found := unlicensed(text):
        step.say(f"the sbom has no license of {', '.join(found)}")
    step.detail["sbom"] = f"{len(source.document['components'])} components, {len(found)} without a license"


def _release(packing: Packing, source: SbomSource, artifact: Path) -> Release:
    member, ecosystem = packing.member, packing.ecosystem
    purl, sha256 = ecosystem.purl(member.name, packing.version), hashlib.sha256(artifact.read_bytes())
    return Release(
        version=packing.version,
        purl=purl,
        license=source.license,
        sha256=sha256.hexdigest(),
        number=str(uuid5(NAMESPACE_URL, f"{purl}#{sha256.hexdigest()}")),
        time_seconds=packing.context.time_seconds,
        members={name: ecosystem.purl(name, packing.version) for name in packing.subject.released},
        licenses=source.licenses,
    )


def _refuse_machine_paths(packing: Packing, name: str, text: str) -> None:
    """The contract gate reads archives only, so the sbom is checked here."""
    kind = packing.ecosystem.artifact_kinds()[0]
    opened = Artifact(kind=kind, name=name, entries=(Entry(path="", content=text.encode()),))
    paths = machine_paths(packing.context)
    facts = Facts(name=packing.member.name, version=packing.version, time_seconds=0, machine_paths=paths)
    if violations := list(NO_MACHINE_PATH.check(opened, facts)):
        rule = NO_MACHINE_PATH
        raise FindingsError((contract_finding(name, rule.name, each, rule.fix) for each in violations), blocking=True)
