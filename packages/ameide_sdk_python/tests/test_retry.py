"""What is repeated, when and how often; in each way that a call can be made."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from ameide_sdk import AmeideClient, AsyncAmeideClient, RetryPolicy
from ameide_sdk._calls import retry
from ameide_sdk._calls.steps import Call, Ended, Running, Shape, Steps, Wait, attempt
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_pb2 import Element
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2 import CreateElementRequest
from served_platform import PATIENCE_SECONDS, Platform, serve

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
HASTY = RetryPolicy(initial_backoff_seconds=0.001)
LONG = RetryPolicy(initial_backoff_seconds=PATIENCE_SECONDS, max_backoff_seconds=PATIENCE_SECONDS)
WISH = CreateElementRequest(element=Element(name="Billing"))
CALL = Call(method="/p.S/M", shape=Shape.UNARY_UNARY, timeout_seconds=1000.0)


def driven(steps: Steps, codes: list[grpc.StatusCode]) -> list[Any]:
    """What the steps yield when their attempts end with these codes and waits take no time."""
    yielded: list[Any] = []
    came = None
    while True:
        try:
            effect = steps.send(came)
        except StopIteration:
            return yielded
        yielded.append(effect)
        came = None if isinstance(effect, Wait) else Ended(codes.pop(0), None)


def test_attempts_share_token_and_request_id(create: Callable[..., Element], platform: Platform) -> None:
    platform.answers = [UNAVAILABLE, UNAVAILABLE]
    asked: list[int] = []

    def provide() -> str:
        asked.append(1)
        return "secret"

    assert create(token=provide, retry=HASTY).id == "element-1"
    assert len(platform.arrivals) == 3
    assert len({arrival.metadata["x-request-id"] for arrival in platform.arrivals}) == 1
    assert [arrival.metadata["authorization"] for arrival in platform.arrivals] == ["Bearer secret"] * 3
    assert len(asked) == 1


def test_the_last_error_is_the_answer(create: Callable[..., Element], platform: Platform) -> None:
    platform.answers = [UNAVAILABLE, grpc.StatusCode.ABORTED, grpc.StatusCode.RESOURCE_EXHAUSTED]
    with pytest.raises(grpc.RpcError) as caught:
        create(retry=HASTY)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert caught.value.details() == "told to answer RESOURCE_EXHAUSTED"
    assert len(platform.arrivals) == 3


def test_what_will_not_get_better_is_not_repeated(create: Callable[..., Element], platform: Platform) -> None:
    platform.answers = [grpc.StatusCode.INVALID_ARGUMENT]
    with pytest.raises(grpc.RpcError) as caught:
        create(retry=HASTY)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert len(platform.arrivals) == 1


def test_it_can_be_switched_off(create: Callable[..., Element], platform: Platform) -> None:
    platform.answers = [UNAVAILABLE]
    with pytest.raises(grpc.RpcError):
        create(retry=RetryPolicy(max_attempts=1))
    assert len(platform.arrivals) == 1


def test_a_stream_is_never_repeated(watch: Callable[..., list[Any]], platform: Platform) -> None:
    platform.answers = [UNAVAILABLE]
    with pytest.raises(grpc.RpcError) as caught:
        watch(retry=HASTY)
    assert caught.value.code() is UNAVAILABLE
    assert len(platform.arrivals) == 1


def test_each_attempt_is_told_what_is_left(create: Callable[..., Element], platform: Platform) -> None:
    """The waits are a tenth of the timeout: gRPC repeats a deadline that is less than 3 % longer than the true one."""
    platform.answers = [UNAVAILABLE, UNAVAILABLE]
    fixed = RetryPolicy(initial_backoff_seconds=0.4, backoff_multiplier=1, jitter=(1.0, 1.0))
    create(timeout=4, retry=fixed)
    first, second, third = (arrival.seconds_left or 0 for arrival in platform.arrivals)
    assert first < 4.5
    assert second < first - 0.2
    assert third < second - 0.2


def test_a_wait_that_would_not_end_before_the_deadline_is_not_begun(
    create: Callable[..., Element], platform: Platform
) -> None:
    platform.answers = [UNAVAILABLE]
    with pytest.raises(grpc.RpcError) as caught:
        create(timeout=PATIENCE_SECONDS / 2, retry=LONG)
    assert caught.value.code() is UNAVAILABLE
    assert len(platform.arrivals) == 1
    assert platform.answers == []


def test_a_server_that_comes_back_between_two_attempts_is_found() -> None:
    """How soon gRPC connects anew is a channel option, which tests/test_manifest.py sees to."""
    platform = Platform()
    server = serve(platform)
    port = int(platform.target.rpartition(":")[2])
    server.stop(grace=None).wait()
    restarted: list[grpc.Server] = []

    class Restarter(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            outcome = continuation(details, request)
            if not restarted:
                restarted.append(serve(platform, port=port))
            return outcome

    policy = RetryPolicy(max_attempts=200, initial_backoff_seconds=0.1, backoff_multiplier=1)
    options: dict[str, Any] = {"plaintext": True, "timeout_seconds": PATIENCE_SECONDS, "retry": policy}
    with AmeideClient(platform.target, interceptors=[Restarter()], **options) as client:
        assert client.graph.CreateElement(WISH).element.id == "element-1"
    restarted[0].stop(grace=None).wait()


def test_random_factors_stay_between_their_bounds_and_differ() -> None:
    policy = RetryPolicy(max_attempts=2)
    waits = [
        effect.seconds
        for _ in range(500)
        for effect in driven(retry.retry(policy)(CALL, attempt), [UNAVAILABLE] * 2)
        if isinstance(effect, Wait)
    ]
    assert len(waits) == 500
    assert 0.125 <= min(waits) < 0.15
    assert 0.35 < max(waits) <= 0.375


def test_waits_are_those_of_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "uniform", lambda low, high: high)
    policy = RetryPolicy(max_attempts=4, jitter=(1.0, 2.0))
    yielded = driven(retry.retry(policy)(CALL, attempt), [UNAVAILABLE] * 4)
    assert [effect.seconds for effect in yielded if isinstance(effect, Wait)] == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("shape", [Shape.STREAM, Shape.STREAM_UNARY])
def test_only_one_request_with_one_answer_is_repeated(shape: Shape) -> None:
    call = Call(method="/p.S/M", shape=shape)
    assert len(driven(retry.retry(HASTY)(call, attempt), [UNAVAILABLE])) == 1


def test_a_call_without_a_deadline_waits_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    call = Call(method="/p.S/M", shape=Shape.UNARY_UNARY)
    yielded = driven(retry.retry(RetryPolicy(max_attempts=3))(call, attempt), [UNAVAILABLE] * 3)
    sent = [effect.call.timeout_seconds for effect in yielded if not isinstance(effect, Wait)]
    assert sent == [None, None, None]


def test_an_outcome_that_is_still_running_is_left_alone() -> None:
    steps = retry.retry(HASTY)(CALL, attempt)
    next(steps)
    with pytest.raises(StopIteration):
        steps.send(Running("a stream", lambda tell: None))


def test_cancelling_the_task_ends_a_wait_at_once(platform: Platform) -> None:
    platform.answers = [UNAVAILABLE]

    async def call() -> float:
        options: dict[str, Any] = {"plaintext": True, "retry": LONG, "timeout_seconds": 10 * PATIENCE_SECONDS}
        async with AsyncAmeideClient(platform.target, **options) as client:
            running = asyncio.ensure_future(create_with(client))
            while not platform.left.is_set():
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            started = time.monotonic()
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            return time.monotonic() - started

    async def create_with(client: AsyncAmeideClient) -> Any:
        return await client.graph.CreateElement(WISH)

    assert asyncio.run(call()) < PATIENCE_SECONDS / 3
    assert len(platform.arrivals) == 1


def test_closing_the_client_for_asyncio_ends_a_wait_at_once(platform: Platform) -> None:
    platform.answers = [UNAVAILABLE]

    async def call() -> None:
        client = AsyncAmeideClient(platform.target, plaintext=True, retry=LONG, timeout_seconds=10 * PATIENCE_SECONDS)
        running = client.graph.CreateElement(WISH)
        while not platform.left.is_set():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        await client.close()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(running, PATIENCE_SECONDS / 3)

    asyncio.run(call())


def test_closing_the_client_ends_a_wait_at_once(platform: Platform) -> None:
    platform.answers = [UNAVAILABLE]
    client = AmeideClient(platform.target, plaintext=True, retry=LONG, timeout_seconds=10 * PATIENCE_SECONDS)
    ended = threading.Event()

    def call() -> None:
        with pytest.raises(ValueError, match="closed channel"):
            client.graph.CreateElement(WISH)
        ended.set()

    threading.Thread(target=call, daemon=True).start()
    assert platform.left.wait(PATIENCE_SECONDS)
    time.sleep(0.1)
    client.close()
    assert ended.wait(PATIENCE_SECONDS / 3)
