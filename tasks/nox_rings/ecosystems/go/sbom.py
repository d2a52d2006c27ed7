"""The sbom of a Go module: go lists the modules, `identify_license` identifies their license files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nox_rings.ecosystems.go import go, license_classifier
from nox_rings.ecosystems.go.consumer import parse_documents
from nox_rings.ecosystems.model import Packing, SbomSource
from nox_rings.ecosystems.sbom import LICENSE_FILE, Module, classified_licenses, go_document
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.process.command import Command
from nox_rings.engine.run.steps import StepContext
from nox_rings.workspace.go_manifest import parse_go_mod


def command(packing: Packing) -> Command:
    return go.manifest_question(packing.copy / packing.member.folder)


def source(packing: Packing, context: StepContext) -> SbomSource:
    """go.mod is the lockfile: it names every module that building and testing need, on all platforms."""
    manifest = json.loads(context.runner.require(context.command(command(packing))))
    required = {each["Path"]: each["Version"] for each in manifest.get("Require") or ()}
    direct = [each["Path"] for each in manifest.get("Require") or () if not each.get("Indirect")]
    downloaded = _downloaded(packing, required, context)
    modules = [
        Module(path=path, version=version, requires=_requires(downloaded.get(path)))
        for path, version in required.items()
    ]
    folders = {each.purl: Path(downloaded[each.path]["Dir"]) for each in modules if each.path in downloaded}
    root = Module(path=packing.member.name, version=packing.version, requires=direct)
    folders[root.purl] = packing.copy / packing.member.folder
    licenses = _licenses(packing, folders, context)
    tools = {name: version.split("-")[0] for name, version in packing.tools.items()}
    return SbomSource(
        document=go_document(root, modules, tools),
        license=licenses.pop(root.purl, "") or _named(folders[root.purl]),
        licenses=licenses,
    )


def _downloaded(packing: Packing, required: Mapping[str, str], context: StepContext) -> Mapping[str, Mapping[str, Any]]:
    """For each required module: its folder and its go.mod. Siblings are left out, as they are not published yet."""
    siblings = set(packing.subject.released)
    wanted = [f"{path}@{version}" for path, version in required.items() if path not in siblings]
    if not wanted:
        return {}
    (answer,) = context.ask_all([go.download_question(wanted, packing.copy / packing.member.folder)])
    documents = list(parse_documents(answer.stdout))
    if answer.exit_code:
        reason = "; ".join(each["Error"] for each in documents if "Error" in each) or answer.stderr.strip()
        raise StepFailedError(f"{packing.member.folder}: go could not download what go.mod requires: {reason}")
    return {each["Path"]: each for each in documents}


def _requires(downloaded: Mapping[str, Any] | None) -> Sequence[str]:
    if downloaded is None:
        return ()
    manifest = parse_go_mod(Path(downloaded["GoMod"]).read_text(encoding="utf-8"))
    return [each.module for each in manifest.requires]


def _licenses(packing: Packing, folders: Mapping[str, Path], context: StepContext) -> dict[str, str]:
    """By purl. Reports it where the license classifier is not pinned."""
    if license_classifier.TOOL not in packing.tools:
        context.say(f"licenses NOT identified: no folder tools/go/* of the workspace pins {license_classifier.TOOL}")
        return {}
    files = {str(file): purl for purl, folder in folders.items() for file in _license_files(folder)}
    answer = packing.stage / "licenses.json"
    command = license_classifier.identify_command([*map(Path, files)], answer, packing.stage)
    license_classifier.identify(context.command(command), context.runner)
    found = dict[str, list[str]]()
    for file, license_name in classified_licenses(json.loads(answer.read_text(encoding="utf-8"))).items():
        if license_name:
            found.setdefault(files[file], []).append(license_name)
    return {purl: " AND ".join(sorted(set(names))) for purl, names in found.items()}


def _license_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_file() and LICENSE_FILE.fullmatch(path.name))


def _named(folder: Path) -> str:
    """The license file of a text that the classifier does not know, as npm spells it."""
    return next((f"SEE LICENSE IN {path.name}" for path in _license_files(folder)), "")
