"""What `doctor` prints: one row for each thing the sessions want, and whether they can run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

from nox_rings.engine.tables import table


class Condition(StrEnum):
    OK = "ok"
    INSTALLABLE = "installed on first need"
    OPTIONAL = "optional"
    MISSING = "missing"
    TOO_OLD = "too old"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolStatus:
    """`wanted` and `found` are versions or short words, `where` a path, `how` the way to get it."""

    name: str
    wanted: str
    found: str = ""
    where: str = ""
    how: str = ""
    condition: Condition = Condition.OK

    @property
    def blocks(self) -> bool:
        return self.condition in (Condition.MISSING, Condition.TOO_OLD)


def can_run(rows: Iterable[ToolStatus]) -> bool:
    return not any(row.blocks for row in rows)


def as_json(rows: Iterable[ToolStatus]) -> dict[str, object]:
    listed = list(rows)
    return {"ok": can_run(listed), "tools": [asdict(row) | {"condition": str(row.condition)} for row in listed]}


def verdict(rows: Iterable[ToolStatus]) -> str:
    listed = list(rows)
    blocking = [row for row in listed if row.blocks]
    if blocking:
        why = [names for condition in Condition if (names := _named(blocking, condition))]
        return f"the sessions cannot run: {'; '.join(why)}"
    later = [row.name for row in listed if row.condition is Condition.INSTALLABLE]
    return f"the sessions can run; {', '.join(later)} come on first need" if later else "the sessions can run"


def table_lines(rows: Iterable[ToolStatus], *, root: str = "") -> list[str]:
    """The table as plain text: columns as wide as their widest cell, paths below `root` without it."""
    head = ("tool", "wanted", "found", "where", "how to get it")
    cells = [
        (
            row.name,
            row.wanted,
            row.found or ("there" if row.where else "-"),
            row.where.removeprefix(f"{root}/" if root else "") or "-",
            _how(row),
        )
        for row in rows
    ]
    return table(cells, head).splitlines()


def _named(rows: list[ToolStatus], condition: Condition) -> str:
    names = ", ".join(row.name for row in rows if row.condition is condition)
    return f"{names} {condition}" if names else ""


def _how(row: ToolStatus) -> str:
    if row.condition is Condition.OK:
        return ""
    return f"{row.condition}: {row.how}" if row.how else str(row.condition)
