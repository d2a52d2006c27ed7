"""AsyncAmeideClient against a real gRPC server; what it shares with AmeideClient is tested with both elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import ameide_sdk
import grpc
import grpc.aio
import pytest
from ameide_sdk import AsyncAmeideClient
from ameide_sdk.proto.ameide_core_proto.agents.v1.agents_service_pb2 import GetAgentRequest
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_pb2 import Element
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2 import (
    CreateElementRequest,
    GetElementRequest,
    WatchElementsRequest,
)
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_pb2 import ROLE_USER, Message
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2 import StreamInferRequest
from served_platform import PATIENCE_SECONDS, Platform

WISH = CreateElementRequest(element=Element(name="Billing"))
SLOW = GetElementRequest(element_id="slow")
T = TypeVar("T")


def using(platform: Platform, work: Callable[[AsyncAmeideClient], Awaitable[T]], **options: Any) -> T:
    async def run() -> T:
        async with AsyncAmeideClient(platform.target, plaintext=True, **options) as client:
            return await work(client)

    return asyncio.run(run())


async def until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not fact():
            await asyncio.sleep(0.005)


def test_all_services_answer(platform: Platform) -> None:
    async def work(client: AsyncAmeideClient) -> tuple[str, str, list[str]]:
        element = (await client.graph.CreateElement(WISH)).element
        agent = (await client.agents.GetAgent(GetAgentRequest(agent_id="a1"))).agent
        request = StreamInferRequest(messages=[Message(role=ROLE_USER, text="one")])
        parts = [str(part.WhichOneof("part")) async for part in client.inference.StreamInfer(request)]
        return element.id, agent.name, parts

    assert using(platform, work) == ("element-1", "Reviewer", ["text_delta", "finish"])


def test_calls_on_one_client_run_at_the_same_time(platform: Platform) -> None:
    async def work(client: AsyncAmeideClient) -> list[str]:
        slow = asyncio.ensure_future(get(client))
        await until(platform.arrived.is_set)
        created = await client.graph.CreateElement(WISH)
        platform.elements["slow"] = Element(id="slow")
        platform.released.set()
        return [created.element.id, await slow]

    async def get(client: AsyncAmeideClient) -> str:
        return (await client.graph.GetElement(SLOW)).element.id

    assert using(platform, work) == ["element-1", "slow"]


def test_every_call_carries_what_the_client_knows(platform: Platform) -> None:
    async def work(client: AsyncAmeideClient) -> None:
        await client.graph.CreateElement(WISH, metadata=[("x-request-id", "r-1"), ("x-more", "1")])

    using(platform, work, token="secret", tenant_id="acme")
    sent = {key: platform.metadata[key] for key in ("authorization", "x-tenant-id", "x-request-id", "x-more")}
    assert sent == {"authorization": "Bearer secret", "x-tenant-id": "acme", "x-request-id": "r-1", "x-more": "1"}
    assert platform.metadata["user-agent"].startswith(f"ameide-sdk-python/{ameide_sdk.__version__} ")


def test_a_slow_answer_ends_in_the_clients_timeout(platform: Platform) -> None:
    async def work(client: AsyncAmeideClient) -> None:
        await client.graph.GetElement(SLOW)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        using(platform, work, timeout_seconds=0.2)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_timeouts_are_those_of_the_call_then_of_the_client_and_streams_have_none(platform: Platform) -> None:
    async def work(client: AsyncAmeideClient) -> list[float | None]:
        found = []
        for timeout in (None, 60):
            await client.graph.CreateElement(WISH, timeout=timeout)
            found.append(platform.seconds_left)
            _ = [message async for message in client.graph.WatchElements(WatchElementsRequest(), timeout=timeout)]
            found.append(platform.seconds_left)
        return found

    client, stream, call, bounded = using(platform, work)
    assert client == pytest.approx(5, abs=2)
    assert call == pytest.approx(60, abs=5)
    assert stream is None or stream > 1_000_000
    assert bounded == pytest.approx(60, abs=5)


def test_cancelling_the_task_cancels_the_call(platform: Platform) -> None:
    async def work(client: AsyncAmeideClient) -> None:
        async def get() -> None:
            await client.graph.GetElement(SLOW)

        task = asyncio.ensure_future(get())
        await until(platform.arrived.is_set)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(platform.left.is_set)

    using(platform, work)


def test_a_call_is_that_of_grpc(platform: Platform) -> None:
    async def work(client: AsyncAmeideClient) -> None:
        call = client.graph.GetElement(SLOW)
        await until(platform.arrived.is_set)
        assert not call.done()
        assert call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await call.code(), call.cancelled()) == (grpc.StatusCode.CANCELLED, True)
        failed = client.graph.GetElement(GetElementRequest(element_id="gone"))
        assert (await failed.code(), await failed.details()) == (grpc.StatusCode.NOT_FOUND, "no element gone")

    using(platform, work)


def test_a_stream_ends_when_it_is_cancelled(platform: Platform) -> None:
    platform.endless = True

    async def work(client: AsyncAmeideClient) -> int:
        stream, received = client.graph.WatchElements(WatchElementsRequest()), 0
        with pytest.raises(asyncio.CancelledError):
            async for _ in stream:
                received += 1
                if received == 2:
                    stream.cancel()
        await until(platform.left.is_set)
        return received

    assert using(platform, work) == 2


def test_closing_the_client_cancels_its_calls(platform: Platform) -> None:
    async def run() -> None:
        client = AsyncAmeideClient(platform.target, plaintext=True)
        call = client.graph.GetElement(SLOW)
        await until(platform.arrived.is_set)
        await client.close()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(run())
    assert platform.left.wait(PATIENCE_SECONDS)


def test_a_fault_of_an_interceptor_of_the_user_reaches_the_caller(platform: Platform) -> None:
    class Faulty(grpc.aio.UnaryUnaryClientInterceptor):
        async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
            raise LookupError("a bug")

    async def work(client: AsyncAmeideClient) -> None:
        await client.graph.CreateElement(WISH)

    with pytest.raises(LookupError, match="a bug"):
        using(platform, work, interceptors=[Faulty()])


def test_an_interceptor_of_the_user_may_answer_itself(platform: Platform) -> None:
    class Cache(grpc.aio.UnaryUnaryClientInterceptor):
        async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
            return "from the cache"

    async def work(client: AsyncAmeideClient) -> object:
        return await client.graph.CreateElement(WISH)

    assert using(platform, work, interceptors=[Cache()]) == "from the cache"
    assert platform.arrivals == []
