"""What a change concerns, as a person or a machine reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from nox_rings.engine.plan.graph import Graph
from nox_rings.engine.plan.reasons import Reason
from nox_rings.engine.tables import table
from nox_rings.graph.base import Base


def print_affected(
    graph: Graph, base: Base, found: Mapping[str, Reason], removed: Sequence[str], *, as_json: bool
) -> None:
    """Without a base all targets are affected, each for the reason that there is none."""
    if as_json:
        print(json.dumps(_document(graph, base, found, removed), indent=2))
        return
    print(f"compared with {base.commit[:12]}, {base.why}" if base.commit else f"everything: {base.why}")
    rows = [(str(graph.targets[each].ring), each, str(reason)) for each, reason in found.items()]
    if rows:
        print(table(rows, ("ring", "target", "why")))
    for each in removed:
        print(f"removed: {each}")
    print(f"{len(found)} of {len(graph.targets)} targets are affected")


def _document(graph: Graph, base: Base, found: Mapping[str, Reason], removed: Sequence[str]) -> Mapping[str, object]:
    return {
        "base": base.commit,
        "base_reason": base.why,
        "everything": not base.commit,
        "targets": [
            {
                "id": each,
                "kind": graph.targets[each].kind.name,
                "ring": graph.targets[each].ring,
                "place": graph.targets[each].path,
                "reason": str(reason.kind),
                "reason_detail": list(reason.detail),
            }
            for each, reason in found.items()
        ],
        "removed": list(removed),
    }
