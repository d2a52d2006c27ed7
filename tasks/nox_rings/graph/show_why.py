"""An answer to `why` as a person or a machine reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from nox_rings.engine.plan.changes import Change
from nox_rings.engine.plan.reasons import Reason
from nox_rings.engine.tables import table
from nox_rings.graph.why import Answer

SHOWN = 20  # changes
DIGITS = 12  # of a digest, of 32


def print_answer(answer: Answer, *, as_json: bool) -> None:
    print(json.dumps(_document(answer), indent=2) if as_json else "\n".join(_lines(answer)))


def print_path(path: tuple[str, ...], one: str, other: str, *, as_json: bool) -> None:
    """How the one depends on the other, or the other on the one; an empty path is an answer too."""
    if as_json:
        print(json.dumps({"path": list(path)}, indent=2))
    elif path:
        print(" → ".join(path))
    else:
        print(f"{one} and {other}: neither depends on the other")


def _lines(answer: Answer) -> Iterator[str]:
    target, reason = answer.planned.target, answer.planned.reason
    yield f"{target.id}: {'would run: ' if answer.planned.runs else ''}{reason}"
    yield from (f"  {each}" for each in reason.detail[1:] if len(answer.chain) == 1 and not answer.changes)
    if len(answer.chain) > 1:
        yield "  because of"
        yield from (f"    {each.id}: {each.reason}" for each in answer.chain[1:])
    if answer.changes:
        yield "changed since it was last made"
        yield from _changes(answer.changes)
    if len(answer.chain) > 1 and answer.cause:
        yield f"changed since {answer.chain[-1].id} was last made"
        yield from _changes(answer.cause)
    inputs = answer.inputs
    yield f"made of {inputs.files} files" + (f", parts of {len(inputs.parts)} more" if inputs.parts else "")
    named = (
        ("tools", [f"{name} {version}" for name, version in inputs.tools.items()]),
        ("variables", inputs.variables),
        ("depends on", inputs.dependencies),
    )
    yield from (f"  {title}: {', '.join(words)}" for title, words in named if words)
    if answer.remedy:
        yield f"fresh again: {answer.remedy}"


def _changes(changes: tuple[Change, ...]) -> Iterator[str]:
    rows = [(f"  {each.kind}", each.key, f"{_short(each.then)} → {_short(each.now)}") for each in changes[:SHOWN]]
    head = ("  what", "of", "then → now")
    yield table(rows, head)
    if len(changes) > SHOWN:
        yield f"  and {len(changes) - SHOWN} more: --json"


def _short(value: str) -> str:
    """Versions are shown whole, digests by their beginning."""
    is_digest = len(value) >= 2 * DIGITS and all(each in "0123456789abcdef" for each in value)
    return value[:DIGITS] if is_digest else value or "none"


def _document(answer: Answer) -> Mapping[str, object]:
    target = answer.planned.target
    return {
        "id": target.id,
        "kind": target.kind.name,
        "place": target.path,
        "runs": answer.planned.runs,
        "built": answer.built,
        **_reason(answer.planned.reason),
        "chain": [{"id": each.id, **_reason(each.reason)} for each in answer.chain],
        "changes": [each._asdict() for each in answer.changes],
        "cause": [each._asdict() for each in answer.cause],
        "inputs": answer.inputs._asdict(),
        "remedy": answer.remedy,
    }


def _reason(reason: Reason) -> Mapping[str, object]:
    return {"reason": str(reason.kind), "reason_detail": list(reason.detail)}
