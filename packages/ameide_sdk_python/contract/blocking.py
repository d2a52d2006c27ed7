"""Scenarios with AmeideClient."""

from __future__ import annotations

import time
from typing import Any

import grpc
from ameide_sdk import AmeideClient
from scenario import Scenario


class Counter(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        self._scenario.user_calls += 1
        return continuation(client_call_details, request)

    def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        self._scenario.user_calls += 1
        return continuation(client_call_details, request)


def client_of(scenario: Scenario, target: str) -> AmeideClient:
    return AmeideClient(target, token=scenario.provide, interceptors=[Counter(scenario)], **scenario.options)


def call(scenario: Scenario, client: AmeideClient) -> str:
    """The code that the call ends with."""
    method = getattr(client.graph, scenario.method)
    try:
        if scenario.method == "WatchElements":
            _watch(scenario, method)
        elif "cancelAfterMs" in scenario.told:
            future = method.future(scenario.request, metadata=scenario.headers)
            time.sleep(scenario.told["cancelAfterMs"] / 1000)
            future.cancel()
            scenario.receive(future.result())
        else:
            scenario.receive(method(scenario.request, metadata=scenario.headers))
    except grpc.FutureCancelledError as error:
        scenario.errors.append(error)
        return "CANCELLED"
    except grpc.RpcError as error:
        scenario.errors.append(error)
        return str(error.code().name)
    return "OK"


def _watch(scenario: Scenario, method: Any) -> None:
    stream = method(scenario.request, metadata=scenario.headers)
    for message in stream:
        if scenario.receive(message):
            stream.cancel()
