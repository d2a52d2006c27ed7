"""The OpenTelemetry SDK of this process, which keeps its spans in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

ROOT = "scenario"
PATIENCE_SECONDS = 10
_exporter = InMemorySpanExporter()


def install() -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(_exporter))
    trace.set_tracer_provider(provider)


@contextmanager
def root() -> Iterator[str]:
    """A span `scenario`; gives its trace id."""
    with trace.get_tracer(__name__).start_as_current_span(ROOT) as span:
        yield trace.format_trace_id(span.get_span_context().trace_id)


def of_trace(trace_id: str) -> list[dict[str, Any]]:
    """In the order of their start."""
    spans = [span for span in _exporter.get_finished_spans() if span.name != ROOT]
    return [
        {
            "name": span.name,
            "kind": span.kind.name,
            "status": span.status.status_code.name,
            "attributes": dict(span.attributes or {}),
            "traceId": trace_id,
            "spanId": trace.format_span_id(span.context.span_id),
        }
        for span in sorted(spans, key=lambda span: span.start_time or 0)
        if trace.format_trace_id(span.context.trace_id) == trace_id
    ]


def awaited(trace_id: str, number: int) -> list[dict[str, Any]]:
    """gRPC tells the reader of a stream that it is over before it tells the SDK."""
    end = time.monotonic() + PATIENCE_SECONDS
    while len(of_trace(trace_id)) < number and time.monotonic() < end:
        time.sleep(0.01)
    return of_trace(trace_id)
