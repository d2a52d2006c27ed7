"""Makes calls as the interceptors say, in the thread of the caller; see `future` for `.future()`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc

from ameide_sdk._calls.future import PendingCall
from ameide_sdk._calls.steps import Ask, Attempt, Call, Ended, Proceed, Running, Shape, Steps, Wait, code_of
from ameide_sdk._calls.stream import begun
from ameide_sdk._calls.tracing import current
from ameide_sdk.tokens import asked

Send = Callable[[Call], Ended | Running]


class StepChannel(grpc.Channel):
    """A channel on which each call goes through `proceed`; a wait ends early when `closed` is set."""

    def __init__(self, channel: grpc.Channel, proceed: Proceed, closed: threading.Event) -> None:
        self._channel = channel
        self._proceed = proceed
        self._closed = closed

    def unary_unary(self, method: str, *args: Any, **kwargs: Any) -> Any:
        inner = self._channel.unary_unary(method, *args, **kwargs)
        return OneAnswer(inner, method, Shape.UNARY_UNARY, self._proceed, self._closed)

    def stream_unary(self, method: str, *args: Any, **kwargs: Any) -> Any:
        inner = self._channel.stream_unary(method, *args, **kwargs)
        return OneAnswer(inner, method, Shape.STREAM_UNARY, self._proceed, self._closed)

    def unary_stream(self, method: str, *args: Any, **kwargs: Any) -> Any:
        inner = self._channel.unary_stream(method, *args, **kwargs)
        return ManyAnswers(inner, method, Shape.STREAM, self._proceed, self._closed)

    def stream_stream(self, method: str, *args: Any, **kwargs: Any) -> Any:
        inner = self._channel.stream_stream(method, *args, **kwargs)
        return ManyAnswers(inner, method, Shape.STREAM, self._proceed, self._closed)

    def subscribe(self, callback: Any, try_to_connect: bool = False) -> None:
        self._channel.subscribe(callback, try_to_connect)

    def unsubscribe(self, callback: Any) -> None:
        self._channel.unsubscribe(callback)

    def close(self) -> None:
        self._channel.close()
        self._closed.set()  # after it: what this wakes tries to send

    def __enter__(self) -> StepChannel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(slots=True)
class Arguments:
    """What the methods of gRPC take, in their order."""

    request: Any
    timeout: float | None = None
    metadata: Any = None
    credentials: grpc.CallCredentials | None = None
    wait_for_ready: bool | None = None
    compression: grpc.Compression | None = None

    @classmethod
    def of(cls, *args: Any, **kwargs: Any) -> Arguments:
        if "request_iterator" in kwargs:
            kwargs["request"] = kwargs.pop("request_iterator")
        return cls(*args, **kwargs)

    def sent(self, call: Call) -> tuple[Any, ...]:
        others = (self.credentials, self.wait_for_ready, self.compression)
        return self.request, call.timeout_seconds, list(call.metadata), *others


class _Method:
    def __init__(self, inner: Any, method: str, shape: Shape, proceed: Proceed, closed: threading.Event) -> None:
        self._inner = inner
        self._method = method
        self._shape = shape
        self._proceed = proceed
        self._closed = closed

    def _steps(self, given: Arguments) -> Steps:
        metadata, timeout = tuple(given.metadata or ()), given.timeout
        return self._proceed(Call(method=self._method, shape=self._shape, metadata=metadata, timeout_seconds=timeout))

    def _run(self, steps: Steps, send: Send) -> Ended | Running:
        resume: Callable[[Any], Any] = steps.send
        came: Any = None
        while True:
            try:
                effect = resume(came)
            except StopIteration as over:
                outcome: Ended | Running = over.value
                return outcome
            try:
                resume, came = steps.send, self._done(effect, send)
            except BaseException as error:
                resume, came = steps.throw, error

    def _done(self, effect: Attempt | Ask | Wait, send: Send) -> Any:
        match effect:
            case Attempt(call):
                with current(call.context):
                    return send(call)
            case Ask(provider):
                return asked(provider)
            case Wait(seconds):
                return self._closed.wait(seconds)


class OneAnswer(_Method):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.with_call(*args, **kwargs)[0]

    def with_call(self, *args: Any, **kwargs: Any) -> Any:
        given = Arguments.of(*args, **kwargs)

        def send(call: Call) -> Ended:
            try:
                answer = self._inner.with_call(*given.sent(call))
            except grpc.RpcError as error:
                return Ended(code_of(error), error)
            return Ended(grpc.StatusCode.OK, answer)

        outcome = self._run(self._steps(given), send)
        if isinstance(outcome.result, grpc.RpcError):
            raise outcome.result
        return outcome.result

    def future(self, *args: Any, **kwargs: Any) -> Any:
        given = Arguments.of(*args, **kwargs)
        return PendingCall(self._steps(given), lambda call: self._inner.future(*given.sent(call)), self._closed)


class ManyAnswers(_Method):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = Arguments.of(*args, **kwargs)
        return self._run(self._steps(given), lambda call: begun(self._inner(*given.sent(call)))).result
