"""Makes calls as the interceptors say, on an event loop."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import grpc.aio

from ameide_sdk._calls.steps import Ask, Attempt, Call, Effect, Ended, Proceed, Running, Shape, Steps, Wait, code_of
from ameide_sdk._calls.tracing import current
from ameide_sdk.tokens import awaited

Send = Callable[[Call], Awaitable[Ended | Running]]


def step_interceptors(proceed: Proceed) -> list[grpc.aio.ClientInterceptor]:
    """grpc.aio takes an interceptor for one kind of calls only."""
    return [_UnaryUnary(proceed), _UnaryStream(proceed), _StreamUnary(proceed), _StreamStream(proceed)]


class _Stepwise:
    def __init__(self, proceed: Proceed) -> None:
        self._proceed = proceed

    async def _begin(self, shape: Shape, continuation: Any, details: Any, request: Any) -> Any:
        """The call itself is not awaited: its reader, or its writer, does that."""

        async def send(call: Call) -> Running:
            begun = await continuation(_details_of(call, details), request)
            return Running(begun, lambda tell: begun.add_done_callback(lambda over: tell(_code_at_the_end(over))))

        return (await _run(self._proceed(_call_of(shape, details)), send)).result


class _UnaryUnary(_Stepwise, grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        async def send(call: Call) -> Ended:
            try:
                sent = await continuation(_details_of(call, client_call_details), request)
                await sent
            except grpc.RpcError as error:
                return Ended(code_of(error), error)
            return Ended(grpc.StatusCode.OK, sent)

        outcome = await _run(self._proceed(_call_of(Shape.UNARY_UNARY, client_call_details)), send)
        if isinstance(outcome.result, grpc.RpcError):
            raise outcome.result
        return outcome.result


class _UnaryStream(_Stepwise, grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return await self._begin(Shape.STREAM, continuation, client_call_details, request)


class _StreamUnary(_Stepwise, grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        return await self._begin(Shape.STREAM_UNARY, continuation, client_call_details, request_iterator)


class _StreamStream(_Stepwise, grpc.aio.StreamStreamClientInterceptor):
    async def intercept_stream_stream(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        return await self._begin(Shape.STREAM, continuation, client_call_details, request_iterator)


async def _run(steps: Steps, send: Send) -> Ended | Running:
    resume: Callable[[Any], Effect] = steps.send
    came: Any = None
    while True:
        try:
            effect = resume(came)
        except StopIteration as over:
            outcome: Ended | Running = over.value
            return outcome
        try:
            resume, came = steps.send, await _done(effect, send)
        except BaseException as error:
            resume, came = steps.throw, error


async def _done(effect: Effect, send: Send) -> Any:
    match effect:
        case Attempt(call):
            with current(call.context):
                return await send(call)
        case Ask(provider):
            return await awaited(provider)
        case Wait(seconds):
            return await sleep(seconds)


def _call_of(shape: Shape, details: Any) -> Call:
    metadata = tuple(details.metadata or ())
    return Call(method=details.method.decode(), shape=shape, metadata=metadata, timeout_seconds=details.timeout)


def _details_of(call: Call, details: Any) -> grpc.aio.ClientCallDetails:
    changed: grpc.aio.ClientCallDetails = details._replace(
        timeout=call.timeout_seconds, metadata=grpc.aio.Metadata(*call.metadata)
    )
    return changed


def _code_at_the_end(call: Any) -> grpc.StatusCode:
    """`code()` is a coroutine, but of a call that is over it has nothing to wait for, and a task of ours could end
    with its loop before it ran."""
    coroutine = call.code()
    try:
        coroutine.send(None)
    except StopIteration as found:
        code: grpc.StatusCode = found.value
        return code
    finally:
        coroutine.close()
    return grpc.StatusCode.UNKNOWN
