"""Archives of the standard tools are opened, and broken ones are reported."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nox_rings.artifacts.gate.model import contract_findings
from nox_rings.ecosystems import artifact as kinds
from nox_rings.ecosystems.archives import Limits, open_artifact
from nox_rings.ecosystems.artifact import Artifact, Entry
from unit.artifacts.gate.gate_artifacts import COMMIT, GO, GOOD, NPM, SDIST, WHEEL, Packed, go_mod, rules_of


def write(packed: Packed, folder: Path) -> Path:
    """The artifact as a file of its kind."""
    path = folder / packed.artifact.name
    is_tar = packed.artifact.kind in (kinds.NPM, kinds.SDIST)
    (write_tar if is_tar else write_zip)(path, packed.artifact.entries)
    return path


def write_tar(path: Path, entries: tuple[Entry, ...]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for entry in entries:
            member = tarfile.TarInfo(entry.path)
            member.size, member.mtime, member.mode = len(entry.content), entry.time_seconds, entry.mode
            if entry.is_link:
                member.type, member.linkname = tarfile.SYMTYPE, entry.target
            archive.addfile(member, io.BytesIO(entry.content))


def write_zip(path: Path, entries: tuple[Entry, ...]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            member = zipfile.ZipInfo(entry.path, date_time=(2026, 9, 21, 14, 13, 20))  # COMMIT, in UTC
            member.external_attr = (0o120777 if entry.is_link else 0o100644) << 16
            archive.writestr(member, entry.target if entry.is_link else entry.content)


def opened(packed: Packed, folder: Path) -> Artifact:
    return open_artifact(write(packed, folder), packed.artifact.kind)


def rules(packed: Packed, artifact: Artifact) -> set[str]:
    return {finding.rule for finding in contract_findings(artifact, packed.facts, rules_of(packed.artifact.kind))}


@pytest.mark.parametrize("good", GOOD.values(), ids=list(GOOD))
def test_an_opened_archive_has_the_written_members(good: Packed, tmp_path: Path) -> None:
    artifact = opened(good, tmp_path)
    assert artifact == replace(good.artifact, entries=artifact.entries)
    assert [(each.path, each.content) for each in artifact.entries] == [
        (each.path, each.content) for each in good.artifact.entries
    ]
    assert {each.time_seconds for each in artifact.entries} == {COMMIT}
    assert rules(good, artifact) == set()


BAD: dict[str, tuple[str, Packed]] = {
    "workspace: left over": (
        "npm-local-range",
        NPM.manifest(lambda it: it["dependencies"].update({"@acme/core": "workspace:*"})),
    ),
    "a token": ("no-secret-file", NPM.put("package/dist/.npmrc", "")),
    "a link out": ("stays-inside", SDIST.put("acme_sdk-1.2.3/a", b"", is_link=True, target="../../etc/passwd")),
    "edited after it was packed": ("wheel-record", WHEEL.put("acme_sdk/__init__.py", "import os\n")),
    "a replacement in a module": ("go-no-replace", go_mod(lambda text: f"{text}replace example.org/a => ../a\n")),
}


@pytest.mark.parametrize(("rule", "bad"), BAD.values(), ids=list(BAD))
def test_a_bad_file_is_caught_by_its_rule(rule: str, bad: Packed, tmp_path: Path) -> None:
    assert rules(bad, opened(bad, tmp_path)) == {rule}


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "half": lambda whole: whole[: len(whole) // 2],
    "another format": lambda _: b"<html>404 Not Found</html>",
    "another end": lambda whole: whole[:-8] + bytes(byte ^ 0xFF for byte in whole[-8:]),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
@pytest.mark.parametrize("good", GOOD.values(), ids=list(GOOD))
def test_a_broken_archive_is_a_finding(good: Packed, damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = write(good, tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    artifact = open_artifact(path, good.artifact.kind)
    assert artifact.problem.startswith("a broken archive")
    assert rules(good, artifact) == {"readable"}


@pytest.mark.parametrize("good", GOOD.values(), ids=list(GOOD))
@pytest.mark.parametrize("limits", [Limits(total_bytes=100), Limits(members=2)], ids=["bytes", "members"])
def test_an_archive_beyond_the_limits_is_not_unpacked(good: Packed, limits: Limits, tmp_path: Path) -> None:
    artifact = open_artifact(write(good, tmp_path), good.artifact.kind, limits=limits)
    assert "more than" in artifact.problem
    assert artifact.entries == ()


def test_a_module_zip_of_the_go_command_has_no_times(tmp_path: Path) -> None:
    """golang.org/x/mod/zip writes a DOS date of zeros: no month, no day."""
    path = write(GO, tmp_path)
    raw = path.read_bytes()
    stamp = raw[10:14]
    path.write_bytes(raw.replace(stamp, b"\0\0\0\0"))
    assert {entry.time_seconds for entry in open_artifact(path, kinds.GO).entries} == {0}
