"""The digests of files as the last runs read them: a log of lines (lines.py) of
{PATH: "SIZE MTIME_NS CTIME_NS INODE DIGEST"}.

A run appends what it read, so that its cost does not grow with the workspace. The last entry of a path counts. A line
that cannot be read costs one more reading of its files, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from nox_rings.engine.process.locks import write_atomically
from nox_rings.engine.store.lines import load_bytes, parse_line, render_line

FILES_A_LINE = 1000
# The log is written anew when it is loaded with more than this many entries that later ones replaced, and more of them
# than files.
MOST_REPLACED = 1000


class KnownDigests:
    """Of the files of a workspace. Threads may share it.

    `entries` is path → what it looked like (size, time, inode) and its digest, a text; `unsaved` are those that are not
    in the log yet, `replaced` is how many entries of the log later ones replaced."""

    def __init__(self, entries: dict[str, str] | None = None) -> None:
        self.entries: dict[str, str] = {} if entries is None else entries
        self.unsaved: dict[str, str] = {}
        self.replaced = 0

    def find(self, path: str, stamp: str) -> str | None:
        """The digest of a file, if it still looks as it did when it was read."""
        then, _, digest = self.entries.get(path, "").rpartition(" ")
        return digest if then == stamp else None

    def remember(self, path: str, stamp: str, digest: str) -> None:
        self.entries[path] = self.unsaved[path] = f"{stamp} {digest}"

    def take_unsaved(self) -> dict[str, str]:
        """What is to be appended now. Other threads may add to it meanwhile."""
        return {path: self.unsaved.pop(path) for path in list(self.unsaved)}

    @property
    def has_to_be_compacted(self) -> bool:
        return self.replaced > max(MOST_REPLACED, len(self.entries))


def load_digests(log: Path) -> KnownDigests:
    known = KnownDigests()
    read = 0
    for line in load_bytes(log).splitlines():
        batch = parse_line(line) if line else None
        if isinstance(batch, dict) and set(map(type, batch.values())) <= {str}:
            known.entries.update(batch)
            read += len(batch)
    known.replaced = read - len(known.entries)
    return known


def append_digests(log: Path, entries: Mapping[str, str]) -> None:
    """To be called by one process at a time. Raises OSError."""
    with log.open("ab") as stream:
        # A line feed first: a full disk may have cut the last line short.
        stream.write(b"\n" + b"".join(_rendered(entries)))


def compact_digests(log: Path, more: Mapping[str, str]) -> None:
    """Write the log anew with one entry a file. To be called by one process at a time. Raises OSError."""
    write_atomically(log, b"".join(_rendered({**load_digests(log).entries, **more})))


def _rendered(entries: Mapping[str, str]) -> Iterator[bytes]:
    waiting = iter(entries.items())
    while batch := dict(islice(waiting, FILES_A_LINE)):
        yield render_line(batch)
