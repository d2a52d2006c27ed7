"""What earlier runs found and did, below `.nox-rings/state/`:

    records/ID.json     a target's last success, or that it is unfinished (records.py)
    digests.jsonl       the digests of the files that runs read (digest_log.py)
    snapshot.json       the graph as it was derived: {"key": …, "targets": […], "versions": […], "passed_over": […],
                        "programs": {TOOL: …}}
    baselines.json      what schemas are compared with: {"key": …, "of": {FOLDER: […]}}

Every file is replaced in one rename or only ever appended to, so readers need no lock. Whatever else is found there
counts as none and is replaced: everything is built anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nox_rings.engine.errors import StepFailedError
from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.records import Record
from nox_rings.engine.process.locks import file_lock, write_atomically
from nox_rings.engine.store.digest_log import KnownDigests, append_digests, compact_digests, load_digests
from nox_rings.engine.store.lines import load_line, render_line
from nox_rings.engine.store.records import Records, render_record

SNAPSHOT_SHAPE: dict[str, type] = {"key": str, "targets": list, "versions": list, "passed_over": list}
BASELINES_SHAPE: dict[str, type] = {"key": str, "of": dict}
# What kept all of this in one file before.
FORMER_FILE = "state.json"


@dataclass(kw_only=True)
class State:
    layout: Layout
    records: Records
    files: KnownDigests
    snapshot: dict[str, Any]
    baselines: dict[str, Any]

    def save_record(self, target_id: str, record: Record) -> None:
        """The record, and the digests of the files that were read for it. Raises StepFailedError."""
        self.records.keep(target_id, record)
        path = self.records.path(target_id)
        try:
            self._replace(path, render_record(target_id, record))
        except OSError as error:
            at = path.parent.relative_to(self.layout.root)
            raise StepFailedError(
                f"{at}: the record of {target_id} cannot be written: {error.strerror or error}",
                hint=f"df -h {at.parts[0]} && ls -ld {at}",
            ) from error
        self.save_files()

    def refresh(self, target_ids: Iterable[str]) -> None:
        """Take over what other processes recorded of these targets since."""
        self.records.refresh(target_ids)

    def save_files(self) -> None:
        """Append the digests of the files that were read since the last time."""
        log = self.layout.state / "digests.jsonl"
        if not (entries := self.files.take_unsaved()):
            return
        with _dispensable(), file_lock(self.layout.lock("state")):
            if log.is_file() and not self.files.has_to_be_compacted:
                with suppress(PermissionError):  # a file that may only be read is replaced
                    append_digests(log, entries)
                    return
            self.files.replaced = 0
            self._with_room(log, lambda: compact_digests(log, entries))

    def save_snapshot(self, snapshot: dict[str, Any]) -> None:
        self.snapshot = snapshot
        self._save_dispensable("snapshot.json", snapshot)
        self.save_files()

    def save_baselines(self) -> None:
        self._save_dispensable("baselines.json", self.baselines)

    def _save_dispensable(self, name: str, document: dict[str, Any]) -> None:
        with _dispensable():
            self._replace(self.layout.state / name, render_line(document))

    def _replace(self, path: Path, data: bytes) -> None:
        if self.layout.state.is_dir():
            try:
                write_atomically(path, data)
                return
            except (FileExistsError, NotADirectoryError, IsADirectoryError):
                pass
        with file_lock(self.layout.lock("state")):
            self._with_room(path, lambda: write_atomically(path, data))

    def _with_room(self, path: Path, write: Callable[[], None]) -> None:
        """Remove what is in the way of a file, and what kept the state before. To be called under the lock."""
        for folder in (self.layout.state, path.parent):
            if not folder.is_dir():
                _remove(folder)
                _remove(self.layout.own / FORMER_FILE)
                folder.mkdir(parents=True, exist_ok=True)  # a writer without the lock may make it too
        if not path.is_file():
            _remove(path)
        write()


def load_state(layout: Layout) -> State:
    return State(
        layout=layout,
        records=Records(layout.state / "records"),
        files=load_digests(layout.state / "digests.jsonl"),
        snapshot=_loaded(layout.state / "snapshot.json", SNAPSHOT_SHAPE),
        baselines=_loaded(layout.state / "baselines.json", BASELINES_SHAPE),
    )


def _loaded(path: Path, shape: dict[str, type]) -> dict[str, Any]:
    document = load_line(path)
    if not isinstance(document, dict) or not all(isinstance(document.get(key), of) for key, of in shape.items()):
        return {}
    return document


@contextmanager
def _dispensable() -> Iterator[None]:
    """Without it the next run takes longer, and that is all: a question is answered on a full disk and in a tree that
    may only be read, while a run fails at its first record."""
    with suppress(OSError, StepFailedError):
        yield


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
