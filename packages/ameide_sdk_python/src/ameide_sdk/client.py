"""One channel, and a stub per service on it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from types import TracebackType
from typing import Any

import grpc

from ameide_sdk.call_defaults import CallDefaults
from ameide_sdk.proto.ameide_core_proto.agents.v1.agents_service_pb2_grpc import AgentsServiceStub
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2_grpc import GraphServiceStub
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2_grpc import InferenceServiceStub

DEFAULT_TIMEOUT_SECONDS = 5.0


class AmeideClient:
    """Clients of the Ameide services at `target`, which is `host:port` or another gRPC name.

    `timeout_seconds` bounds calls with one answer that name no timeout themselves. Without `credentials` the
    connection is plain text, so a `token` travels readable: give both wherever the network is not your own.

    Raises ValueError for a URL as target and for a timeout that is not positive. Calls raise grpc.RpcError.
    """

    graph: GraphServiceStub
    agents: AgentsServiceStub
    inference: InferenceServiceStub

    def __init__(
        self,
        target: str,
        *,
        token: str | None = None,
        tenant_id: str | None = None,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        credentials: grpc.ChannelCredentials | None = None,
        interceptors: Sequence[Any] = (),
    ) -> None:
        if "://" in target and target.partition("://")[0] in ("http", "https"):
            raise ValueError(f"target: found {target!r}, expected host:port without a scheme")
        if not timeout_seconds > 0:
            raise ValueError(f"timeout_seconds: found {timeout_seconds}, expected a positive number")
        self._channel = _open_channel(target, credentials)
        defaults = CallDefaults(token=token, tenant_id=tenant_id, timeout_seconds=timeout_seconds)
        channel = grpc.intercept_channel(self._channel, defaults, *interceptors)
        self.graph = GraphServiceStub(channel)
        self.agents = AgentsServiceStub(channel)
        self.inference = InferenceServiceStub(channel)

    def close(self) -> None:
        """Give the connection back; calls still running are cancelled."""
        self._channel.close()

    def __enter__(self) -> AmeideClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _open_channel(target: str, credentials: grpc.ChannelCredentials | None) -> grpc.Channel:
    options = [("grpc.primary_user_agent", f"ameide-sdk-python/{version('ameide-sdk-python')}")]
    if credentials is None:
        return grpc.insecure_channel(target, options=options)
    return grpc.secure_channel(target, credentials, options=options)
