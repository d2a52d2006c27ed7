"""What discovery finds in a small workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nox_rings.engine.patterns import is_ignored
from nox_rings.images.discovery import find_images
from nox_rings.workspace.config import Config, parse_config
from nox_rings.workspace.model import ImageFile
from nox_rings.workspace.sources import Sources
from nox_rings.workspace.visible import hidden_folder

SCRATCH = "FROM scratch\n"


@dataclass(frozen=True, slots=True)
class Found:
    """`images` by `VARIANT:NAME`; `told` are the sentences of what was passed over."""

    images: dict[str, ImageFile]
    problems: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def files(self) -> dict[str, str]:
        """Image → its Dockerfile; those that are built where they are named have a `?` behind them."""
        return {f"{key}{'?' * image.optional}": image.dockerfile for key, image in self.images.items()}


def find(
    root: Path,
    files: Mapping[str, str | bytes],
    table: Mapping[str, Any] | None = None,
    unlisted: Mapping[str, str] | None = None,
) -> Found:
    """`table` is [tool.nox-rings]; `unlisted` are files on the disk that git ignores."""
    for path, content in {**files, **(unlisted or {})}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    listed = tuple(sorted(files))
    config = parse_config(dict(table)) if table else Config()
    visible = tuple(path for path in listed if hidden_folder(path, ()) is None and not is_ignored(path, config.ignore))
    sources = Sources(root=root, files=visible, listed=listed)
    images = find_images(sources, config)
    by_key = {f"{image.variant}:{image.name}": image for image in images}
    assert len(by_key) == len(images), "two images of one id"
    told = tuple(each.reason for each in sources.passed_over)
    return Found(images=by_key, problems=sources.all_problems, told=told)
