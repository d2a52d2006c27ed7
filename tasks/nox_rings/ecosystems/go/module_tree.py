"""A Go module as a GOPROXY tree (https://go.dev/ref/mod#goproxy-protocol)."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from nox_rings.ecosystems.go import go
from nox_rings.ecosystems.go.module_zip import go_version_of, module_files, version_problem
from nox_rings.ecosystems.model import Packing
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.run.steps import Action, Step
from nox_rings.engine.store.trees import files_in

REGULAR_FILE = 0o100644
UNIX = 3


def pack_step(packing: Packing) -> Step:
    name, version = packing.member.name, packing.version
    module = packing.copy / packing.member.folder
    return Action(
        description=f"write the module proxy tree of {name}@{version}",
        act=lambda _: write_module(module, packing.packed, name, version, packing.time_seconds),
    )


def write_module(module: Path, proxy: Path, name: str, version: str, time_seconds: int) -> None:
    """Raises StepFailedError for what no Go command would take, and for a `replace` directive: whoever installs the
    module would not have it. `time_seconds` is the commit's, since the epoch."""
    manifest = (module / "go.mod").read_bytes()
    text = manifest.decode(errors="replace")
    if replaced := go.parse_go_mod(text).replaces:
        raise StepFailedError(
            f"{name}: go.mod: found replace {next(iter(replaced))}, expected none in a module to publish",
            hint="go mod edit -dropreplace",
        )
    if problem := version_problem(name, version):
        raise StepFailedError(f"{name}: go.mod: {problem}")
    place = proxy / go.escaped(name) / "@v"
    place.mkdir(parents=True, exist_ok=True)
    _write_zip(place / f"{version}.zip", f"{name}@{version}", module, _chosen(module, name, text))
    (place / f"{version}.mod").write_bytes(manifest)
    time = datetime.fromtimestamp(time_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    (place / f"{version}.info").write_text(json.dumps({"Version": version, "Time": time}), encoding="utf-8")
    (place / "list").write_text(f"{version}\n", encoding="utf-8")


def _chosen(module: Path, name: str, go_mod: str) -> tuple[str, ...]:
    sizes = {path: _size(module / path) for path in files_in(module)}
    files = module_files(sizes, go_version_of(go_mod))
    if files.problems:
        raise StepFailedError("\n".join(f"{name}: {problem}" for problem in files.problems))
    return files.kept


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() and not path.is_symlink() else None


def _write_zip(archive: Path, prefix: str, module: Path, paths: tuple[str, ...]) -> None:
    """Not compressed: what deflate makes of the same bytes depends on the zlib that a Python was built with, and the
    checksum database knows a module by its content."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for path in paths:
            entry = zipfile.ZipInfo(f"{prefix}/{path}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = UNIX, REGULAR_FILE << 16
            packed.writestr(entry, (module / path).read_bytes())
