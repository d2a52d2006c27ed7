"""Sboms where the tool cannot write one, or writes a path of the machine into it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from nox_rings.artifacts.sbom.recipe import write_sboms
from nox_rings.ecosystems.base import Ecosystem
from nox_rings.ecosystems.model import ArtifactSubject, MemberSubject, Packing, SbomSource
from nox_rings.ecosystems.npm.ecosystem import Npm
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.run.steps import FindingsError, StepContext
from nox_rings.workspace.model import Member
from unit.contexts import SECONDS, a_context

MEMBER = Member(folder="sdk", ecosystem="npm", name="@acme/sdk", install_root=".")
DOCUMENT: dict[str, Any] = {
    "metadata": {"component": {"name": "sdk", "bom-ref": "r"}},
    "components": [{"type": "library", "name": "a", "version": "1.0.0", "bom-ref": "a", "purl": "pkg:npm/a@1.0.0"}],
    "dependencies": [],
}


@dataclass(frozen=True)
class Fixed(Npm):
    """npm packages, with an sbom source that needs no tool."""

    source: SbomSource

    def sbom(self, packing: Packing, step: StepContext) -> SbomSource:
        return self.source


def packing(root: Path, pnpm: str, ecosystem: Ecosystem) -> Packing:
    (root / "packed").mkdir()
    (root / "packed" / "acme-sdk-1.2.3.tgz").write_bytes(b"x")
    return Packing(
        subject=ArtifactSubject(source=MemberSubject(member=MEMBER), copied=(MEMBER,), released=(MEMBER.name,)),
        tools={"pnpm": pnpm},
        context=replace(a_context(root), ecosystems={"npm": ecosystem}),
        copy=root / "copy",
        packed=root / "packed",
        stage=root,
        time_seconds=SECONDS,
    )


def written(packing: Packing) -> tuple[list[str], list[str]]:
    """Names of the files in the folder of the artifacts afterwards, and notes."""
    notes = list[str]()
    with ExitStack() as closing, (packing.stage / "log").open("w+b") as log:
        step = StepContext(
            root=packing.stage, runner=ProcessRunner(), log=log, say=notes.append, closing=closing, environment={}
        )
        write_sboms(packing, step)
    return sorted(path.name for path in packing.packed.iterdir()), notes


def test_an_sbom_is_written_beside_the_artifact_and_components_without_a_license_are_reported(tmp_path: Path) -> None:
    names, notes = written(packing(tmp_path, "12.21.0", Fixed(SbomSource(document=DOCUMENT, license="MIT"))))
    assert names == ["acme-sdk-1.2.3.tgz", "acme-sdk-1.2.3.tgz.cdx.json"]
    assert notes == ["the sbom has no license of a@1.0.0"]
    sbom = json.loads((tmp_path / "packed" / names[1]).read_text(encoding="utf-8"))
    assert sbom["metadata"]["component"]["purl"] == "pkg:npm/%40acme/sdk@1.2.3-dev.20231114221320.gaaaaaaaaaaaa"
    assert sbom["serialNumber"] == "urn:uuid:d13d441a-c944-53d3-a063-88bddc17f861"


@pytest.mark.parametrize("found", ["10.34.9", "11.28.11", "system"])
def test_a_pnpm_without_sboms_is_reported(tmp_path: Path, found: str) -> None:
    names, notes = written(packing(tmp_path, found, Npm()))
    assert names == ["acme-sdk-1.2.3.tgz"]
    assert notes == [f"NO sbom: found pnpm {found}, expected 12 or newer"]


def test_an_sbom_with_a_path_of_this_machine_is_refused(tmp_path: Path) -> None:
    document = {**DOCUMENT, "components": [{**DOCUMENT["components"][0], "description": f"see {tmp_path}/x"}]}
    with pytest.raises(FindingsError) as refused:
        written(packing(tmp_path, "12.21.0", Fixed(SbomSource(document=document, license="MIT"))))
    (finding,) = refused.value.findings
    assert (finding.rule, finding.path) == ("no-machine-path", "acme-sdk-1.2.3.tgz.cdx.json")
