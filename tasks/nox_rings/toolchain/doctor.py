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
    """`wanted` and `found` are versions or short words, `where` a path, `how` the way to get it, `origin` who decides
    the version: what pins it, or PATH."""

    name: str
    wanted: str
    found: str = ""
    where: str = ""
    how: str = ""
    condition: Condition = Condition.OK
    origin: str = ""

    @property
    def problem(self) -> str:
        """One that blocks, as a sentence."""
        found = f"{self.found or 'no version'} ({self.where})" if self.where else "none on PATH"
        least = f" {self.wanted.removeprefix('>= ')} or later" if self.wanted.startswith(">= ") else ""
        return f"{self.name}: found {found}, expected {self.name}{least}; {self.how}"

    @property
    def blocks(self) -> bool:
        return self.condition in (Condition.MISSING, Condition.TOO_OLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorReport:
    """`problem` is why the targets of the workspace could not be found; then the rows have none of their tools."""

    rows: tuple[ToolStatus, ...]
    problem: str = ""

    @property
    def ok(self) -> bool:
        return not self.problem and not any(row.blocks for row in self.rows)


def as_json(report: DoctorReport) -> dict[str, object]:
    rows = [asdict(row) | {"condition": str(row.condition)} for row in report.rows]
    return {"ok": report.ok, "tools": rows, **({"problem": report.problem} if report.problem else {})}


def verdict(report: DoctorReport) -> str:
    blocking = [row for row in report.rows if row.blocks]
    why = [names for condition in Condition if (names := _named(blocking, condition))]
    if report.problem:
        why.append(f"the targets of this workspace are not known: {report.problem}")
    if why:
        return f"the sessions cannot run: {'; '.join(why)}"
    later = [row.name for row in report.rows if row.condition is Condition.INSTALLABLE]
    return f"the sessions can run; installed on first need: {', '.join(later)}" if later else "the sessions can run"


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
