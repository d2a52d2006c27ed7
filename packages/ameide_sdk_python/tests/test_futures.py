"""`.future()` of AmeideClient: it keeps nobody waiting, and cancelling it ends the call wherever it is."""

from __future__ import annotations

import contextvars
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from ameide_sdk import AmeideClient, RetryPolicy, TokenProviderError
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_pb2 import Element
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2 import CreateElementRequest, GetElementRequest
from served_platform import PATIENCE_SECONDS, Platform

WISH = CreateElementRequest(element=Element(name="Billing"))
SLOW = GetElementRequest(element_id="slow")
LONG = RetryPolicy(initial_backoff_seconds=PATIENCE_SECONDS, max_backoff_seconds=PATIENCE_SECONDS)
HASTY = RetryPolicy(initial_backoff_seconds=0.001)


@pytest.fixture
def client(platform: Platform) -> Iterator[AmeideClient]:
    with AmeideClient(platform.target, plaintext=True, timeout_seconds=10 * PATIENCE_SECONDS) as client:
        yield client


def is_soon(fact: Any) -> bool:
    end = time.monotonic() + PATIENCE_SECONDS / 2
    while not fact() and time.monotonic() < end:
        time.sleep(0.005)
    return bool(fact())


def test_it_is_what_grpc_calls_a_future(client: AmeideClient, platform: Platform) -> None:
    future = client.graph.GetElement.future(SLOW)
    told: list[object] = []
    future.add_done_callback(told.append)
    assert isinstance(future, grpc.Future) and isinstance(future, grpc.Call)
    assert future.running() and future.is_active() and not future.done() and not future.cancelled()
    with pytest.raises(grpc.FutureTimeoutError):
        future.result(timeout=0.01)
    platform.elements["slow"] = Element(id="slow")
    platform.released.set()
    assert future.result(PATIENCE_SECONDS).element.id == "slow"
    assert future.done() and not future.cancelled() and not future.running()
    assert future.exception() is None and future.traceback() is None
    assert (future.code(), future.details()) == (grpc.StatusCode.OK, "")
    assert future.initial_metadata() is not None and future.trailing_metadata() is not None
    assert is_soon(lambda: told == [future])
    assert not future.add_callback(lambda: None)
    assert not future.cancel()


def test_an_error_is_that_of_the_server(client: AmeideClient, platform: Platform) -> None:
    platform.answers = [grpc.StatusCode.INVALID_ARGUMENT]
    future = client.graph.CreateElement.future(WISH)
    error = future.exception(PATIENCE_SECONDS)
    assert isinstance(error, grpc.RpcError)
    assert future.code() is error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert future.details() == "told to answer INVALID_ARGUMENT"
    assert future.traceback() is not None
    with pytest.raises(grpc.RpcError):
        future.result()


def test_cancelling_it_cancels_the_attempt(client: AmeideClient, platform: Platform) -> None:
    future = client.graph.GetElement.future(SLOW)
    assert platform.arrived.wait(PATIENCE_SECONDS)
    assert future.cancel()
    assert future.cancelled()
    with pytest.raises(grpc.FutureCancelledError):
        future.result(PATIENCE_SECONDS)
    with pytest.raises(grpc.FutureCancelledError):
        future.exception()
    assert future.code() is grpc.StatusCode.CANCELLED
    assert platform.left.wait(PATIENCE_SECONDS)
    assert not future.cancel()


def test_cancelling_it_ends_a_wait_at_once(platform: Platform) -> None:
    platform.answers = [grpc.StatusCode.UNAVAILABLE]
    with AmeideClient(platform.target, plaintext=True, retry=LONG, timeout_seconds=10 * PATIENCE_SECONDS) as client:
        future = client.graph.CreateElement.future(WISH)
        assert platform.left.wait(PATIENCE_SECONDS)
        time.sleep(0.1)
        assert future.cancel()
        with pytest.raises(grpc.FutureCancelledError):
            future.result(timeout=PATIENCE_SECONDS / 3)
        assert (future.code(), future.cancelled()) == (grpc.StatusCode.CANCELLED, True)
    assert len(platform.arrivals) == 1


