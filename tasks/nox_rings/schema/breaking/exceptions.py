"""`[[tool.nox-rings.proto.exceptions]]` as exceptions with their location in pyproject.toml."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nox_rings.schema.breaking.model import BreakingException
from nox_rings.workspace.config import ProtoException

HEADER = "[[tool.nox-rings.proto.exceptions]]"
LOCATION = "tool.nox-rings.proto.exceptions"


def located_exceptions(configured: Sequence[ProtoException], pyproject: str) -> tuple[BreakingException, ...]:
    """`pyproject` is the text the entries come from. If more or fewer headers than entries are found in it, no entry
    has a line: a header may be spelt in a way that is not looked for, or stand inside of a string."""
    bare = (re.sub(r"[\s\"']", "", line) for line in pyproject.split("\n"))
    found = [number for number, line in enumerate(bare, 1) if line.startswith(HEADER)]
    lines = found if len(found) == len(configured) else [0] * len(configured)
    return tuple(
        BreakingException(
            rule=each.rule,
            path=each.path,
            reason=each.reason,
            until=each.until,
            message=each.message,
            location=f"{LOCATION}[{index}]",
            line=line,
        )
        for index, (each, line) in enumerate(zip(configured, lines, strict=True))
    )
