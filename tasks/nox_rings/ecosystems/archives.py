"""Opens packed artifacts with the standard library: .tgz and .tar.gz, .whl and .zip. Nothing is written to disk.

An archive that cannot be read, or would fill the memory (a few kilobytes may unpack to gigabytes), is an artifact with
a `problem`, never an exception."""

from __future__ import annotations

import calendar
import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from posixpath import dirname, relpath

from nox_rings.ecosystems.artifact import Archive, Artifact, ArtifactKind, Entry

BROKEN = (OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error, LZMAError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """In unpacked bytes and in members; beyond is broken."""

    total_bytes: int = 512 << 20
    members: int = 100_000


def kind_of(path: Path | str, kinds: Iterable[ArtifactKind]) -> ArtifactKind | None:
    """None for a file that is no artifact, such as an sbom or a manifest."""
    return next((kind for kind in kinds if str(path).endswith(kind.suffix)), None)


def open_artifact(path: Path, kind: ArtifactKind, name: str = "", limits: Limits | None = None) -> Artifact:
    """`name` is what findings call it: the file's name where none is given."""
    limits = limits or Limits()
    read = _tar_entries if kind.archive is Archive.TAR else _zip_entries
    try:
        return Artifact(kind=kind, name=name or path.name, entries=tuple(read(path, limits)))
    except (tarfile.TarError, zipfile.BadZipFile, *BROKEN) as error:
        lines = str(error).splitlines() or [type(error).__name__]
        return Artifact(kind=kind, name=name or path.name, problem=f"a broken archive ({lines[0]})")


def _tar_entries(path: Path, limits: Limits) -> Iterator[Entry]:
    room = limits.total_bytes
    with gzip.open(path) as unpacked, tarfile.open(fileobj=unpacked, mode="r:") as archive:
        for count, member in enumerate(archive, 1):
            _check(count, member.size, room, limits)
            if member.isdir():
                continue
            file = archive.extractfile(member) if member.isreg() else None
            content = file.read() if file else b""
            room -= len(content)
            # Entries that are neither file nor folder (links, devices) have no content.
            yield Entry(
                path=member.name,
                content=content,
                mode=member.mode,
                time_seconds=int(member.mtime),
                is_link=not member.isreg(),
                # A hard link is relative to the root of the archive, a symbolic link to its own folder.
                target=relpath(member.linkname, dirname(member.name) or ".") if member.islnk() else member.linkname,
            )
        # To the end, where gzip has its checksum: tar stops reading before.
        while padding := unpacked.read(1 << 20):
            room -= len(padding)
            _check(0, 0, room, limits)


def _zip_entries(path: Path, limits: Limits) -> Iterator[Entry]:
    room = limits.total_bytes
    with zipfile.ZipFile(path) as archive:
        for count, member in enumerate(archive.infolist(), 1):
            _check(count, member.file_size, room, limits)
            if member.is_dir():
                continue
            content = archive.read(member)  # checks length and CRC
            room -= len(content)
            mode = member.external_attr >> 16
            is_link = stat.S_ISLNK(mode)
            yield Entry(
                path=member.filename,
                content=b"" if is_link else content,
                mode=stat.S_IMODE(mode),
                time_seconds=_seconds(member.date_time),
                is_link=is_link,
                target=content.decode("utf-8", errors="replace") if is_link else "",
            )


def _check(count: int, size: int, room: int, limits: Limits) -> None:
    if size > room or room < 0:
        raise ValueError(f"more than {limits.total_bytes} bytes unpacked")
    if count > limits.members:
        raise ValueError(f"more than {limits.members} members")


def _seconds(dos: tuple[int, int, int, int, int, int]) -> int:
    """DOS times have no zone: taken as UTC. A field of zeros (Go writes them) is a month 0, which means none."""
    year, month, day, *clock = dos
    return calendar.timegm((year, max(1, month), max(1, day), *clock)) if month and day else 0
