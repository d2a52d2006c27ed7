"""What a check found: the location, the kind, a message, and the command that fixes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`kind` is one of the kinds that the capability defines. `path` is relative to the workspace, `line` counts from 1
    and is 0 where there is none. `rule` is the tool's own name for it (`FIELD_NO_DELETE`), `fix` the command to run or
    the edit to make."""

    kind: str
    path: str
    message: str
    line: int = 0
    rule: str = ""
    fix: str = ""

    @property
    def location(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        rule = f" ({self.rule})" if self.rule else ""
        return f"{self.location}: {self.kind}: {self.message}{rule}"

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"kind": str(self.kind), "path": self.path, "message": self.message, "fix": self.fix}
        return shown | ({"line": self.line} if self.line else {}) | ({"rule": self.rule} if self.rule else {})


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without duplicates and sorted by location, so that every run reports the same list."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda each: (each.path, each.line, each.kind, each.message)))
