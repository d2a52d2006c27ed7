"""Ring 2: the distributable of an SDK, packed from a stamped copy. The tree itself is only read."""

from __future__ import annotations

import hashlib
import json
import tomllib
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from nox_rings.adapters import go, pnpm, uv
from nox_rings.domain.derivation import BUILD_FOLDERS
from nox_rings.domain.language import Language
from nox_rings.domain.places import files_under, is_under, joined
from nox_rings.domain.targets import Target
from nox_rings.domain.versions import VersionTuple
from nox_rings.domain.workspace import Member
from nox_rings.errors import StepFailedError
from nox_rings.run.recipes import Kitchen
from nox_rings.run.recipes.contract import contract_steps
from nox_rings.run.steps import Action, Step, StepContext
from nox_rings.run.trees import copy_files, empty_folder, files_in, mirror


def artifact_steps(target: Target, member: Member, kitchen: Kitchen) -> Sequence[Step]:
    """Copy, stamp, pack into a scratch folder, then mirror what was packed into `dist/`."""
    root, stage = kitchen.layout.root, kitchen.layout.stage(target.id)
    copy, packed, place = stage / "tree", stage / "packed", root / target.outputs[0]
    begin = Action(
        description=f"copy {member.folder} and stamp the copy with {_version(member, kitchen.versions)}",
        act=lambda _: _stamped_copy(member, kitchen, stage),
    )
    end = Action(
        description=f"mirror what was packed into {target.outputs[0]}",
        act=lambda context: _keep(packed, place, _version(member, kitchen.versions), context),
    )
    gate = contract_steps(target, member, kitchen, packed)
    if member.language is Language.TS:
        return (begin, pnpm.pack_command(copy / member.folder, packed), *gate, end)
    if member.language is Language.PY:
        return (begin, uv.build_command(copy / member.folder, packed), *gate, end)
    module = Action(
        description=f"write the module proxy tree of {member.name}@{kitchen.versions.go}",
        act=lambda _: write_module(copy / member.folder, packed, member.name, kitchen.versions.go),
    )
    return (begin, module, *gate, end)


def _version(member: Member, versions: VersionTuple) -> str:
    return {Language.TS: versions.npm, Language.PY: versions.pypi, Language.GO: versions.go}[member.language]


def _stamped_copy(member: Member, kitchen: Kitchen, stage: Path) -> None:
    """The package, what it depends on locally, and the settings of its workspace; versions only in the copy."""
    root, tree = kitchen.layout.root, empty_folder(stage / "tree")
    empty_folder(stage / "packed")
    folders = _with_dependencies(member, kitchen)
    for folder in folders:
        built = [joined(folder, name) for name in BUILD_FOLDERS]
        own = [path for path in files_under(kitchen.files, folder) if not any(is_under(path, each) for each in built)]
        copy_files(root, own, tree)
        copy_files(root, (joined(folder, f"dist/{path}") for path in files_in(root / folder / "dist")), tree)
        if member.language is Language.TS:
            _stamp_json(tree / folder / "package.json", kitchen.versions.npm)
        elif member.language is Language.PY:
            _stamp_toml(tree / folder / "pyproject.toml", kitchen.versions.pypi)
    if member.language is Language.TS and member.home != member.folder:
        settings = (joined(member.home, name) for name in ("package.json", "pnpm-workspace.yaml"))
        copy_files(root, settings, tree)


def _with_dependencies(member: Member, kitchen: Kitchen) -> list[str]:
    found, waiting = [], [member.folder]
    while waiting:
        folder = waiting.pop()
        if folder not in found and (known := kitchen.workspace.member_at(folder, member.language)):
            found.append(folder)
            waiting.extend(known.depends_on if member.language is Language.TS else ())
    return found


def _stamp_json(manifest: Path, version: str) -> None:
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["version"] = version
    manifest.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _stamp_toml(manifest: Path, version: str) -> None:
    import tomli_w

    document = tomllib.loads(manifest.read_text(encoding="utf-8"))
    document["project"]["version"] = version
    # Where a requirement comes from in this workspace is nothing a consumer could use.
    document.get("tool", {}).get("uv", {}).pop("sources", None)
    manifest.write_text(tomli_w.dumps(document), encoding="utf-8")


def _keep(packed: Path, place: Path, version: str, context: StepContext) -> None:
    (packed / ".gitignore").unlink(missing_ok=True)  # uv build leaves one in every output folder
    made = files_in(packed)
    if not made:
        raise StepFailedError(f"{packed}: found nothing packed, expected an artifact")
    mirror(packed, place)
    context.detail["version"] = version
    for path in made:
        if not path.endswith((".info", "/list", ".mod")):
            digest = hashlib.sha256((packed / path).read_bytes()).hexdigest()
            context.detail[f"sha256 {path.rpartition('/')[2]}"] = digest


def write_module(module: Path, proxy: Path, name: str, version: str) -> None:
    """A module as a GOPROXY tree (https://go.dev/ref/mod#goproxy-protocol, #zip-files).

    Raises StepFailedError for a `replace` directive: whoever installs the module would not have it."""
    manifest = (module / "go.mod").read_text(encoding="utf-8")
    if replaced := go.parse_go_mod(manifest).replaces:
        raise StepFailedError(
            f"{name}: go.mod: found replace {next(iter(replaced))}, expected none in a module to publish",
            hint="go mod edit -dropreplace",
        )
    place = proxy / go.escaped(name) / "@v"
    place.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place / f"{version}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files_in(module):
            entry = zipfile.ZipInfo(f"{name}@{version}/{path}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (module / path).read_bytes())
    (place / f"{version}.mod").write_text(manifest, encoding="utf-8")
    info = {"Version": version, "Time": _time_of(version)}
    (place / f"{version}.info").write_text(json.dumps(info), encoding="utf-8")
    (place / "list").write_text(f"{version}\n", encoding="utf-8")


def _time_of(version: str) -> str:
    """The commit time of a pseudo-version; a tag's own is not in its name, and the proxy protocol may leave it at 0."""
    stamp = version.rpartition("-")[0][-14:]
    if not stamp.isdigit():
        return "1970-01-01T00:00:00Z"
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
