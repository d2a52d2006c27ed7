"""What a check found: where, what kind, in which words, and the command that puts it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FindingKind(StrEnum):
    """The closed set a machine may branch on; `rule` of a finding says more where a tool has names of its own."""

    INVALID_SCHEMA = "invalid-schema"
    UNFORMATTED = "unformatted"
    LINT = "lint"
    BREAKING = "breaking"
    DELETED_FIELD = "deleted-field"
    RENUMBERED_FIELD = "renumbered-field"
    EXPIRED_EXCEPTION = "expired-exception"
    UNUSED_EXCEPTION = "unused-exception"
    FOREIGN_TEMPLATE = "foreign-template"
    UNAPPROVED_ROOT = "unapproved-root"
    MISSING_PLUGIN = "missing-plugin"
    PLUGIN_FAILED = "plugin-failed"
    NOTHING_INSPECTED = "nothing-inspected"
    SCHEMA_DRIFT = "schema-drift"
    TEMPLATE_DRIFT = "template-drift"
    PLUGIN_DRIFT = "plugin-drift"
    HAND_EDIT = "hand-edit"
    STRAY_FILE = "stray-file"
    MISSING = "missing"
    FOREIGN_SIBLING = "foreign-sibling"
    CONTRACT = "contract"
    UNINSTALLABLE = "uninstallable"
    CONSUMER_ERROR = "consumer-error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`path` is relative to the workspace, `line` counts from 1 and is 0 where there is none. `rule` is the tool's own
    name for it (`FIELD_NO_DELETE`), `fix` the command to run or the edit to make."""

    kind: FindingKind
    path: str
    message: str
    line: int = 0
    rule: str = ""
    fix: str = ""

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        rule = f" ({self.rule})" if self.rule else ""
        return f"{self.place}: {self.kind}: {self.message}{rule}"

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"kind": str(self.kind), "path": self.path, "message": self.message, "fix": self.fix}
        return shown | ({"line": self.line} if self.line else {}) | ({"rule": self.rule} if self.rule else {})


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each once, by place, so that every run tells them alike."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda each: (each.path, each.line, each.kind, each.message)))
