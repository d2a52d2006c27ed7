"""Content digests of files. A file is read again only when its size, times, inode or mode changed since it was read."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.paths import is_under
from nox_rings.engine.patterns import is_ignored, may_prune
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.wildcards import expand, link_target

# A file written this shortly before it was read may be written again within the same tick of the clock, and would
# then look unchanged (the "racy git" problem): its digest is used but not remembered.
RACY_NANOSECONDS = 20_000_000
CONTENT = frozenset({stat.S_IFREG, stat.S_IFLNK})  # a socket, a pipe, a device is none
NEVER_CONTENT = frozenset({"__pycache__"})
# Of folders with sources: what installations and builds put there.
MADE_FOLDERS = NEVER_CONTENT | {"node_modules", "build", "dist"}
ENVIRONMENT_MARK = "pyvenv.cfg"
# Of git and of ourselves: below any folder that is walked they are no content of it.
NEVER_READ = NEVER_CONTENT | {".git", OWN_FOLDER}


class _Stamp(NamedTuple):
    """What a file looks like: as long as it looks so, its content is the same."""

    text: str
    is_link: bool


def _stamp_of(full: str) -> _Stamp | None:
    try:
        found = os.lstat(full)
    except OSError:
        return None
    kind = stat.S_IFMT(found.st_mode)
    return _Stamp(_text_of(found), kind == stat.S_IFLNK) if kind in CONTENT else None


def _content_of(full: str) -> bytes:
    with open(full, "rb", buffering=0) as stream:  # noqa: PTH123 - the hot path: no Path objects
        return stream.read()


def _text_of(found: os.stat_result) -> str:
    """With the time of the inode, because an edit can restore that of the content, and chmod changes nothing else."""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


class _Look:
    """What was seen of paths, and of walks by (path, context, ignore)."""

    def __init__(self) -> None:
        self.stamps: dict[str, _Stamp | None] = {}
        self.digests: dict[str, str | None] = {}
        self.walks: dict[tuple[str, str, tuple[str, ...]], tuple[str, ...]] = {}


class Digests:
    """`known` is what earlier runs read; it grows by what is read now."""

    def __init__(self, root: Path, known: KnownDigests) -> None:
        self._root = str(root)
        self.known = known
        self.links: set[str] = set()  # among the paths that were looked at
        self._look: _Look | None = None

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """Within the block every file is checked once, however many targets read it. An inner block is part of the
        outer one."""
        outer, self._look = self._look, self._look or _Look()
        try:
            yield
        finally:
            self._look = outer

    def digest(self, path: str) -> str | None:
        """The digest of a file or of a link's target text; None where there is no such file, and for what is neither: a
        socket, a pipe, a device."""
        if self._look is None:
            return self._digest(path)
        digests = self._look.digests
        if path not in digests:
            digests[path] = self._digest(path)
        return digests[path]

    def is_file(self, path: str) -> bool:
        """Whether a regular file is there, or a link."""
        return self._stamp(path) is not None

    def _is_link(self, path: str) -> bool:
        return (found := self._stamp(path)) is not None and found.is_link

    def _stamp(self, path: str) -> _Stamp | None:
        """None for what is neither a file nor a link."""
        if self._look is None:
            return _stamp_of(f"{self._root}/{path}")
        stamps = self._look.stamps
        if path not in stamps:
            stamps[path] = _stamp_of(f"{self._root}/{path}")
        return stamps[path]

    def _digest(self, path: str) -> str | None:
        found = self._stamp(path)
        if found is None:
            return None
        if found.is_link:
            self.links.add(path)
        return self.known.find(path, found.text) or self._read(path)

    def _read(self, path: str) -> str | None:
        full = f"{self._root}/{path}"
        try:
            found = os.lstat(full)
            content = os.fsencode(os.readlink(full)) if stat.S_ISLNK(found.st_mode) else _content_of(full)  # noqa: PTH115
        except FileNotFoundError:
            return None
        executable = b"x" if found.st_mode & stat.S_IXUSR else b"-"
        digest = blake2b(content, digest_size=16, person=executable).hexdigest()
        if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > RACY_NANOSECONDS:
            self.known.remember(path, _text_of(found), digest)
        return digest

    def of(self, paths: Iterable[str]) -> dict[str, str]:
        seen = self._look.digests if self._look else {}  # the hot path: most were looked at for another target
        found = ((path, seen[path] if path in seen else self.digest(path)) for path in paths)
        return {path: digest for path, digest in found if digest is not None}

    def matching(self, pattern: str) -> Iterator[str]:
        """Files and folders on disk that a COPY of `pattern` takes, tracked or not, and where links among them lead."""
        for path in expand(self._root, pattern):
            yield from self.followed(path)

    def followed(self, path: str) -> Iterator[str]:
        """The path, and where it leads if it is a link within the workspace."""
        yield path
        if self._is_link(path) and (target := link_target(self._root, path)) is not None:
            yield target

    def walk(self, path: str, *, context: str = ".", ignore: tuple[str, ...] = ()) -> Iterator[str]:
        """Files and links on disk at or below `path`, tracked or not, without what `ignore` (relative to `context`)
        excludes, and without what is NEVER_READ below `path`; in no order."""
        if self._look is None:
            yield from self._walk(path, context, ignore)
            return
        walks, key = self._look.walks, (path, context, ignore)
        if key not in walks:
            walks[key] = tuple(self._walk(path, context, ignore))
        yield from walks[key]

    def sources(
        self, folder: str, suffixes: tuple[str, ...], excluded: Collection[str], compiled: tuple[str, ...] = ()
    ) -> Iterator[str]:
        """Files on disk below `folder` with one of these suffixes, listed or not, without hidden folders, environments,
        and what builds and installations leave; in no order. What has the name of a file beside it that ends with one
        of `compiled` was made of that."""
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                entries = list(os.scandir(f"{self._root}/{here}"))
            except OSError:
                continue
            if any(entry.name == ENVIRONMENT_MARK for entry in entries):
                continue
            originals = {name for entry in entries if (name := entry.name).endswith(compiled)} if compiled else ()
            for entry in entries:
                inside = entry.name if here == "." else f"{here}/{entry.name}"
                if entry.name.startswith(".") or inside in excluded or _is_made_of(entry.name, originals, compiled):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in MADE_FOLDERS and not entry.name.endswith(".egg-info"):
                        waiting.append(inside)
                elif entry.name.endswith(suffixes):
                    yield inside

    def _walk(self, path: str, context: str, ignore: tuple[str, ...]) -> Iterator[str]:
        prefix = 0 if context == "." else len(context) + 1
        if self.is_file(path):
            if not (ignore and is_under(path, context) and is_ignored(path[prefix:], ignore)):
                yield path
            return
        prune = may_prune(ignore)
        waiting = [path]
        while waiting:
            folder = waiting.pop()
            try:
                entries = list(os.scandir(f"{self._root}/{folder}"))
            except OSError:
                continue
            for entry in entries:
                inside = entry.name if folder == "." else f"{folder}/{entry.name}"
                ignored = bool(ignore) and is_under(inside, context) and is_ignored(inside[prefix:], ignore)
                if entry.name in NEVER_READ:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if not (ignored and prune):
                        waiting.append(inside)
                elif not ignored and (entry.is_symlink() or entry.is_file()):
                    yield inside


def _is_made_of(name: str, originals: Collection[str], suffixes: tuple[str, ...]) -> bool:
    """`a.js` and `a.d.ts` beside `a.ts`."""
    if not originals:
        return False
    stem = name.rpartition(".")[0].removesuffix(".d")
    return any(f"{stem}{suffix}" in originals and f"{stem}{suffix}" != name for suffix in suffixes)
