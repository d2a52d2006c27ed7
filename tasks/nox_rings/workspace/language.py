"""The languages of members. A page of its own, because the menu needs it and nothing else of the workspace."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    TS = "ts"
    GO = "go"
    PY = "py"


# What builds and installs the members of a language.
TOOLS = {Language.TS: ("node", "pnpm"), Language.GO: ("go",), Language.PY: ("uv",)}
