"""The sbom of a wheel and its sdist, by `uv export`; licenses come from the metadata of installed distributions,
because the lockfile has none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from email.parser import HeaderParser
from pathlib import Path

from nox_rings.ecosystems.archives import open_artifact
from nox_rings.ecosystems.artifact import WHEEL
from nox_rings.ecosystems.model import Packing, SbomSource
from nox_rings.ecosystems.pypi import uv, uv_pip
from nox_rings.ecosystems.pypi.environment import environment_of
from nox_rings.ecosystems.pypi.gate.metadata import metadata_of
from nox_rings.ecosystems.pypi.projects.lock import LOCKFILE
from nox_rings.ecosystems.sbom import license_of_metadata, purl_of
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import StepContext
from nox_rings.engine.store.trees import empty_folder


def command(packing: Packing) -> Command | None:
    """None for a member that no uv.lock describes."""
    if not packing.subject.source.lockfile.endswith(LOCKFILE):
        return None
    return uv.sbom_command(packing.context.layout.root / packing.member.install_root, packing.member.name)


def source(packing: Packing, step: StepContext) -> SbomSource | None:
    if (export := command(packing)) is None:
        return None
    document = json.loads(step.runner.require(step.command(export)))
    environment = packing.context.layout.root / environment_of(packing.member.install_root)
    licenses = dict(_licenses(environment.glob("lib/python*/site-packages/*.dist-info/METADATA")))
    wanted = {each["purl"]: f"{each['name']}=={each['version']}" for each in document["components"] if "purl" in each}
    missing = [requirement for purl, requirement in wanted.items() if purl not in licenses]
    licenses |= unpacked_licenses(packing.stage / "metadata", missing, environment, step)
    (wheel,) = packing.packed.glob("*.whl")
    own = license_of_metadata(metadata_of(open_artifact(wheel, WHEEL))[1])
    return SbomSource(document=document, license=own, licenses=licenses)


def _licenses(records: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """(purl, license) of installed distributions."""
    for record in records:
        metadata = HeaderParser().parsestr(record.read_text(encoding="utf-8", errors="replace"))
        yield purl_of("pypi", str(metadata["Name"]), str(metadata["Version"])), license_of_metadata(metadata)


def unpacked_licenses(
    folder: Path, requirements: Iterable[str], environment: Path, context: StepContext
) -> dict[str, str]:
    """Of distributions that only another Python or platform needs, so that the bytes are the same on every machine.
    Those without an archive for this platform have no license."""
    empty_folder(folder)
    context.ask_all([uv_pip.unpack_command(each, folder / each, environment) for each in requirements])
    return dict(_licenses(folder.glob("*/*.dist-info/METADATA")))
