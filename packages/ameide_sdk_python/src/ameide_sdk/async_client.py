"""The client for asyncio."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import grpc
import grpc.aio

from ameide_sdk._calls.asynchronous import step_interceptors
from ameide_sdk._calls.chain import chained
from ameide_sdk.retry_policy import RetryPolicy
from ameide_sdk.roster import stubs_on
from ameide_sdk.settings import Settings, settle
from ameide_sdk.tokens import AsyncTokenProvider

if TYPE_CHECKING:
    from ameide_sdk.proto.ameide_core_proto.agents.v1.agents_service_pb2_grpc import AgentsServiceAsyncStub
    from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2_grpc import GraphServiceAsyncStub
    from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2_grpc import InferenceServiceAsyncStub


class AsyncAmeideClient:
    """AmeideClient for asyncio: the same options, methods to be awaited. Make it on the loop that uses it.

    `token` may be a coroutine function as well; a plain one is asked in a thread. `interceptors` are those of grpc.aio.
    Cancelling the task that awaits a call ends the call, or its wait before a repetition, at once.
    """

    graph: GraphServiceAsyncStub
    agents: AgentsServiceAsyncStub
    inference: InferenceServiceAsyncStub

    def __init__(
        self,
        target: str | None = None,
        *,
        token: str | AsyncTokenProvider | None = None,
        tenant_id: str | None = None,
        timeout_seconds: float | None = None,
        retry: RetryPolicy | None = None,
        plaintext: bool = False,
        credentials: grpc.ChannelCredentials | None = None,
        interceptors: Sequence[grpc.aio.ClientInterceptor] = (),
    ) -> None:
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
        self._channel = _open_channel(settings, chained(settings, interceptors, step_interceptors))
        for name, stub in stubs_on(self._channel):
            setattr(self, name, stub)

    async def close(self) -> None:
        """Give the connection back; calls still running are cancelled."""
        await self._channel.close()

    def __repr__(self) -> str:
        return f"AsyncAmeideClient({self._target!r})"

    async def __aenter__(self) -> AsyncAmeideClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _open_channel(settings: Settings, interceptors: Sequence[grpc.aio.ClientInterceptor]) -> grpc.aio.Channel:
    options = settings.channel_options
    if settings.credentials is None:
        return grpc.aio.insecure_channel(settings.target, options=options, interceptors=interceptors)
    return grpc.aio.secure_channel(settings.target, settings.credentials, options=options, interceptors=interceptors)
