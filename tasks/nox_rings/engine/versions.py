"""Versions of tools, compared as PEP 440 orders them."""

from __future__ import annotations


def version_at_least(found: str, least: str) -> bool:
    """Whether a tool is new enough; what is no version at all is not."""
    from packaging.version import InvalidVersion, Version  # 13 ms, and only tools from PATH are compared

    try:
        return Version(found) >= Version(least)
    except InvalidVersion:
        return False