def test_cancelling_it_while_an_attempt_begins_is_not_forgotten(platform: Platform) -> None:
    platform.answers = [grpc.StatusCode.UNAVAILABLE]
    begun, attempts = threading.Event(), []

    class Canceller(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            attempts.append(details)
            if len(attempts) == 2:
                assert begun.wait(PATIENCE_SECONDS)
                future.cancel()
            return continuation(details, request)

    with AmeideClient(platform.target, plaintext=True, retry=HASTY, interceptors=[Canceller()]) as client:
        future = client.graph.GetElement.future(SLOW, timeout=10 * PATIENCE_SECONDS)
        begun.set()
        with pytest.raises(grpc.FutureCancelledError):
            future.result(timeout=PATIENCE_SECONDS / 3)
    assert len(attempts) == 2


def test_a_slow_provider_keeps_nobody_waiting_and_can_be_left(platform: Platform) -> None:
    released = threading.Event()

    def provide() -> str:
        released.wait(PATIENCE_SECONDS)
        return "token"

    with AmeideClient(platform.target, plaintext=True, token=provide) as client:
        future = client.graph.CreateElement.future(WISH)
        other = client.graph.CreateElement.future(WISH)
        assert future.running()
        assert future.cancel()
        with pytest.raises(grpc.FutureCancelledError):
            future.result(timeout=PATIENCE_SECONDS / 3)
        released.set()
        assert other.result(PATIENCE_SECONDS).element.id == "element-1"
    assert len(platform.arrivals) == 1


def test_a_failing_provider_is_the_error(platform: Platform) -> None:
    def provide() -> str:
        raise RuntimeError("secret")

    with AmeideClient(platform.target, plaintext=True, token=provide) as client:
        future = client.graph.CreateElement.future(WISH)
        assert isinstance(future.exception(PATIENCE_SECONDS), TokenProviderError)
        assert future.code() is grpc.StatusCode.UNAUTHENTICATED
        assert "found RuntimeError" in future.details()
        assert future.initial_metadata() == future.trailing_metadata() == ()
        assert future.traceback() is not None


def test_a_provider_that_ends_its_thread_does_not_leave_the_call_hanging(platform: Platform) -> None:
    with AmeideClient(platform.target, plaintext=True, token=sys.exit) as client:
        future = client.graph.CreateElement.future(WISH)
        assert isinstance(future.exception(PATIENCE_SECONDS), SystemExit)


def test_it_goes_on_when_nobody_keeps_it(client: AmeideClient, platform: Platform) -> None:
    client.graph.CreateElement.future(WISH)
    assert is_soon(lambda: "element-1" in platform.elements)


def test_closing_the_client_ends_it_whether_it_runs_or_waits(platform: Platform) -> None:
    platform.answers = [grpc.StatusCode.UNAVAILABLE]
    client = AmeideClient(platform.target, plaintext=True, retry=LONG, timeout_seconds=10 * PATIENCE_SECONDS)
    waiting = client.graph.CreateElement.future(WISH)
    assert platform.left.wait(PATIENCE_SECONDS)
    running = client.graph.GetElement.future(SLOW)
    assert is_soon(lambda: len(platform.arrivals) == 2)
    client.close()
    assert isinstance(waiting.exception(PATIENCE_SECONDS / 3), ValueError)
    assert running.code() is grpc.StatusCode.CANCELLED


def test_interceptors_of_the_user_see_each_attempt_in_the_context_of_the_caller(platform: Platform) -> None:
    platform.answers = [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNAVAILABLE]
    caller, seen = contextvars.ContextVar("caller", default="nobody"), []

    class Spy(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            seen.append(caller.get())
            return continuation(details, request)

    caller.set("me")
    with AmeideClient(platform.target, plaintext=True, retry=HASTY, interceptors=[Spy()]) as client:
        client.graph.CreateElement.future(WISH).result(PATIENCE_SECONDS)
    assert seen == ["me", "me", "me"]


def test_a_fault_of_an_interceptor_of_the_user_is_the_error(platform: Platform) -> None:
    class Faulty(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            raise LookupError("a bug")

    client = AmeideClient(platform.target, plaintext=True, interceptors=[Faulty()])
    with client, pytest.raises(LookupError, match="a bug"):
        client.graph.CreateElement.future(WISH).result(PATIENCE_SECONDS)


def test_cancelling_from_many_threads_ends_in_one_way(client: AmeideClient, platform: Platform) -> None:
    """Calls that are cancelled at any point of their life end: as cancelled, or with what came first."""
    platform.answers = [grpc.StatusCode.UNAVAILABLE] * 50
    ends = []
    for number in range(100):
        future = client.graph.CreateElement.future(WISH)
        canceller = threading.Timer(number / 20_000, future.cancel)
        canceller.start()
        try:
            ends.append(future.result(PATIENCE_SECONDS).element.id != "")
        except grpc.FutureCancelledError:
            ends.append(future.code() is grpc.StatusCode.CANCELLED)
        canceller.join()
    assert ends == [True] * 100
