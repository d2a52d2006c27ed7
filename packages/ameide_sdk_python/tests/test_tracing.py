"""Client spans, with an OpenTelemetry SDK and without one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from ameide_sdk import AmeideClient, RetryPolicy
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_pb2 import Element
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2 import CreateElementRequest, WatchElementsRequest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from served_platform import PATIENCE_SECONDS, Platform

SERVICE = "ameide_core_proto.graph.v1.GraphService"
HASTY = RetryPolicy(initial_backoff_seconds=0.001)
WISH = CreateElementRequest(element=Element(name="Billing"))
SECRET = "hidden-7f3a"


class Spans(InMemorySpanExporter):
    def ended(self, number: int) -> list[ReadableSpan]:
        """gRPC tells the reader of a stream that it is over before it tells the SDK."""
        end = time.monotonic() + PATIENCE_SECONDS
        while len(self.get_finished_spans()) < number and time.monotonic() < end:
            time.sleep(0.005)
        found = sorted(self.get_finished_spans(), key=lambda span: span.start_time or 0)
        assert len(found) == number
        return found


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spans]:
    """An SDK for one test: OpenTelemetry lets a program choose its own only once."""
    spans, provider = Spans(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    yield spans
    provider.shutdown()


def traceparent(span: ReadableSpan) -> tuple[str, str]:
    context = span.get_span_context()
    assert context is not None
    return trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)


def sent(platform: Platform) -> list[tuple[str, str]]:
    found = []
    for arrival in platform.arrivals:
        _, trace_id, span_id, _ = arrival.metadata["traceparent"].split("-")
        found.append((trace_id, span_id))
    return found


def test_a_call_is_a_client_span_that_travels(create: Callable[..., Element], platform: Platform, spans: Spans) -> None:
    create(token=SECRET)
    (span,) = spans.ended(1)
    assert (span.name, span.kind) == (f"{SERVICE}/CreateElement", trace.SpanKind.CLIENT)
    assert dict(span.attributes or {}) == {
        "rpc.system.name": "grpc",
        "rpc.method": f"{SERVICE}/CreateElement",
    }
    assert span.status.status_code is trace.StatusCode.UNSET
    assert sent(platform) == [traceparent(span)]


def test_each_attempt_has_a_span_below_that_of_the_caller(
    create: Callable[..., Element], platform: Platform, spans: Spans
) -> None:
    platform.answers = [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.ABORTED]
    with trace.get_tracer("test").start_as_current_span("caller"):
        create(retry=HASTY)
    caller, *attempts = spans.ended(4)
    assert sent(platform) == [traceparent(span) for span in attempts]
    assert [span.parent and span.parent.span_id for span in attempts] == [
        caller.get_span_context().span_id  # type: ignore[union-attr]
    ] * 3
    assert [(span.attributes or {}).get("rpc.response.status_code") for span in attempts] == [
        "UNAVAILABLE",
        "ABORTED",
        None,
    ]
    failed, unset = trace.StatusCode.ERROR, trace.StatusCode.UNSET
    assert [span.status.status_code for span in attempts] == [failed, failed, unset]


def test_a_span_says_nothing_of_token_and_error(
    create: Callable[..., Element], platform: Platform, spans: Spans
) -> None:
    platform.answers = [grpc.StatusCode.INVALID_ARGUMENT]
    with pytest.raises(grpc.RpcError):
        create(token=SECRET)
    (span,) = spans.ended(1)
    assert SECRET not in span.to_json()
    assert span.status.description is None
    assert span.events == ()


def test_the_span_of_a_stream_ends_with_it(watch: Callable[..., list[Any]], platform: Platform, spans: Spans) -> None:
    watch()
    (span,) = spans.ended(1)
    assert span.status.status_code is trace.StatusCode.UNSET
    assert sent(platform) == [traceparent(span)]


def test_the_span_of_a_stream_that_breaks_says_how(
    watch: Callable[..., list[Any]], platform: Platform, spans: Spans
) -> None:
    platform.answers = [grpc.StatusCode.UNAVAILABLE]
    with pytest.raises(grpc.RpcError):
        watch()
    (span,) = spans.ended(1)
    assert (span.attributes or {})["rpc.response.status_code"] == "UNAVAILABLE"


def test_the_span_of_a_stream_that_nobody_reads_ends(platform: Platform, spans: Spans) -> None:
    platform.endless = True
    with AmeideClient(platform.target, plaintext=True) as client:
        stream = client.graph.WatchElements(WatchElementsRequest())
        next(stream)
        del stream
        (span,) = spans.ended(1)
        assert platform.left.wait(PATIENCE_SECONDS)
    assert (span.attributes or {})["rpc.response.status_code"] == "CANCELLED"


def test_a_plain_iterator_of_an_interceptor_is_handed_on(platform: Platform, spans: Spans) -> None:
    class Mapper(grpc.UnaryStreamClientInterceptor):
        def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
            return (message.element.name for message in continuation(details, request))

    with AmeideClient(platform.target, plaintext=True, interceptors=[Mapper()]) as client:
        client.graph.CreateElement(WISH)
        assert list(client.graph.WatchElements(WatchElementsRequest())) == ["Billing"]
    assert [span.status.status_code for span in spans.ended(2)] == [trace.StatusCode.UNSET] * 2


def test_an_interceptor_of_the_user_runs_inside_of_the_span(platform: Platform, spans: Spans) -> None:
    current = []

    class Spy(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            current.append(trace.format_span_id(trace.get_current_span().get_span_context().span_id))
            return continuation(details, request)

    with AmeideClient(platform.target, plaintext=True, interceptors=[Spy()]) as client:
        client.graph.CreateElement(WISH)
        client.graph.CreateElement.future(WISH).result()
    assert current == [traceparent(span)[1] for span in spans.ended(2)]
    assert not trace.get_current_span().get_span_context().is_valid


def test_a_fault_of_an_interceptor_of_the_user_ends_the_span(platform: Platform, spans: Spans) -> None:
    class Faulty(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            raise LookupError("a bug")

    client = AmeideClient(platform.target, plaintext=True, interceptors=[Faulty()])
    with client, pytest.raises(LookupError, match="a bug"):
        client.graph.CreateElement(WISH)
    (span,) = spans.ended(1)
    assert (span.attributes or {})["rpc.response.status_code"] == "UNKNOWN"
    assert platform.arrivals == []


def test_a_traceparent_that_the_call_brings_stays(platform: Platform, spans: Spans) -> None:
    own = f"00-{'a' * 32}-{'b' * 16}-01"
    with AmeideClient(platform.target, plaintext=True) as client:
        client.graph.CreateElement(WISH, metadata=(("traceparent", own),))
    assert platform.metadata["traceparent"] == own


def test_without_an_sdk_nothing_is_traced(create: Callable[..., Element], platform: Platform) -> None:
    create()
    assert "traceparent" not in platform.metadata


def test_without_an_sdk_the_context_of_the_caller_travels(create: Callable[..., Element], platform: Platform) -> None:
    remote = trace.SpanContext(0xA1, 0xB2, is_remote=True, trace_flags=trace.TraceFlags(1))
    with trace.use_span(trace.NonRecordingSpan(remote)):
        create()
    assert platform.metadata["traceparent"] == f"00-{0xA1:032x}-{0xB2:016x}-01"


def test_the_sdk_of_opentelemetry_is_not_imported() -> None:
    program = "import sys, ameide_sdk; ameide_sdk.AmeideClient().close(); print('opentelemetry.sdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
