"""What discovery read, as the store keeps it beside the graph: the graph counts while all of it is as it was.

The names of listed files are part of the key of the graph; here is what was in those that were read, listed or not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nox_rings.engine.plan.records import digest_of
from nox_rings.engine.reading import file_bytes

if TYPE_CHECKING:
    from nox_rings.ecosystems.base import Ecosystem
    from nox_rings.engine.store.digests import Digests
    from nox_rings.workspace.model import Reading

ABSENT = ""  # instead of a digest


def rendered_reading(reading: Reading, root: Path, digests: Digests) -> dict[str, Any]:
    """JSON values: `files` is path → digest, or [digest, ecosystem, digest of the outline]; `there` is path → whether
    it was."""
    files: dict[str, str | list[str]] = {}
    for path, outlined in reading.files.items():
        digest = _digest(path, root, digests)
        files[path] = [digest, outlined[0], digest_of(outlined[1])] if outlined else digest
    return {"files": files, "there": dict(reading.there)}


def reads_the_same(document: object, root: Path, digests: Digests, ecosystems: Mapping[str, Ecosystem]) -> bool:
    """What is damaged, or of another version, is not the same."""
    if not isinstance(document, dict):
        return False
    files, there = document.get("files"), document.get("there")
    if not isinstance(files, dict) or not isinstance(there, dict):
        return False
    if any(os.path.lexists(f"{root}/{path}") is not was for path, was in there.items()):
        return False
    now = digests.of(files)  # the hot path: nearly all are files that did not change
    links = digests.links
    changed = (path for path, then in files.items() if now.get(path, ABSENT) != _first(then) or path in links)
    return all(_is_same(path, files[path], root, digests, ecosystems) for path in changed)


def _first(then: object) -> object:
    """The digest of the file, of an entry with an outline too."""
    return then[0] if isinstance(then, list) and then else then


def _is_same(path: str, then: object, root: Path, digests: Digests, ecosystems: Mapping[str, Ecosystem]) -> bool:
    now = _digest(path, root, digests)
    if isinstance(then, str):
        return now == then
    match then:
        case [str(digest), str(name), str(outline)]:
            return now == digest or (name in ecosystems and _outline(root / path, ecosystems[name]) == outline)
    return False


def _digest(path: str, root: Path, digests: Digests) -> str:
    """Of what a link leads to, where the path is one."""
    digest = digests.digest(path) or ABSENT
    if path not in digests.links:
        return digest
    try:
        return digest_of(file_bytes(root / path).hex())
    except OSError:
        return ABSENT


def _outline(path: Path, ecosystem: Ecosystem) -> str:
    try:
        return digest_of(ecosystem.outline(file_bytes(path).decode("utf-8", "replace")))
    except OSError:
        return digest_of(ecosystem.outline(""))
