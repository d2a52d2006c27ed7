"""Packed artifacts on disk: sealed by a manifest, compared with it, and shown by their version."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from nox_rings.artifacts.seal.model import MANIFEST, Manifest, Sealed, parse_manifest, render_manifest, verify_checksums
from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.store.trees import empty_folder, files_in


def seal(folder: Path, version: str, uncommitted: tuple[str, ...] = ()) -> Manifest:
    """Write the manifest of the files in `folder`. Raises StepFailedError where there are none."""
    manifest = Manifest(version=version, artifacts=_found(folder), uncommitted=uncommitted)
    if not manifest.artifacts:
        raise StepFailedError(f"{folder}: found nothing packed, expected an artifact")
    (folder / MANIFEST).write_text(render_manifest(manifest), encoding="utf-8")
    return manifest


def require_sealed(folder: Path) -> Manifest:
    """The manifest, after every file was verified. Raises StepFailedError with a message for each that differs."""
    try:
        manifest = parse_manifest((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StepFailedError(f"{folder}: found no {MANIFEST}, expected sealed artifacts") from None
    except ValueError as error:
        raise StepFailedError(f"{folder / MANIFEST}: found {error}, expected names, sizes and sha256") from None
    if problems := list(verify_checksums(manifest, _found(folder))):
        raise StepFailedError("\n".join(f"{folder}/{problem}" for problem in problems))
    return manifest


def show_version(artifacts: Path, view: Path) -> None:
    """Replace `view`, in one step, by hard links to the files in `artifacts`. Packing another version replaces the
    files in `artifacts`, and the view keeps these."""
    making = empty_folder(view.with_name(f".{view.name}.new"))
    for path in files_in(artifacts):
        (making / path).parent.mkdir(parents=True, exist_ok=True)
        _link(artifacts / path, making / path)
    shutil.rmtree(view, ignore_errors=True)
    making.rename(view)


def _link(source: Path, link: Path) -> None:
    try:
        link.hardlink_to(source)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, link)


def _found(folder: Path) -> dict[str, Sealed]:
    return {path: _sealed(folder / path) for path in files_in(folder) if path != MANIFEST}


def _sealed(path: Path) -> Sealed:
    content = path.read_bytes()
    return Sealed(size=len(content), sha256=hashlib.sha256(content).hexdigest())
