"""OCI image layouts (github.com/opencontainers/image-spec/blob/main/image-layout.md): folders of blobs by digest.

One folder an image: two buildx that export the same blob into one folder at once break each other's upload, because
the lock on it is within a process (containerd's content/local store). Disk is shared by hard links instead."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

SCHEME = "oci-layout://"


class ImageConfig(NamedTuple):
    """What starts when the image is run; `size_bytes` is what a registry would be sent, all layers."""

    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    user: str
    labels: dict[str, str]
    size_bytes: int


def context_of(layout: Path, digest: str) -> str:
    """The image as a named context of a build."""
    return f"{SCHEME}{layout}@{digest}"


def folder_of_context(context: str) -> Path | None:
    """The layout of a named context, where it is one."""
    folder = Path(context.removeprefix(SCHEME).partition("@")[0])
    return folder if context.startswith(SCHEME) and (folder / "blobs/sha256").is_dir() else None


def read_image_config(layout: Path, digest: str) -> ImageConfig:
    """Of the image, or of the first platform of an index."""
    manifest = _read(layout, digest)
    if "manifests" in manifest:
        return read_image_config(layout, manifest["manifests"][0]["digest"])
    config = _read(layout, manifest["config"]["digest"]).get("config", {})
    return ImageConfig(
        entrypoint=tuple(config.get("Entrypoint") or ()),
        command=tuple(config.get("Cmd") or ()),
        user=config.get("User", ""),
        labels=dict(config.get("Labels") or {}),
        size_bytes=sum(layer["size"] for layer in manifest["layers"]),
    )


def is_whole(layout: Path, digest: str) -> bool:
    """Whether every blob of the image is there in its full length."""
    try:
        blobs = set(_reachable(layout, digest))
        return all(os.stat(_blob(layout, each)).st_size == size for each, size in blobs)  # noqa: PTH116
    except (FileNotFoundError, json.JSONDecodeError):
        return False


def link_blobs(layout: Path, others: Iterable[Path]) -> None:
    """Give `layout` the blobs of the images it starts from, so that they are neither exported nor stored again."""
    blobs = layout / "blobs/sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    for other in others:
        for blob in (other / "blobs/sha256").iterdir():
            with suppress(OSError):  # there already, or another file system: then it is exported as any other
                os.link(blob, blobs / blob.name)


def sweep(layout: Path, digest: str) -> None:
    """Remove what is no part of the image: earlier builds, bases of earlier stages, uploads cut short."""
    kept = {each.partition(":")[2] for each, _ in _reachable(layout, digest)}
    for blob in (layout / "blobs/sha256").iterdir():
        if blob.name not in kept:
            blob.unlink()
    shutil.rmtree(layout / "ingest", ignore_errors=True)


def _reachable(layout: Path, digest: str) -> Iterator[tuple[str, int]]:
    manifest = _read(layout, digest)
    yield digest, Path(_blob(layout, digest)).stat().st_size
    for child in manifest.get("manifests", ()):
        yield from _reachable(layout, child["digest"])
    for child in (manifest.get("config"), *manifest.get("layers", ())):
        if child:
            yield child["digest"], child["size"]


def _read(layout: Path, digest: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(_blob(layout, digest)).read_bytes())
    return document


def _blob(layout: Path, digest: str) -> str:
    """No Path: every fresh answer looks at every blob."""
    return f"{layout}/blobs/{digest.replace(':', '/')}"
