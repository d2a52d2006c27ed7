"""Bills of materials: what is done where a tool cannot write one, or writes what nobody may see."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from nox_rings.sessions.kitchen import Kitchen
from nox_rings.workspace.language import Language

from nox_rings.artifacts.sbom.recipe import Bill, Packing, write_bills
from nox_rings.ecosystems.npm.sbom import npm_bill
from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.targets import Kind, Target
from nox_rings.engine.process.runner import Runner
from nox_rings.engine.run.steps import FindingsError, StepContext
from nox_rings.workspace.model import Member, Workspace
from nox_rings.workspace.versions import compute_versions

MEMBER = Member(folder="sdk", language=Language.TS, name="@acme/sdk", home=".")
DOCUMENT: dict[str, Any] = {
    "metadata": {"component": {"name": "sdk", "bom-ref": "r"}},
    "components": [{"type": "library", "name": "a", "version": "1.0.0", "bom-ref": "a", "purl": "pkg:npm/a@1.0.0"}],
    "dependencies": [],
}


class Stop(Exception): ...


def never(*_: object) -> Any:
    raise Stop


def packing(root: Path, pnpm: str) -> Packing:
    kitchen = Kitchen(
        layout=Layout(root),
        config=cast(Any, None),
        workspace=Workspace(members=(MEMBER,)),
        versions=compute_versions(sha="a" * 40, time_seconds=1_700_000_000, tags=(), tags_here=(), seed="1.2.3"),
        files=(),
        time_seconds=1_700_000_000,
        scratch=root / "scratch",
        port=never,
        engine=never,
        toolchain=never,
        baselines=never,
        purpose=cast(Any, None),
    )
    target = Target(id="artifact:ts", kind=Kind.ARTIFACT, place="sdk", tools={"pnpm": pnpm})
    (root / "packed").mkdir()
    (root / "packed" / "acme-sdk-1.2.3.tgz").write_bytes(b"x")
    return Packing(
        target=target, member=MEMBER, kitchen=kitchen, copy=root / "copy", packed=root / "packed", stage=root
    )


def written(packing: Packing, source: Callable[[Packing, StepContext], Bill | None]) -> tuple[list[str], list[str]]:
    """Names of what lies in the folder of the artifacts then, and notes."""
    notes = list[str]()
    with ExitStack() as closing, (packing.stage / "log").open("w+b") as log:
        context = StepContext(
            root=packing.stage,
            runner=cast(Runner, None),
            log=log,
            say=notes.append,
            closing=closing,
            environment={},
        )
        write_bills(packing, source, context)
    return sorted(path.name for path in packing.packed.iterdir()), notes


def test_a_bill_lies_beside_the_artifact_and_tells_what_has_no_license(tmp_path: Path) -> None:
    names, notes = written(packing(tmp_path, "12.21.0"), lambda *_: Bill(document=DOCUMENT, license="MIT"))
    assert names == ["acme-sdk-1.2.3.tgz", "acme-sdk-1.2.3.tgz.cdx.json"]
    assert notes == ["the bill of materials knows no license of a@1.0.0"]
    bill = json.loads((tmp_path / "packed" / names[1]).read_text(encoding="utf-8"))
    assert bill["metadata"]["component"]["purl"] == "pkg:npm/%40acme/sdk@1.2.3-dev.20231114221320"
    assert bill["serialNumber"] == "urn:uuid:4c79b61c-ab34-51c4-bede-6e459d9d4cfe"


@pytest.mark.parametrize("found", ["10.34.9", "11.28.11", "system"])
def test_a_pnpm_that_knows_no_bill_is_told(tmp_path: Path, found: str) -> None:
    names, notes = written(packing(tmp_path, found), npm_bill)
    assert names == ["acme-sdk-1.2.3.tgz"]
    assert notes == [f"NO bill of materials: found pnpm {found}, expected 12 or newer"]


def test_a_bill_with_a_path_of_this_machine_is_refused(tmp_path: Path) -> None:
    document = {**DOCUMENT, "components": [{**DOCUMENT["components"][0], "description": f"see {tmp_path}/x"}]}
    with pytest.raises(FindingsError) as refused:
        written(packing(tmp_path, "12.21.0"), lambda *_: Bill(document=document, license="MIT"))
    (finding,) = refused.value.findings
    assert (finding.rule, finding.path) == ("no-machine-path", "acme-sdk-1.2.3.tgz.cdx.json")
