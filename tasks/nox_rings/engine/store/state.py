"""What earlier runs found and did: one JSON file, written atomically, merged under a lock.

Shape: {"schema": 2, "records": {ID: record}, "files": {PATH: [size, mtime_ns, inode, digest]},
"snapshot": {"key": …, "targets": […]}, "baselines": {"key": …, "of": {FOLDER: […]}}}. An unreadable or older file
counts as none: everything is built anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from nox_rings.engine.layout import Layout
from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.process.locks import file_lock, write_atomically

SCHEMA = 2


@dataclass(kw_only=True)
class State:
    layout: Layout
    records: dict[str, Record] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)
    snapshot: dict[str, Any] = field(default_factory=dict)
    baselines: dict[str, Any] = field(default_factory=dict)

    def save_record(self, target_id: str, record: Record) -> None:
        """Merge one record into the file; other processes' records stay."""
        self.records[target_id] = record
        with file_lock(self.layout.lock("state")):
            document = _read(self.layout)
            document["records"][target_id] = _rendered(record)
            document["files"].update(self.files)
            self._write(document)

    def refresh(self) -> None:
        """Take over what other processes recorded since; what we recorded is in the file as well."""
        self.records.update(load_state(self.layout).records)

    def save_files(self) -> None:
        """Merge file digests and the snapshot."""
        with file_lock(self.layout.lock("state")):
            document = _read(self.layout)
            document["files"] = self.files
            document["snapshot"], document["baselines"] = self.snapshot, self.baselines
            self._write(document)

    def _write(self, document: Mapping[str, Any]) -> None:
        text = json.dumps(document, separators=(",", ":"))  # ASCII: a file name may be no UTF-8
        write_atomically(self.layout.state_file, text.encode())


def load_state(layout: Layout) -> State:
    document = _read(layout)
    return State(
        layout=layout,
        records={
            target_id: record
            for target_id, found in document["records"].items()
            if (record := _parsed(found)) is not None
        },
        files=document["files"],
        snapshot=document["snapshot"],
        baselines=document["baselines"],
    )


def _read(layout: Layout) -> dict[str, Any]:
    empty: dict[str, Any] = {"schema": SCHEMA, "records": {}, "files": {}, "snapshot": {}, "baselines": {}}
    try:
        document = json.loads(layout.state_file.read_bytes())
    except (OSError, ValueError):
        return empty
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        return empty
    whole = all(isinstance(document.get(part), dict) for part in ("records", "files", "snapshot", "baselines"))
    return document if whole else empty


def _rendered(record: Record) -> dict[str, Any]:
    return asdict(record)


def _parsed(record: Any) -> Record | None:
    """None for a record of another version of this code."""
    try:
        return Record(**{**record, "facts": Facts(**record["facts"])})
    except (KeyError, TypeError):
        return None
