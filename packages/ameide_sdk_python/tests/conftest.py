"""The server, and the ways in which a call can be made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ameide_sdk import AmeideClient, AsyncAmeideClient
from ameide_sdk.proto.ameide_core_proto.graph.v1 import graph_pb2, graph_service_pb2
from served_platform import PATIENCE_SECONDS, Platform, serve


@pytest.fixture
def platform() -> Iterator[Platform]:
    platform = Platform()
    server = serve(platform)
    yield platform
    platform.released.set()
    server.stop(grace=None).wait()


@pytest.fixture(params=["blocking", "future", "asyncio"])
def create(request: pytest.FixtureRequest, platform: Platform) -> Callable[..., graph_pb2.Element]:
    """Creates an element with a client of the options given, in each of the ways that a call can be made."""
    wish = graph_service_pb2.CreateElementRequest(element=graph_pb2.Element(name="Billing"))

    def blocking(timeout: float | None = None, **options: Any) -> graph_pb2.Element:
        with AmeideClient(platform.target, plaintext=True, **options) as client:
            return client.graph.CreateElement(wish, timeout=timeout).element

    def future(timeout: float | None = None, **options: Any) -> graph_pb2.Element:
        with AmeideClient(platform.target, plaintext=True, **options) as client:
            return client.graph.CreateElement.future(wish, timeout=timeout).result(PATIENCE_SECONDS).element

    async def on_a_loop(timeout: float | None, **options: Any) -> graph_pb2.Element:
        async with AsyncAmeideClient(platform.target, plaintext=True, **options) as client:
            return (await client.graph.CreateElement(wish, timeout=timeout)).element

    def with_asyncio(timeout: float | None = None, **options: Any) -> graph_pb2.Element:
        return asyncio.run(on_a_loop(timeout, **options))

    return {"blocking": blocking, "future": future, "asyncio": with_asyncio}[request.param]


@pytest.fixture(params=["blocking", "asyncio"])
def watch(request: pytest.FixtureRequest, platform: Platform) -> Callable[..., list[Any]]:
    """All messages of a stream, read with a client of the options given."""

    def blocking(timeout: float | None = None, **options: Any) -> list[Any]:
        with AmeideClient(platform.target, plaintext=True, **options) as client:
            return list(client.graph.WatchElements(graph_service_pb2.WatchElementsRequest(), timeout=timeout))

    async def on_a_loop(timeout: float | None, **options: Any) -> list[Any]:
        async with AsyncAmeideClient(platform.target, plaintext=True, **options) as client:
            stream = client.graph.WatchElements(graph_service_pb2.WatchElementsRequest(), timeout=timeout)
            return [message async for message in stream]

    def with_asyncio(timeout: float | None = None, **options: Any) -> list[Any]:
        return asyncio.run(on_a_loop(timeout, **options))

    return {"blocking": blocking, "asyncio": with_asyncio}[request.param]
