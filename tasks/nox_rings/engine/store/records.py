"""The records of targets, a file each: what a target costs does not grow with the number of targets.

A file is one line (lines.py) of {"schema": 4, "id": ID, "record": {…}}. It is read when its target is first asked for,
and again on `refresh`. One that cannot be read, or that another version wrote, counts as none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

from nox_rings.engine.plan.records import Facts, Record
from nox_rings.engine.store.lines import load_line, render_line

SCHEMA = 4
READABLE_CHARACTERS = 60
# The fields of each with a value of their type.
FACTS_SHAPE: Mapping[str, Any] = {each.name: getattr(Facts(), each.name) for each in fields(Facts)}
RECORD_SHAPE: Mapping[str, Any] = {each.name: getattr(Record(facts=Facts()), each.name) for each in fields(Record)}


class Records(Mapping[str, Record]):
    """Target id → record, as far as asked for. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Record] = {}
        self._lock = Lock()  # or a slow reader could put back what a writer has just replaced

    def path(self, target_id: str) -> Path:
        """Readable for people, and unique on file systems that fold case or limit the length of a name."""
        readable = re.sub(r"[^A-Za-z0-9.]+", "-", target_id)[:READABLE_CHARACTERS]
        unique = blake2b(target_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return self._folder / f"{readable}.{unique}.json"

    def keep(self, target_id: str, record: Record) -> None:
        """From here on the record of this target; its file is written by the caller."""
        with self._lock:
            self._known[target_id] = record

    def refresh(self, target_ids: Iterable[str]) -> None:
        """Read these records again when they are next asked for: another process may have replaced them."""
        with self._lock:
            for target_id in target_ids:
                self._known.pop(target_id, None)

    def __getitem__(self, target_id: str) -> Record:
        with self._lock:
            if target_id not in self._known:
                found = _parsed(load_line(self.path(target_id)))
                if found is None or found[0] != target_id:
                    raise KeyError(target_id)
                self._known[target_id] = found[1]
            return self._known[target_id]

    def __iter__(self) -> Iterator[str]:
        """Every target that has a record. Reads all files."""
        for path in sorted(self._folder.glob("*.json")):
            if found := _parsed(load_line(path)):
                yield found[0]

    def __len__(self) -> int:
        return sum(1 for _ in self)


def render_record(target_id: str, record: Record) -> bytes:
    document = {**_rendered(record), "facts": _rendered(record.facts)}
    return render_line({"schema": SCHEMA, "id": target_id, "record": document})


def _rendered(value: Record | Facts) -> dict[str, Any]:
    """As `dataclasses.asdict`, which would copy every path and digest."""
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _parsed(document: Any) -> tuple[str, Record] | None:
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        return None
    target_id, record = document.get("id"), document.get("record")
    if not isinstance(target_id, str) or not isinstance(record, dict) or "facts" not in record:
        return None
    if not _has_shape(record["facts"], FACTS_SHAPE):
        return None
    record["facts"] = Facts(**record["facts"])
    return (target_id, Record(**record)) if _has_shape(record, RECORD_SHAPE) else None


def _has_shape(found: Any, shape: Mapping[str, Any]) -> bool:
    """The same fields, each of the same type. A mapping holds texts only."""
    if type(found) is not dict or found.keys() != shape.keys():
        return False
    for name, value in found.items():
        if type(value) is not type(shape[name]) and not (type(value) is int and type(shape[name]) is float):
            return False
        if type(value) is dict and not set(map(type, value.values())) <= {str}:
            return False
    return True
