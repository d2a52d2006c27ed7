"""What the checks of members and of packed artifacts find."""

from __future__ import annotations

from enum import StrEnum


class FindingKind(StrEnum):
    """The set a machine may branch on; `rule` of a finding says more."""

    FOREIGN_SIBLING = "foreign-sibling"
    CONTRACT = "contract"
    UNINSTALLABLE = "uninstallable"
    CONSUMER_ERROR = "consumer-error"
    NOTHING_INSPECTED = "nothing-inspected"
