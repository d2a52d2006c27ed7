"""From system calls to the files that programs read and wrote.

A call counts where it succeeded. To read is to open a file for reading, to execute it, and to ask where a link leads.
To write is to open it for writing, to create, rename, link or remove it. What stat and access answer, the names in a
folder, and looking for what is not there do not count: docs/trace.md has the reasons."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from nox_rings.tracing.lines import Call

FORKS = frozenset({"fork", "vfork", "clone", "clone3"})
CWD = "AT_FDCWD"
# Opens that read no content of a file with a name.
NAMELESS = frozenset({"O_PATH", "O_TMPFILE", "O_DIRECTORY"})


class Use(StrEnum):
    READ = "read"
    WRITTEN = "written"
    REMOVED = "removed"


class Access(NamedTuple):
    """`path` is absolute; where `resolved`, no link is in it. `program` is the name of the program."""

    path: str
    use: Use
    program: str
    resolved: bool = False


@dataclass(slots=True)
class _Folder:
    """The working directory that threads share."""

    path: str


@dataclass(slots=True)
class _Process:
    folder: _Folder
    program: str


@dataclass(slots=True)
class Accesses:
    """The processes of one command, which starts in the folder `cwd` as `program`."""

    cwd: str
    program: str
    _processes: dict[int, _Process] = field(default_factory=dict)

    def of(self, calls: Iterable[Call]) -> Iterator[Access]:
        """In the order of the calls."""
        for call in calls:
            process = self._processes.setdefault(call.process, _Process(_Folder(self.cwd), self.program))
            if call.result < 0:
                continue
            if call.name in FORKS:
                self._fork(process, call)
            elif call.name in ("chdir", "fchdir"):
                (where,) = call.arguments(1)
                process.folder.path = where.path or _joined(process.folder.path, where.text or "")
            elif interpret := CALLS.get(call.name):
                yield from interpret(call, process)

    def _fork(self, parent: _Process, call: Call) -> None:
        shares = "CLONE_FS" in call.text
        folder = parent.folder if shares else _Folder(parent.folder.path)
        self._processes[call.result] = _Process(folder, parent.program)


def _open(call: Call, process: _Process, at: int = 0) -> Iterator[Access]:
    """`at` is where the name is among the arguments, after the descriptor it is relative to."""
    path, flags = _named(call, process, at), _flags(call, at + 1)
    if path is None or flags & NAMELESS:
        return
    begins_empty = call.name == "creat" or flags & {"O_TRUNC", "O_EXCL"}
    if not (begins_empty or "O_WRONLY" in flags):
        yield Access(path, Use.READ, process.program)
        yield Access(call.opened or path, Use.READ, process.program, resolved=bool(call.opened))
    if begins_empty or flags & {"O_WRONLY", "O_RDWR"}:
        yield Access(call.opened or path, Use.WRITTEN, process.program, resolved=bool(call.opened))


def _flags(call: Call, at: int) -> frozenset[str]:
    """`O_RDONLY|O_CLOEXEC`, or `{flags=O_RDONLY|O_CLOEXEC` of openat2."""
    arguments = call.arguments(at + 1)
    return frozenset(arguments[at].other.removeprefix("{flags=").split("|")) if len(arguments) > at else frozenset()


def _openat(call: Call, process: _Process) -> Iterator[Access]:
    return _open(call, process, at=1)


def _execute(call: Call, process: _Process, at: int = 0) -> Iterator[Access]:
    if path := _named(call, process, at):
        process.program = posixpath.basename(path)
        yield Access(path, Use.READ, process.program)


def _read_link(call: Call, process: _Process, at: int = 0) -> Iterator[Access]:
    if path := _named(call, process, at):
        yield Access(path, Use.READ, process.program)


def _rename(call: Call, process: _Process, old: int = 0, new: int = 1) -> Iterator[Access]:
    before, after = _named(call, process, old), _named(call, process, new)
    if before and after:
        yield Access(before, Use.REMOVED, process.program)
        yield Access(after, Use.WRITTEN, process.program)
        if "RENAME_EXCHANGE" in call.text:
            yield Access(before, Use.WRITTEN, process.program)


def _create(at: int) -> Callable[[Call, _Process], Iterator[Access]]:
    def interpret(call: Call, process: _Process) -> Iterator[Access]:
        if path := _named(call, process, at):
            yield Access(path, Use.WRITTEN, process.program)

    return interpret


def _remove(call: Call, process: _Process, at: int = 0) -> Iterator[Access]:
    if path := _named(call, process, at):
        yield Access(path, Use.REMOVED, process.program)


# By the name of the call; those that end in `at` have a descriptor before each name.
CALLS: Mapping[str, Callable[[Call, _Process], Iterator[Access]]] = {
    "open": _open,
    "creat": _open,
    "openat": _openat,
    "openat2": _openat,
    "execve": _execute,
    "execveat": lambda call, process: _execute(call, process, 1),
    "readlink": _read_link,
    "readlinkat": lambda call, process: _read_link(call, process, 1),
    "rename": _rename,
    "renameat": lambda call, process: _rename(call, process, 1, 3),
    "renameat2": lambda call, process: _rename(call, process, 1, 3),
    "link": _create(1),
    "linkat": _create(3),
    "symlink": _create(1),
    "symlinkat": _create(2),
    "mknod": _create(0),
    "mknodat": _create(1),
    "truncate": _create(0),
    "unlink": _remove,
    "unlinkat": lambda call, process: _remove(call, process, 1),
}
# All that is to be traced.
TRACED = (*CALLS, *sorted(FORKS), "chdir", "fchdir")


def _named(call: Call, process: _Process, at: int) -> str | None:
    """The absolute path of the name at this place among the arguments; an empty name is the descriptor itself."""
    arguments = call.arguments(at + 1)
    if len(arguments) <= at or (text := arguments[at].text) is None:
        return None
    base = process.folder.path
    if at and call.name.endswith(("at", "at2")):
        before = arguments[at - 1]
        if before.other == CWD and before.path:
            process.folder.path = before.path
        base = before.path or base
    return _joined(base, text)


def _joined(base: str, name: str) -> str:
    """Without `.` and `//`. A `..` stays: what it leads to depends on the links before it."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return posixpath.join("/" if name.startswith("/") else base, *parts)
