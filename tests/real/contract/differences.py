"""Results that must be equal for the clients of all languages, in every scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract.observation import Observation


def record_of(observed: Observation) -> dict[str, object]:
    """Of a scenario, what has to be the same in each language over each protocol."""
    result, seen = observed.result, observed.seen
    return {
        "code": result.code,
        "attempts": len(seen.attempts),
        "received": result.received,
        "bytes": result.bytes,
        "created": seen.created,
        "providerCalls": result.provider_calls,
        "userCalls": result.user_calls,
        "leaked": result.leaked,
        "requestIds": len({attempt.request_id for attempt in seen.attempts}),
        "tenants": sorted({attempt.tenant_id for attempt in seen.attempts}),
        "authorized": [attempt.authorized for attempt in seen.attempts],
        "cancelled": [attempt.cancelled for attempt in seen.attempts],
        "deadlines": [attempt.left_ms is not None for attempt in seen.attempts],
        "spans": [(span.name, span.kind, span.status, span.portable_attributes) for span in result.spans],
    }


def find_differences(observations: Mapping[str, Observation]) -> Iterator[str]:
    """Of one scenario, by runner: a sentence for each part of the record in which they are not one."""
    records = {runner: record_of(observed) for runner, observed in observations.items()}
    for part in next(iter(records.values())):
        camps: dict[str, list[str]] = {}
        for runner, record in records.items():
            camps.setdefault(repr(record[part]), []).append(runner)
        if len(camps) > 1:
            yield f"{part}: " + "; ".join(f"{value} by {', '.join(runners)}" for value, runners in camps.items())
