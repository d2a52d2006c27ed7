"""What discovery passed over, as a person or a machine reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nox_rings.engine.tables import table
from nox_rings.workspace.visible import PassedOver


def unseen_line(passed_over: Sequence[PassedOver]) -> str:
    """One line of the plan, or nothing. Few paths are named."""
    if not passed_over:
        return ""
    paths = list(dict.fromkeys(each.path for each in passed_over))
    named = ", ".join(paths[:3]) + (", …" if len(paths) > 3 else "")
    return f"{len(paths)} passed over ({named}): nox -s plan -- --unseen\n"


def print_unseen(passed_over: Sequence[PassedOver], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"unseen": [each._asdict() for each in passed_over]}, indent=2))
        return
    if not passed_over:
        print("nothing was passed over")
        return
    rows = [(each.path, each.reason.removeprefix(f"{each.path}: "), each.remedy) for each in passed_over]
    print(table(rows, ("path", "why", "what would change that")))
