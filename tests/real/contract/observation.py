"""The observation of a scenario: what the client printed and what the server recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contract.documents import load_document
from contract.table import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    name: str
    kind: str
    status: str
    attributes: Mapping[str, object]
    trace_id: str
    span_id: str

    @property
    def portable_attributes(self) -> dict[str, object]:
        """Less what differs with the protocol."""
        return {name: value for name, value in sorted(self.attributes.items()) if name != "rpc.system.name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    code: str
    received: int
    bytes: int
    provider_calls: int
    user_calls: int
    leaked: bool
    elapsed_ms: float
    spans: Sequence[Span]
    trace_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    at_ms: float
    request_id: str
    tenant_id: str
    authorized: bool
    traceparent: str
    left_ms: float | None
    cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    created: int
    attempts: Sequence[Attempt]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """`system` is the value that `rpc.system.name` has for this runner."""

    scenario: Scenario
    system: str
    result: Result
    seen: Seen


def load_result(found: object, location: str) -> Result:
    result = load_document(Result, found, location)
    return replace(result, spans=[load_document(Span, each, f"{location}: spans") for each in result.spans])


def load_seen(found: object, location: str) -> Seen:
    seen = load_document(Seen, found, location)
    return replace(seen, attempts=[load_document(Attempt, each, f"{location}: attempts") for each in seen.attempts])
