"""Targets held against other runs: what a run makes nobody else reads or makes, and what it reads nobody makes anew.

A lock is a file a target (flock(2), which the kernel drops when its holder dies); its lines name who holds it. All take
locks in the order of their files, so no two runs wait for each other."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from nox_rings.engine.errors import RunInterruptedError, StepFailedError

POLL_SECONDS = 0.05
TELL_SECONDS = 1.0  # between two looks at who holds a lock
# A line for each holder of the past: those of a file that grew beyond this are dropped.
MOST_BYTES = 4096


class Holder(NamedTuple):
    """A process that has a lock, since when on the clock of the machine, and for which target."""

    pid: int
    since: str
    target_id: str

    @property
    def line(self) -> str:
        return f"{self.pid} {self.since} {self.target_id}\n"

    def sentence(self, name: str) -> str:
        shown = f"waits for {name}, which process {self.pid} has since {self.since}"
        if self.target_id != name:
            shown += f" for {self.target_id}"
        return f"{shown}; it is stopped: kill -CONT {self.pid}" if is_stopped(self.pid) else shown


class _Held:
    """A lock file that is open and locked, and how many targets of this run have it."""

    def __init__(self, handle: IO[bytes]) -> None:
        self.handle, self.count = handle, 1


class TargetLocks:
    """Of one run; its threads share it. `path` is that of the lock of a name, `interrupted` the signal that ended the
    run, if one did: who waits then stops waiting."""

    def __init__(self, path: Callable[[str], Path], interrupted: Callable[[], int | None] = lambda: None) -> None:
        self._path, self._interrupted = path, interrupted
        self._shared: dict[str, _Held] = {}
        self._lock = threading.Lock()

    @contextmanager
    def held(self, target_id: str, needs: Collection[str], *, say: Callable[[str], None]) -> Iterator[None]:
        """`target_id` alone, `needs` with other readers. Raises StepFailedError where a lock cannot be taken, and
        RunInterruptedError. `say` is called with who is waited for."""
        # Two names may have one file, on a file system that folds case more often.
        by_file = {str(self._path(name)).casefold(): name for name in (*sorted(needs), target_id)}
        with ExitStack() as stack:
            for _, name in sorted(by_file.items()):
                take = self._alone if name == target_id else self._with_others
                stack.enter_context(take(name, target_id, say))
            yield

    @contextmanager
    def _alone(self, name: str, target_id: str, say: Callable[[str], None]) -> Iterator[None]:
        with _opened(self._path(name)) as handle:
            self._wait(handle, fcntl.LOCK_EX, name, say)
            try:
                _write_holder(handle, target_id, alone=True)
                yield
            finally:
                # Closing alone would not do: a child between fork and exec holds the descriptor for a moment longer.
                fcntl.flock(handle, fcntl.LOCK_UN)

    @contextmanager
    def _with_others(self, name: str, target_id: str, say: Callable[[str], None]) -> Iterator[None]:
        """One open file a name, however many targets of this run read it."""
        if not self._joined(name):
            handle = _opened(self._path(name))
            try:
                self._wait(handle, fcntl.LOCK_SH, name, say)
            except BaseException:
                handle.close()
                raise
            _write_holder(handle, target_id, alone=False)
            self._keep(name, handle)
        try:
            yield
        finally:
            self._leave(name)

    def _joined(self, name: str) -> bool:
        with self._lock:
            if found := self._shared.get(name):
                found.count += 1
            return found is not None

    def _keep(self, name: str, handle: IO[bytes]) -> None:
        with self._lock:
            if found := self._shared.get(name):  # another thread was faster
                found.count += 1
                handle.close()
            else:
                self._shared[name] = _Held(handle)

    def _leave(self, name: str) -> None:
        with self._lock:
            held = self._shared[name]
            held.count -= 1
            if not held.count:
                del self._shared[name]
                fcntl.flock(held.handle, fcntl.LOCK_UN)
                held.handle.close()

    def _wait(self, handle: IO[bytes], how: int, name: str, say: Callable[[str], None]) -> None:
        """Asked again and again, because a thread that waits in the kernel hears no signal."""
        said, next_look = "", 0.0
        while True:
            try:
                fcntl.flock(handle, how | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                pass
            if (number := self._interrupted()) is not None:
                raise RunInterruptedError(number)
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + TELL_SECONDS
                sentence = _who_has(handle, name)
                if sentence != said:
                    say(sentence)
                said = sentence
            time.sleep(POLL_SECONDS)


def _who_has(handle: IO[bytes], name: str) -> str:
    handle.seek(0)
    lines = handle.read(2 * MOST_BYTES).decode("utf-8", "replace").splitlines()
    holders = [found for line in lines if (found := parse_holder(line)) and _is_alive(found.pid)]
    return holders[-1].sentence(name) if holders else f"waits for another nox run that has {name}"


def parse_holder(line: str) -> Holder | None:
    """None for a line of another form."""
    pid, _, rest = line.partition(" ")
    since, _, target_id = rest.partition(" ")
    return Holder(int(pid), since, target_id) if pid.isdecimal() and target_id else None


def is_stopped(pid: int) -> bool:
    """By SIGSTOP, or in the background of a terminal (proc_pid_stat(5)). False where the kernel does not tell."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[:1] in (["T"], ["t"])


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _write_holder(handle: IO[bytes], target_id: str, *, alone: bool) -> None:
    """For messages alone: a full disk is no reason not to go on."""
    holder = Holder(os.getpid(), time.strftime("%H:%M:%S"), target_id)
    try:
        if alone or os.fstat(handle.fileno()).st_size > MOST_BYTES:
            os.truncate(handle.fileno(), 0)
        os.write(handle.fileno(), holder.line.encode("utf-8", "replace"))
    except OSError:
        return


def _opened(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+b")
    except OSError as error:
        raise StepFailedError(f"{path}: the lock cannot be taken: {error.strerror or error}") from error
