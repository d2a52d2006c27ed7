"""Lines of [tool.nox-rings], added to a pyproject.toml that is otherwise left as it is, to the last space."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_TABLE = r'^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*"?nox-rings"?{}[ \t]*\][ \t]*(#.*)?$'


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A text value. `table` is the name of a table below tool.nox-rings, or empty; `why` is the comment above it."""

    key: str
    value: str
    why: str
    table: str = ""

    @property
    def header(self) -> str:
        return f"[tool.nox-rings.{self.table}]" if self.table else "[tool.nox-rings]"

    @property
    def lines(self) -> tuple[str, ...]:
        return (f"# {self.why}", f"{self.key} = {json.dumps(self.value, ensure_ascii=False)}")


def with_settings(text: str, settings: Sequence[Setting]) -> str | None:
    """`text` with those settings that it has not. None where the table is written in a form that lines cannot be added
    to (an inline table, dotted keys)."""
    document = tomllib.loads(text)
    for setting in settings:
        if setting.key in _table(document, setting):
            continue
        text = _with_lines(text, setting)
        document = _expected(document, setting)
        if _parsed(text) != document:
            return None
    return text


def _with_lines(text: str, setting: Setting) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    header = re.compile(_TABLE.format(rf"[ \t]*\.[ \t]*{re.escape(setting.table)}" if setting.table else ""))
    place = next((number for number, line in enumerate(lines) if header.match(line)), None)
    if place is None:
        above = text if not text or text.endswith(newline) else f"{text}{newline}"
        return above + newline.join([*([""] if text else []), setting.header, *setting.lines, ""])
    return newline.join([*lines[: place + 1], *setting.lines, *lines[place + 1 :]])


def _table(document: dict[str, Any], setting: Setting) -> dict[str, Any]:
    ours: dict[str, Any] = document.get("tool", {}).get("nox-rings", {})
    return ours.get(setting.table, {}) if setting.table else ours


def _expected(document: dict[str, Any], setting: Setting) -> dict[str, Any]:
    """The document with the setting, and nothing else changed."""
    tool = document.get("tool", {})
    added = {**_table(document, setting), setting.key: setting.value}
    ours = {**tool.get("nox-rings", {}), setting.table: added} if setting.table else added
    return {**document, "tool": {**tool, "nox-rings": ours}}


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
