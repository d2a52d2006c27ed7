"""The content of a module as a schema registry sees it: which is refused, and by which digest it is known."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

# As in buf.registry.module.v1.File: relative, without `.` and `..`.
PATH = re.compile(r"([^/.][^/]?|[^/][^/.]|[^/]{3,})(/([^/.][^/]?|[^/][^/.]|[^/]{3,}))*")
IMPORT = re.compile(r'^\s*import\s+(?:public\s+|weak\s+)?"([^"]+)"\s*;', re.MULTILINE)
WELL_KNOWN = "google/protobuf/"


def is_relative(path: str) -> bool:
    return PATH.fullmatch(path) is not None and "\\" not in path


def b5_digest(files: Mapping[str, bytes], dependencies: Iterable[bytes]) -> bytes:
    """The digest by which buf knows content: SHAKE256 of the files' manifest, then of it with those it depends on."""
    rows = sorted((path, _shake256(content).hex()) for path, content in files.items())
    manifest = "".join(f"shake256:{digest}  {path}\n" for path, digest in rows)
    others = sorted(f"b5:{digest.hex()}" for digest in dependencies)
    return _shake256("\n".join([f"shake256:{_shake256(manifest.encode()).hex()}", *others]).encode())


def _shake256(content: bytes) -> bytes:
    return hashlib.shake_256(content).digest(64)


def missing_imports(files: Mapping[str, bytes], there: set[str]) -> Iterator[tuple[str, str]]:
    for path, content in files.items():
        if path.endswith(".proto"):
            for imported in IMPORT.findall(content.decode()):
                if imported not in there and not imported.startswith(WELL_KNOWN):
                    yield path, imported
