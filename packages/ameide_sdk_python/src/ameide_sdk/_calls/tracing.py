"""The interceptor that makes a client span of each attempt. It says nothing that a server or a provider said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import grpc
from opentelemetry import context, propagate, trace
from opentelemetry.context import Context

from ameide_sdk._calls.steps import Call, Ended, Interceptor, Proceed, Steps, code_of


def tracing(version: str) -> Interceptor:
    tracer = trace.get_tracer("ameide_sdk", version)

    def intercept(call: Call, proceed: Proceed) -> Steps:
        method = call.method.removeprefix("/")
        attributes = {"rpc.system.name": "grpc", "rpc.method": method}
        span = tracer.start_span(method, kind=trace.SpanKind.CLIENT, attributes=attributes)
        try:
            outcome = yield from proceed(_traced(call, span))
        except BaseException as error:
            _end(span, code_of(error))
            raise
        if isinstance(outcome, Ended):
            _end(span, outcome.code)
        else:
            outcome.when_over(lambda code: _end(span, code))
        return outcome

    return intercept


def _traced(call: Call, span: trace.Span) -> Call:
    carrier: dict[str, str] = {}
    own = trace.set_span_in_context(span)
    propagate.inject(carrier, own)
    return replace(call.with_metadata(*((key.lower(), value) for key, value in carrier.items())), context=own)


def _end(span: trace.Span, code: grpc.StatusCode) -> None:
    if code is not grpc.StatusCode.OK:
        span.set_attributes({"rpc.response.status_code": code.name, "error.type": code.name})
        span.set_status(trace.StatusCode.ERROR)
    span.end()


@contextmanager
def current(own: Context | None) -> Iterator[None]:
    """The span of an attempt is the current one for the interceptors of the user."""
    if own is None:
        yield
        return
    token = context.attach(own)
    try:
        yield
    finally:
        context.detach(token)
