"""The language of the interceptors: generators that yield what is to be done next and get what came of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any, Protocol

import grpc
from opentelemetry.context import Context

Pair = tuple[str, str | bytes]


class Shape(Enum):
    UNARY_UNARY = "one request, one answer"
    STREAM_UNARY = "many requests, one answer"
    STREAM = "many answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`method` is `/package.Service/Method`; `context` is OpenTelemetry's while the call is started, if not None."""

    method: str
    shape: Shape
    metadata: tuple[Pair, ...] = ()
    timeout_seconds: float | None = None
    context: Context | None = None

    def with_metadata(self, *pairs: Pair) -> Call:
        """What the call brings itself stays."""
        own = {key.lower() for key, _ in self.metadata}
        return replace(self, metadata=(*self.metadata, *(pair for pair in pairs if pair[0] not in own)))


@dataclass(frozen=True, slots=True)
class Attempt:
    """Send it; what comes of it is Ended or Running."""

    call: Call


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask a token provider; what comes of it is a token or a tokens.Fault."""

    provider: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: float


@dataclass(frozen=True, slots=True)
class Ended:
    """`result` belongs to whoever made the attempt."""

    code: grpc.StatusCode
    result: Any


@dataclass(frozen=True, slots=True)
class Running:
    """A stream that has begun. `when_over` takes what wants to know how it ends."""

    result: Any
    when_over: Callable[[Callable[[grpc.StatusCode], None]], None]


Effect = Attempt | Ask | Wait
Steps = Generator[Effect, Any, Ended | Running]
Proceed = Callable[[Call], Steps]


class Interceptor(Protocol):
    def __call__(self, call: Call, proceed: Proceed) -> Steps: ...


def attempt(call: Call) -> Steps:
    outcome: Ended | Running = yield Attempt(call)
    return outcome


def composed(interceptors: Sequence[Interceptor]) -> Proceed:
    """The first one is outermost."""
    proceed: Proceed = attempt
    for interceptor in reversed(interceptors):
        proceed = partial(interceptor, proceed=proceed)
    return proceed


def code_of(error: BaseException) -> grpc.StatusCode:
    """Interceptors of the user may raise anything, an RpcError without a code as well."""
    if isinstance(error, grpc.RpcError):
        found = error.code() if callable(getattr(error, "code", None)) else None
        return found if isinstance(found, grpc.StatusCode) else grpc.StatusCode.UNKNOWN
    left = isinstance(error, grpc.FutureCancelledError) or not isinstance(error, Exception)
    return grpc.StatusCode.CANCELLED if left else grpc.StatusCode.UNKNOWN
