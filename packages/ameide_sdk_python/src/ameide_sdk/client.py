"""One channel, and a stub per service on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from threading import Event
from types import TracebackType

import grpc

from ameide_sdk._calls.blocking import StepChannel
from ameide_sdk._calls.chain import chained
from ameide_sdk.proto.ameide_core_proto.agents.v1.agents_service_pb2_grpc import AgentsServiceStub
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2_grpc import GraphServiceStub
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2_grpc import InferenceServiceStub
from ameide_sdk.retry_policy import RetryPolicy
from ameide_sdk.roster import stubs_on
from ameide_sdk.settings import Settings, settle
from ameide_sdk.tokens import TokenProvider, is_coroutine_function

Interceptor = (
    grpc.UnaryUnaryClientInterceptor
    | grpc.UnaryStreamClientInterceptor
    | grpc.StreamUnaryClientInterceptor
    | grpc.StreamStreamClientInterceptor
)


class AmeideClient:
    """Clients of the Ameide services at `target`, which is `host:port` or another gRPC name; ours without one.

    The connection is TLS, with `credentials` of your own if need be; `plaintext=True` is for a server that has none,
    and lets the token travel readable. `token` is one, or a function that is asked for one at each call.
    `timeout_seconds` bounds calls with one answer that name no timeout themselves, all attempts of `retry` together.
    `.future()` of a method waits for nothing, and is repeated like any other call.
    `interceptors` see every attempt with all that the SDK sends.

    Raises ValueError for options that make no client. Calls raise grpc.RpcError.
    """

    graph: GraphServiceStub
    agents: AgentsServiceStub
    inference: InferenceServiceStub

    def __init__(
        self,
        target: str | None = None,
        *,
        token: str | TokenProvider | None = None,
        tenant_id: str | None = None,
        timeout_seconds: float | None = None,
        retry: RetryPolicy | None = None,
        plaintext: bool = False,
        credentials: grpc.ChannelCredentials | None = None,
        interceptors: Sequence[Interceptor] = (),
    ) -> None:
        if is_coroutine_function(token):
            raise ValueError("token: found a coroutine function, expected a plain one: only AsyncAmeideClient awaits")
        settings = settle(
            target,
            token=token,
            tenant_id=tenant_id,
            timeout_seconds=timeout_seconds,
            retry=retry,
            plaintext=plaintext,
            credentials=credentials,
        )
        self._target = settings.target
        self._channel = _intercepted(_open_channel(settings), settings, interceptors)
        for name, stub in stubs_on(self._channel):
            setattr(self, name, stub)

    def close(self) -> None:
        """Give the connection back; calls still running are cancelled, waits before a repetition end."""
        self._channel.close()

    def __repr__(self) -> str:
        return f"AmeideClient({self._target!r})"

    def __enter__(self) -> AmeideClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _open_channel(settings: Settings) -> grpc.Channel:
    if settings.credentials is None:
        return grpc.insecure_channel(settings.target, options=settings.channel_options)
    return grpc.secure_channel(settings.target, settings.credentials, options=settings.channel_options)


def _intercepted(channel: grpc.Channel, settings: Settings, interceptors: Sequence[Interceptor]) -> grpc.Channel:
    closed = Event()
    user: list[Callable[[grpc.Channel], grpc.Channel]] = [
        partial(_with_interceptor, interceptor=interceptor) for interceptor in interceptors
    ]
    layers = chained(settings, user, lambda proceed: [lambda inner: StepChannel(inner, proceed, closed)])
    for layer in reversed(layers):
        channel = layer(channel)
    return channel


def _with_interceptor(channel: grpc.Channel, interceptor: Interceptor) -> grpc.Channel:
    return grpc.intercept_channel(channel, interceptor)
