"""The manifest beside packed artifacts: their sizes and checksums. Later targets verify them first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

MANIFEST = "manifest.json"
SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A packed file: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`artifacts` by their paths below the folder of the manifest; `uncommitted` are the packed sources that differ
    from the commit: with any, the bytes are not those of the version."""

    version: str
    artifacts: Mapping[str, Sealed]
    uncommitted: tuple[str, ...] = ()


def render_manifest(manifest: Manifest) -> str:
    rows = [{"name": name, **asdict(sealed)} for name, sealed in sorted(manifest.artifacts.items())]
    document = {"version": manifest.version, "uncommitted": manifest.uncommitted, "artifacts": rows}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def parse_manifest(text: str) -> Manifest:
    """Raises ValueError for what `render_manifest` did not write."""
    try:
        document = json.loads(text)
        artifacts = {row["name"]: Sealed(size=row["size"], sha256=row["sha256"]) for row in document["artifacts"]}
        uncommitted = tuple(document["uncommitted"])
        return Manifest(version=document["version"], artifacts=artifacts, uncommitted=uncommitted)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a manifest of nox-rings: {error!r}") from error


def verify_checksums(manifest: Manifest, found: Mapping[str, Sealed]) -> Iterator[str]:
    """A message for each file that is changed, missing or not in the manifest."""
    for name, wanted in sorted(manifest.artifacts.items()):
        if found.get(name) != wanted:
            yield f"{name}: found {_described(found.get(name))}, expected {_described(wanted)} as sealed in {MANIFEST}"
    for name in sorted(found.keys() - manifest.artifacts.keys()):
        yield f"{name}: found {_described(found[name])}, expected no such file: {MANIFEST} does not list it"


def _described(sealed: Sealed | None) -> str:
    return f"{sealed.size} bytes of sha256 {sealed.sha256[:SHOWN_DIGITS]}" if sealed else "no file"
