"""A bill of materials beside each packed artifact (docs/artifacts.md): what it requires, in which versions of the
lockfile, under which licenses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from nox_rings.artifacts.gate.every_kind import NO_MACHINE_PATH
from nox_rings.artifacts.gate.model import contract_finding
from nox_rings.artifacts.gate.recipe import machine_paths
from nox_rings.artifacts.sbom.model import SUFFIX, Document, Release, render_bill, unlicensed
from nox_rings.ecosystems.archives import kind_of
from nox_rings.ecosystems.artifact import Artifact, ArtifactKind, Entry, Facts
from nox_rings.ecosystems.sbom import purl_of
from nox_rings.engine.plan.targets import Target
from nox_rings.engine.run.steps import FindingsError, StepContext
from nox_rings.engine.store.trees import files_in
from nox_rings.sessions.kitchen import Kitchen
from nox_rings.workspace.model import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """A member that was packed: its stamped copy in `copy`, the artifacts in `packed`; `stage` is for scratch."""

    target: Target
    member: Member
    kitchen: Kitchen
    copy: Path
    packed: Path
    stage: Path

    @property
    def version(self) -> str:
        return self.kitchen.versions.of(self.member.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What is in it: a CycloneDX `document`, the member's own `license`, and those of others by purl or bom-ref."""

    document: Document
    license: str
    licenses: Mapping[str, str] = field(default_factory=dict)


def write_bills(packing: Packing, source: Callable[[Packing, StepContext], Bill | None], context: StepContext) -> None:
    """One beside each artifact, which differ in the digest of the artifact alone; none where `source` has none."""
    if (bill := source(packing, context)) is None:
        return
    artifacts = [path for path in files_in(packing.packed) if kind_of(packing.packed / path)]
    for path in artifacts:
        text = render_bill(bill.document, _release(packing, bill, packing.packed / path))
        _refuse_machine_paths(packing, f"{path}{SUFFIX}", text)
        (packing.packed / f"{path}{SUFFIX}").write_text(text, encoding="utf-8")
    if found := unlicensed(text):
        context.say(f"the bill of materials knows no license of {', '.join(found)}")
    context.detail["sbom"] = f"{len(bill.document['components'])} components, {len(found)} without a license"


def _release(packing: Packing, bill: Bill, artifact: Path) -> Release:
    member, kitchen = packing.member, packing.kitchen
    names = [each.name for each in kitchen.workspace.members if each.language is member.language]
    purl, sha256 = purl_of(member.language, member.name, packing.version), hashlib.sha256(artifact.read_bytes())
    return Release(
        version=packing.version,
        purl=purl,
        license=bill.license,
        sha256=sha256.hexdigest(),
        number=str(uuid5(NAMESPACE_URL, f"{purl}#{sha256.hexdigest()}")),
        time_seconds=kitchen.time_seconds,
        members={name: purl_of(member.language, name, packing.version) for name in names},
        licenses=bill.licenses,
    )


def _refuse_machine_paths(packing: Packing, name: str, text: str) -> None:
    """What the gate does not see: it reads archives."""
    opened = Artifact(kind=ArtifactKind.NPM, name=name, entries=(Entry(path="", content=text.encode()),))
    paths = machine_paths(packing.kitchen)
    facts = Facts(name=packing.member.name, version=packing.version, time_seconds=0, machine_paths=paths)
    if faults := list(NO_MACHINE_PATH.check(opened, facts)):
        rule = NO_MACHINE_PATH
        raise FindingsError((contract_finding(name, rule.name, each, rule.fix) for each in faults), blocking=True)
