"""Content digests of files. A file is read again only when its size, times, inode or mode changed since it was read, or
where times tell nothing (clock.py)."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from nox_rings.engine.layout import OWN_FOLDER
from nox_rings.engine.paths import is_under
from nox_rings.engine.patterns import is_ignored, may_prune
from nox_rings.engine.plan.records import UNREADABLE, digest_of
from nox_rings.engine.reading import file_bytes, opened_bytes
from nox_rings.engine.store.clock import TICK_NANOSECONDS
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.search import NEVER_CONTENT, Search
from nox_rings.engine.store.wildcards import expand, has_wildcard, link_target

CONTENT = frozenset({stat.S_IFREG, stat.S_IFLNK})  # a socket, a pipe, a device is none
# Of git and of ourselves: below any folder that is walked they are no content of it.
NEVER_READ = NEVER_CONTENT | {".git", OWN_FOLDER}

# By the usual masks (umask); a link has none.
USUAL_MODES = frozenset({0, 0o644, 0o664, 0o755, 0o775})

# Nothing is there; every other failure leaves open what is.
GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})


class _Stamp(NamedTuple):
    """What a file looks like: as long as it looks so, its content is the same. `refusal` is why that cannot be told,
    `mode` its permissions."""

    text: str
    is_link: bool
    refusal: str = ""
    mode: int = 0


def _stamp_of(full: str) -> _Stamp | None:
    try:
        found = os.lstat(full)
    except OSError as error:
        return None if error.errno in GONE else _Stamp("", False, error.strerror or str(error))
    kind = stat.S_IFMT(found.st_mode)
    is_link = kind == stat.S_IFLNK
    mode = 0 if is_link else stat.S_IMODE(found.st_mode)
    return _Stamp(_text_of(found), is_link, mode=mode) if kind in CONTENT else None


def _text_of(found: os.stat_result) -> str:
    """With the time of the inode, because an edit can restore that of the content, and chmod changes nothing else."""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def _content(full: str, found: os.stat_result) -> bytes:
    return opened_bytes(full) if stat.S_ISREG(found.st_mode) else file_bytes(full)


def _unreadable(reason: str) -> str:
    """Unlike that of any other time, so that nothing made from it is ever fresh."""
    return f"{UNREADABLE}{time.monotonic_ns()}:{reason}"


class _Look:
    """What was seen of paths, of walks by (path, context, ignore), and the names in folders."""

    def __init__(self) -> None:
        self.stamps: dict[str, _Stamp | None] = {}
        self.digests: dict[str, str | None] = {}
        self.walks: dict[tuple[str, str, tuple[str, ...]], tuple[str, ...]] = {}
        self.names: dict[str, list[str]] = {}


class Digests:
    """`known` is what earlier runs read; it grows by what is read now. `window_nanoseconds` is how long a file may look
    the same after a write (clock.py); None: whatever it looks like, it is read."""

    def __init__(self, root: Path, known: KnownDigests, *, window_nanoseconds: int | None = TICK_NANOSECONDS) -> None:
        self._root = str(root)
        self.known = known
        self.links: set[str] = set()  # among the paths that were looked at
        self._look: _Look | None = None
        self._window = window_nanoseconds
        self._refused: dict[str, str] = {}  # folders that could not be listed

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
        socket, a pipe, a device. What may be there and cannot be read has one that no other digest is equal to."""
        if self._look is None:
            return self._digest(path)
        digests = self._look.digests
        if path not in digests:
            digests[path] = self._digest(path)
        return digests[path]

    def is_file(self, path: str) -> bool:
        """Whether a regular file is there, or a link."""
        return self._stamp(path) is not None

    def mode(self, path: str) -> str:
        """The permissions of a file where they are none of those that a checkout gives."""
        found = self._stamp(path)
        return f"{found.mode:o}" if found and found.mode not in USUAL_MODES else ""

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
            return self._refused.get(path)
        if found.refusal:
            return _unreadable(found.refusal)
        if found.is_link:
            self.links.add(path)
        known = None if self._window is None else self.known.find(path, found.text)
        return known or self._read(path)

    def _read(self, path: str) -> str | None:
        full = f"{self._root}/{path}"
        try:
            found = os.lstat(full)
            content = os.fsencode(os.readlink(full)) if stat.S_ISLNK(found.st_mode) else _content(full, found)  # noqa: PTH115
        except OSError as error:
            return None if error.errno in GONE else _unreadable(error.strerror or str(error))
        return self._digest_of(path, found, content)

    def _digest_of(self, path: str, found: os.stat_result, content: bytes) -> str:
        executable = b"x" if found.st_mode & stat.S_IXUSR else b"-"
        digest = blake2b(content, digest_size=16, person=executable).hexdigest()
        self._remember(path, found, digest)
        return digest

    def content(self, path: str) -> bytes:
        """`file_bytes` of a path; where it is a file itself, its digest is known from then on. Raises OSError."""
        full = f"{self._root}/{path}"
        found = os.lstat(full)
        content = _content(full, found)
        if self._look is not None and stat.S_ISREG(found.st_mode) and path not in self._look.digests:
            self._look.digests[path] = self._digest_of(path, found, content)
        return content

    def _remember(self, path: str, found: os.stat_result, digest: str) -> None:
        if self._window is not None and time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > self._window:
            self.known.remember(path, _text_of(found), digest)

    def of(self, paths: Iterable[str]) -> dict[str, str]:
        seen = self._look.digests if self._look else {}  # the hot path: most were looked at for another target
        found = ((path, seen[path] if path in seen else self.digest(path)) for path in paths)
        return {path: digest for path, digest in found if digest is not None}

    def sign(self, sign: str) -> str | None:
        """The digest of a file, or of the names in a folder: with a slash at the end, and perhaps wildcards. None where
        there is no such file, and for a folder without a name that counts."""
        if not sign.endswith("/"):
            return self.digest(sign)
        folder = sign[:-1]
        if not has_wildcard(folder):
            return self._folder_digest(folder)
        found = [f"{path}={digest}" for path in expand(self._root, folder) if (digest := self._folder_digest(path))]
        return digest_of(*found) if found else None

    def _folder_digest(self, folder: str) -> str | None:
        """Kept as long as the folder looks the same: a name that comes or goes changes its time."""
        full = f"{self._root}/{folder}"
        try:
            found = os.lstat(full)
            if not stat.S_ISDIR(found.st_mode):
                return None
            if self._window is not None and (known := self.known.find(f"{folder}/", _text_of(found))):
                return known
            names = os.listdir(full)  # noqa: PTH208 - names are all that counts
        except OSError:
            return None
        counted = sorted(name for name in names if not name.startswith(".") and name not in NEVER_CONTENT)
        if not counted:
            return None
        digest = digest_of(*counted)
        self._remember(f"{folder}/", found, digest)
        return digest

    def matching(self, pattern: str) -> Iterator[str]:
        """Files and folders on disk that a COPY of `pattern` takes, tracked or not, and where links among them lead."""
        refused: list[str] = []
        for path in expand(self._root, pattern, lambda folder: self._names(folder, refused)):
            yield from self.followed(path)
        yield from refused

    def _names(self, folder: str, refused: list[str]) -> list[str]:
        """Of what lies in a folder, an absolute path."""
        known = self._look.names if self._look else {}
        try:
            if folder not in known:
                known[folder] = sorted(os.listdir(folder))  # noqa: PTH208 - the hot path: no Path objects
            return known[folder]
        except OSError as error:
            refused += self._refusal(folder.removeprefix(f"{self._root}/"), error)
            return []

    def _refusal(self, folder: str, error: OSError) -> Iterator[str]:
        """The folder, for what it holds, where it is there and cannot be listed."""
        if error.errno not in GONE:
            self._refused[folder] = _unreadable(error.strerror or str(error))
            yield folder

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

    def sources(self, folder: str, search: Search) -> Iterator[str]:
        """Files on disk below `folder` that `search` describes, listed or not; in no order."""
        return search.found(self._root, folder, self._refusal)

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
            except OSError as error:
                yield from self._refusal(folder, error)
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
