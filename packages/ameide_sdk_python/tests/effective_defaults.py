"""What clients without options do, found out by calling a server with them.

They are made without an address. Only the connection is not what they asked for: it leads to a server of the test. Time
stands still for them, and their waits take none.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio
import pytest
from ameide_sdk import AmeideClient, AsyncAmeideClient, RetryPolicy
from ameide_sdk._calls import asynchronous, chain, retry
from ameide_sdk._calls.steps import Call, Interceptor, Proceed, Steps
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_pb2 import Element
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2 import CreateElementRequest
from served_platform import Platform

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
WISH = CreateElementRequest(element=Element(name="Billing"))
MANY = 40
AN_HOUR = 3600.0


@dataclass
class Observer:
    """`use` makes a client of the options, calls once and gives the client."""

    platform: Platform
    use: Callable[..., Any] = NotImplemented
    target: str = ""
    over_tls: bool = False
    channel_options: dict[str, Any] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)

    def attempts_after(self, *answers: grpc.StatusCode, **options: Any) -> int:
        for noted in (self.waits, self.bounds, self.order, self.timeouts):
            noted.clear()
        self.platform.answers = list(answers)
        before = len(self.platform.arrivals)
        self.use(**options)
        self.platform.answers = []
        return len(self.platform.arrivals) - before

    def called(self, **options: Any) -> Observer:
        self.attempts_after(**options)
        return self

    def called_in_vain(self) -> Observer:
        """Many times; the random factor of the waits is 1."""
        self.attempts_after(*[UNAVAILABLE] * MANY, retry=RetryPolicy(max_attempts=MANY), timeout_seconds=AN_HOUR)
        return self

    def retried_codes(self) -> list[str]:
        failures = [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK]
        twice = {"retry": RetryPolicy(max_attempts=2), "timeout_seconds": AN_HOUR}
        return [code.name for code in failures if self.attempts_after(code, **twice) == 2]

    def header_of(self, is_value: Callable[[str], bool], **options: Any) -> str:
        sent = self.called(**options).platform.metadata
        return ", ".join(name for name, value in sent.items() if is_value(value))

    def roster(self) -> list[dict[str, str]]:
        """Of each service that the client has, the one that its methods call."""
        stubs = {name: stub for name, stub in vars(self.use()).items() if not name.startswith("_")}
        paths = {name: str(next(iter(vars(stub).values()))._method) for name, stub in stubs.items()}
        return [{"name": name, "service": path.split("/")[1]} for name, path in paths.items()]

    def secure_channel(self, connect: Callable[..., Any]) -> Callable[..., Any]:
        def opened(target: str, credentials: object, options: Any, **others: Any) -> Any:
            self.target, self.channel_options = target, dict(options)
            self.over_tls = isinstance(credentials, grpc.ChannelCredentials)
            return connect(self.platform.target, options=options, **others)

        return opened

    def recorded(self, name: str, interceptor: Interceptor) -> Interceptor:
        def intercept(call: Call, proceed: Proceed) -> Steps:
            self.order.append(name)
            return interceptor(call, proceed)

        return intercept

    def uniform(self, low: float, high: float) -> float:
        self.bounds.append((low, high))
        return 1.0


def observe(name: str, platform: Platform, patch: pytest.MonkeyPatch) -> Observer:
    observer = Observer(platform)
    observer.use = _use_blocking(observer, patch) if name == "AmeideClient" else _use_async(observer, patch)
    patch.setattr(retry, "monotonic", lambda: 0.0)
    patch.setattr(retry, "uniform", observer.uniform)
    own = chain.own_interceptors
    patch.setattr(
        chain,
        "own_interceptors",
        lambda settings: {each: observer.recorded(each, found) for each, found in own(settings).items()},
    )
    return observer


def _use_blocking(observer: Observer, patch: pytest.MonkeyPatch) -> Callable[..., Any]:
    class Spy(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            observer.order.append("user")
            observer.timeouts.append(details.timeout)
            return continuation(details, request)

    class Waits(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            observer.waits.append(timeout or 0)
            return False

    def use(**options: Any) -> AmeideClient:
        with AmeideClient(interceptors=[Spy()], **options) as client, contextlib.suppress(grpc.RpcError):
            client.graph.CreateElement(WISH)
        return client

    patch.setattr("ameide_sdk.client.Event", Waits)
    patch.setattr(grpc, "secure_channel", observer.secure_channel(grpc.insecure_channel))
    return use


def _use_async(observer: Observer, patch: pytest.MonkeyPatch) -> Callable[..., Any]:
    class Spy(grpc.aio.UnaryUnaryClientInterceptor):
        async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
            observer.order.append("user")
            observer.timeouts.append(client_call_details.timeout)
            return await continuation(client_call_details, request)

    async def sleep(seconds: float) -> None:
        observer.waits.append(seconds)

    async def use(**options: Any) -> AsyncAmeideClient:
        async with AsyncAmeideClient(interceptors=[Spy()], **options) as client:
            with contextlib.suppress(grpc.RpcError):
                await client.graph.CreateElement(WISH)
        return client

    patch.setattr(asynchronous, "sleep", sleep)
    patch.setattr(grpc.aio, "secure_channel", observer.secure_channel(grpc.aio.insecure_channel))
    return lambda **options: asyncio.run(use(**options))
