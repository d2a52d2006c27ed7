"""The comparison of the clients reports each deviation of an observation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from contract.comparison import SERVICE, Comparison
from contract.differences import find_differences
from contract.documents import DocumentError
from contract.observation import Attempt, Observation, Result, Seen, Span, load_result
from contract.table import Client, Expected, Policy, Scenario, Server

POLICY = Policy(timeout_ms=5000, initial_backoff_ms=400, backoff_multiplier=2, max_backoff_ms=5000, smallest_factor=0.5)
EXPECTED = Expected(code="OK", attempts=2, received=1, created=1, waits_ms=((200, 600),), at_least_ms=100)
SCENARIO = Scenario(
    name="once more", why="", call="createElement", server=Server(answers=["UNAVAILABLE", "OK"]), expected=EXPECTED
)


def span(span_id: str, status: str, **failed: str) -> Span:
    attributes = {"rpc.system.name": "grpc", "rpc.method": f"{SERVICE}/CreateElement", **failed}
    name = f"{SERVICE}/CreateElement"
    return Span(name=name, kind="CLIENT", status=status, attributes=attributes, trace_id="aa", span_id=span_id)


def attempt(at_ms: float, left_ms: float, span_id: str) -> Attempt:
    return Attempt(
        at_ms=at_ms,
        request_id="r",
        tenant_id="acme",
        authorized=True,
        traceparent=f"00-aa-{span_id}-01",
        left_ms=left_ms,
        cancelled=False,
    )


RESULT = Result(
    code="OK",
    received=1,
    bytes=0,
    provider_calls=1,
    user_calls=2,
    leaked=False,
    elapsed_ms=430,
    spans=[
        span("b1", "ERROR", **{"rpc.response.status_code": "UNAVAILABLE", "error.type": "UNAVAILABLE"}),
        span("b2", "UNSET"),
    ],
    trace_id="aa",
)
SEEN = Seen(created=1, attempts=[attempt(0, 4999, "b1"), attempt(400, 4590, "b2")])
GOOD = Observation(scenario=SCENARIO, system="grpc", result=RESULT, seen=SEEN)
STREAM = replace(GOOD, scenario=replace(SCENARIO, call="watchElements"))


def with_result(**changes: Any) -> Observation:
    return replace(GOOD, result=replace(RESULT, **changes))


def with_second_attempt(**changes: Any) -> Observation:
    first, second = SEEN.attempts
    return replace(GOOD, seen=replace(SEEN, attempts=[first, replace(second, **changes)]))


def with_second_span(**changes: Any) -> Observation:
    first, second = RESULT.spans
    return with_result(spans=[first, replace(second, **changes)])


def expecting(**changes: Any) -> Observation:
    return replace(GOOD, scenario=replace(SCENARIO, expected=replace(EXPECTED, **changes)))


def findings(observed: Observation) -> list[str]:
    return Comparison(observed, POLICY, "acme").findings()


def test_an_expected_observation_has_no_findings() -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("observed", "finding"),
    [
        (with_result(code="ABORTED"), "code: found 'ABORTED', expected 'OK'"),
        (with_result(received=2), "received: found 2, expected 1"),
        (with_result(bytes=1), "bytes: found 1, expected 0"),
        (replace(GOOD, seen=replace(SEEN, created=2)), "created: found 2, expected 1"),
        (with_result(provider_calls=2), "providerCalls: found 2, expected 1"),
        (with_result(user_calls=1), "userCalls: found 1, expected 2"),
        (expecting(user_calls=3), "userCalls: found 2, expected 3"),
        (with_result(leaked=True), "leaked: found True, expected False"),
        (with_result(elapsed_ms=99), "elapsedMs: found 99, expected at least 100"),
        (expecting(at_most_ms=400), "elapsedMs: found 430, expected at most 400"),
        (with_second_attempt(at_ms=199), "wait 1: found 199.0 ms, expected 200 to 600 (+ 2000 if busy)"),
        (with_second_attempt(request_id="s"), "requestId: found 'r', 's', expected the same one in all attempts"),
        (with_second_attempt(tenant_id=""), "attempt 2: tenantId: found '', expected 'acme'"),
        (with_second_attempt(authorized=False), "attempt 2: authorized: found False, expected True"),
        (with_second_attempt(cancelled=True), "attempt 2: cancelled: found True, expected False"),
        (expecting(server_cancelled=True), "attempt 2: cancelled: found False, expected True"),
        (with_second_attempt(left_ms=5000), "attempt 2: leftMs: found 5000, expected 2600 to 4969"),
        (with_second_attempt(left_ms=2599), "attempt 2: leftMs: found 2599, expected 2600 to 4969"),
        (with_second_attempt(left_ms=None), "attempt 2: leftMs: found None, expected 2600 to 4969"),
        (STREAM, "attempt 1: leftMs: found 4999, expected None"),
        (with_result(spans=RESULT.spans[:1]), "number of spans: found 1, expected 2"),
        (with_second_span(name="Create"), f"span 2: name: found 'Create', expected '{SERVICE}/CreateElement'"),
        (with_second_span(kind="INTERNAL"), "span 2: kind: found 'INTERNAL', expected 'CLIENT'"),
        (with_second_span(status="OK"), "span 2: status: found 'OK', expected 'UNSET'"),
        (with_second_span(trace_id="cc"), "span 2: traceId: found 'cc', expected 'aa'"),
        (
            with_second_span(span_id="b3"),
            "attempt 2: traceparent: found '00-aa-b2-01', expected that of trace aa, span b3, sampled",
        ),
        (
            with_second_attempt(traceparent="00-aa-b2-02"),
            "attempt 2: traceparent: found '00-aa-b2-02', expected that of trace aa, span b2, sampled",
        ),
        (
            with_second_attempt(traceparent=""),
            "attempt 2: traceparent: found '', expected that of trace aa, span b2, sampled",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_deviation_is_reported(observed: Observation, finding: str) -> None:
    assert finding in findings(observed)


def test_attributes_are_all_that_a_span_has() -> None:
    first, second = RESULT.spans
    more = with_second_span(attributes={**second.attributes, "token": "t"})
    assert [each[:19] for each in findings(more)] == ["span 2: attributes:"]
    less = with_result(spans=[replace(first, attributes=second.attributes), second])
    assert [each[:19] for each in findings(less)] == ["span 1: attributes:"]
    assert [each[:19] for each in findings(replace(GOOD, system="connectrpc"))] == [
        "span 1: attributes:",
        "span 2: attributes:",
    ]


def test_attempts_are_counted_and_one_without_a_request_id_is_reported() -> None:
    once = replace(GOOD, seen=replace(SEEN, attempts=SEEN.attempts[:1]))
    assert findings(once) == ["attempts: found 1, expected 2"]
    nameless = replace(GOOD, seen=replace(SEEN, attempts=[replace(each, request_id="") for each in SEEN.attempts]))
    assert findings(nameless) == ["requestId: found '', expected the same one in all attempts"]


def test_an_attempt_ends_as_the_server_answers_and_the_last_one_otherwise_as_the_call_does() -> None:
    def codes(answers: list[str], attempts: int, code: str) -> list[str]:
        expected = Expected(code=code, attempts=attempts, received=0)
        return replace(SCENARIO, server=Server(answers=answers), expected=expected).codes

    assert codes(["UNAVAILABLE"], 3, "UNAVAILABLE") == ["UNAVAILABLE"] * 3
    assert codes(["UNAVAILABLE", "NEVER"], 2, "DEADLINE_EXCEEDED") == ["UNAVAILABLE", "DEADLINE_EXCEEDED"]
    assert codes(["UNAVAILABLE"], 1, "CANCELLED") == ["UNAVAILABLE"]
    assert codes(["OK"], 1, "CANCELLED") == ["CANCELLED"]
    assert codes(["OK"], 0, "UNAUTHENTICATED") == []


def test_further_flags_of_a_trace_are_no_matter() -> None:
    assert findings(with_second_attempt(traceparent="00-aa-b2-03")) == []


def test_a_client_cancels_only_the_last_attempt() -> None:
    left = with_second_attempt(cancelled=True)
    expected = replace(EXPECTED, server_cancelled=True)
    assert findings(replace(left, scenario=replace(SCENARIO, expected=expected))) == []


def test_a_token_of_its_own_is_not_authorized() -> None:
    stolen = replace(GOOD, scenario=replace(SCENARIO, client=Client(token="stolen")))
    assert findings(stolen)[0] == "attempt 1: authorized: found True, expected False"


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (with_result(user_calls=1), "userCalls: 2 by go, ts; 1 by python"),
        (with_second_attempt(request_id="s"), "requestIds: 1 by go, ts; 2 by python"),
        (with_second_attempt(left_ms=None), "deadlines: [True, True] by go, ts; [True, False] by python"),
    ],
)
def test_runners_that_differ_are_named_with_what_they_did(other: Observation, difference: str) -> None:
    assert list(find_differences({"go": GOOD, "ts": GOOD, "python": other})) == [difference]


def test_only_the_protocol_may_differ() -> None:
    spans = [replace(each, attributes={**each.attributes, "rpc.system.name": "connectrpc"}) for each in RESULT.spans]
    assert list(find_differences({"go": GOOD, "ts": with_result(spans=spans)})) == []
    spans = [replace(each, status="OK") for each in RESULT.spans]
    assert [each[:6] for each in find_differences({"go": GOOD, "ts": with_result(spans=spans)})] == ["spans:"]


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        (None, "r: found None, expected an object"),
        ({"code": "OK"}, "r: found no bytes, elapsedMs, leaked, providerCalls, received, spans, traceId, userCalls"),
        ({"Code": "OK"}, "r: found unknown Code, expected code, received, bytes, providerCalls, userCalls, leaked"),
    ],
)
def test_what_a_runner_prints_has_the_shape_agreed_upon(printed: Mapping[str, Any] | None, message: str) -> None:
    with pytest.raises(DocumentError) as raised:
        load_result(printed, "r")
    assert str(raised.value).startswith(message)
