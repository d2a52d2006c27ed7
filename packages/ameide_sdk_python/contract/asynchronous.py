"""Scenarios with AsyncAmeideClient."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import grpc.aio
from ameide_sdk import AsyncAmeideClient
from scenario import Scenario


class UnaryCounter(grpc.aio.UnaryUnaryClientInterceptor):
    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario

    async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        self._scenario.user_calls += 1
        return await continuation(client_call_details, request)


class StreamCounter(grpc.aio.UnaryStreamClientInterceptor):
    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario

    async def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        self._scenario.user_calls += 1
        return await continuation(client_call_details, request)


def client_of(scenario: Scenario, target: str) -> AsyncAmeideClient:
    async def provide() -> str:
        return scenario.provide()

    counters = [UnaryCounter(scenario), StreamCounter(scenario)]
    return AsyncAmeideClient(target, token=provide, interceptors=counters, **scenario.options)


async def call(scenario: Scenario, client: AsyncAmeideClient) -> str:
    """The code that the call ends with."""
    running = getattr(client.graph, scenario.method)(scenario.request, metadata=scenario.headers)
    if "cancelAfterMs" in scenario.told:
        asyncio.get_running_loop().call_later(scenario.told["cancelAfterMs"] / 1000, running.cancel)
    try:
        if scenario.method == "WatchElements":
            async for message in running:
                if scenario.receive(message):
                    running.cancel()
        else:
            scenario.receive(await running)
    except asyncio.CancelledError as error:
        scenario.errors.append(error)
        return "CANCELLED"
    except grpc.RpcError as error:
        scenario.errors.append(error)
        return str(error.code().name)
    return "OK"
