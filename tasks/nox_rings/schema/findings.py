"""What the checks of ring 0 find."""

from __future__ import annotations

from enum import StrEnum


class FindingKind(StrEnum):
    """The set a machine may branch on; `rule` of a finding is more exact where a tool names its rules."""

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
