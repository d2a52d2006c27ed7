"""What the checks of members and of packed artifacts find."""

from __future__ import annotations

from enum import StrEnum


class FindingKind(StrEnum):
    """The closed set for programs that read reports; `rule` of a finding is more specific."""

    FOREIGN_SIBLING = "foreign-sibling"
    CONTRACT = "contract"
    UNINSTALLABLE = "uninstallable"
    CONSUMER_ERROR = "consumer-error"
    NOTHING_INSPECTED = "nothing-inspected"
