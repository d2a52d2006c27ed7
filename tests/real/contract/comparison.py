"""Deviations of an observation from its scenario, a message for each.

No bound breaks on a busy machine: a client never waits less than it must, and how much longer the machine takes over
it is forgiven."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from contract.observation import Observation, Span
from contract.table import METHODS, Policy

SERVICE = "ameide_core_proto.graph.v1.GraphService"
# gRPC's C core tells a timeout in three digits, rounded up (timeout_encoding.cc), or once more one that it has told
# before and that is up to 3 % longer (hpack_encoder.cc).
ROUNDING_MS, LONGER = 25, 0.03
BUSY_MS = 2000


@dataclass(frozen=True, slots=True)
class Comparison:
    observed: Observation
    policy: Policy
    tenant_id: str

    def findings(self) -> list[str]:
        return [*self._counts(), *self._times(), *self._attempts(), *self._deadlines(), *self._spans()]

    def _counts(self) -> Iterator[str]:
        expected, result, seen = self.observed.scenario.expected, self.observed.result, self.observed.seen
        attempts = expected.attempts
        yield from differs("code", result.code, expected.code)
        yield from differs("attempts", len(seen.attempts), attempts)
        yield from differs("received", result.received, expected.received)
        yield from differs("bytes", result.bytes, expected.bytes)
        yield from differs("created", seen.created, expected.created)
        yield from differs("providerCalls", result.provider_calls, expected.provider_calls)
        yield from differs(
            "userCalls", result.user_calls, attempts if expected.user_calls is None else expected.user_calls
        )
        yield from differs("leaked", result.leaked, False)

    def _times(self) -> Iterator[str]:
        expected, elapsed = self.observed.scenario.expected, self.observed.result.elapsed_ms
        if elapsed < expected.at_least_ms:
            yield f"elapsedMs: found {elapsed}, expected at least {expected.at_least_ms}"
        if expected.at_most_ms is not None and elapsed > expected.at_most_ms:
            yield f"elapsedMs: found {elapsed}, expected at most {expected.at_most_ms}"
        arrivals = pairwise(attempt.at_ms for attempt in self.observed.seen.attempts)
        for number, ((before, after), (least, most)) in enumerate(zip(arrivals, expected.waits_ms, strict=False), 1):
            if not least <= after - before <= most + BUSY_MS:
                yield f"wait {number}: found {after - before:.1f} ms, expected {least} to {most} (+ {BUSY_MS} if busy)"

    def _attempts(self) -> Iterator[str]:
        attempts, scenario = self.observed.seen.attempts, self.observed.scenario
        ids = sorted({attempt.request_id for attempt in attempts})
        if attempts and (len(ids) != 1 or not ids[0]):
            yield f"requestId: found {', '.join(map(repr, ids))}, expected the same one in all attempts"
        for number, attempt in enumerate(attempts, 1):
            prefix = f"attempt {number}: "
            yield from differs(f"{prefix}tenantId", attempt.tenant_id, self.tenant_id)
            yield from differs(f"{prefix}authorized", attempt.authorized, scenario.client.token is None)
            cancelled = scenario.expected.server_cancelled and number == len(attempts)
            yield from differs(f"{prefix}cancelled", attempt.cancelled, cancelled)

    def _deadlines(self) -> Iterator[str]:
        attempts = self.observed.seen.attempts
        for number, attempt in enumerate(attempts, 1):
            prefix = f"attempt {number}: leftMs"
            if self.observed.scenario.streams:
                yield from differs(prefix, attempt.left_ms, None)
                continue
            least = self.policy.timeout_ms - attempt.at_ms - BUSY_MS
            most = self._most_left(number) * (1 + LONGER) + ROUNDING_MS
            if attempt.left_ms is None or not least <= attempt.left_ms <= most:
                yield f"{prefix}: found {attempt.left_ms}, expected {max(least, 0):.0f} to {most:.0f}"

    def _most_left(self, number: int) -> float:
        """An attempt is sent after the one before has arrived, and after a wait; the client has counted since before
        the first one arrived."""
        if number == 1:
            return self.policy.timeout_ms
        before = self.observed.seen.attempts[number - 2].at_ms
        return self.policy.timeout_ms - before - self.policy.least_wait_ms(number - 1)

    def _spans(self) -> Iterator[str]:
        result, attempts = self.observed.result, self.observed.seen.attempts
        codes = self.observed.scenario.codes
        yield from differs("number of spans", len(result.spans), len(codes))
        for number, (span, code) in enumerate(zip(result.spans, codes, strict=False), 1):
            yield from (f"span {number}: {finding}" for finding in self._span(span, code))
        for number, (span, attempt) in enumerate(zip(result.spans, attempts, strict=False), 1):
            if not sent_as(attempt.traceparent, result.trace_id, span.span_id):
                expected = f"that of trace {result.trace_id}, span {span.span_id}, sampled"
                yield f"attempt {number}: traceparent: found {attempt.traceparent!r}, expected {expected}"

    def _span(self, span: Span, code: str) -> Iterator[str]:
        method = METHODS[self.observed.scenario.call]
        attributes = {"rpc.system.name": self.observed.system, "rpc.method": f"{SERVICE}/{method}"}
        if code != "OK":
            attributes |= {"rpc.response.status_code": code, "error.type": code}
        yield from differs("name", span.name, f"{SERVICE}/{method}")
        yield from differs("kind", span.kind, "CLIENT")
        yield from differs("status", span.status, "UNSET" if code == "OK" else "ERROR")
        yield from differs("attributes", dict(span.attributes), attributes)
        yield from differs("traceId", span.trace_id, self.observed.result.trace_id)


def sent_as(traceparent: str, trace_id: str, span_id: str) -> bool:
    """An OpenTelemetry SDK may set further flags: https://www.w3.org/TR/trace-context-2/#trace-flags."""
    parsed = re.fullmatch(f"00-{trace_id}-{span_id}-([0-9a-f]{{2}})", traceparent)
    return parsed is not None and int(parsed[1], 16) & 1 == 1


def differs(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what}: found {found!r}, expected {expected!r}"
