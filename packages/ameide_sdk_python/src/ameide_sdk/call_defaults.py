"""What every call carries unless it says otherwise itself."""

from __future__ import annotations

import uuid
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import grpc

AUTHORIZATION = "authorization"
TENANT_ID = "x-tenant-id"
REQUEST_ID = "x-request-id"


class _CallDetails(
    namedtuple("_CallDetails", ("method", "timeout", "metadata", "credentials", "wait_for_ready", "compression")),
    grpc.ClientCallDetails,
):
    """grpc.ClientCallDetails has no constructor of its own."""


class CallDefaults(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    """Adds the token, the tenant, a request id and the timeout. Metadata that the caller passed stays as it is."""

    def __init__(self, *, token: str | None, tenant_id: str | None, timeout_seconds: float) -> None:
        self._headers = {}
        if token:
            self._headers[AUTHORIZATION] = f"Bearer {token}"
        if tenant_id:
            self._headers[TENANT_ID] = tenant_id
        self._timeout_seconds = timeout_seconds

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        return continuation(self._completed(details, self._timeout_seconds), request)

    def intercept_stream_unary(self, continuation: Callable[..., Any], details: Any, requests: Any) -> Any:
        return continuation(self._completed(details, self._timeout_seconds), requests)

    def intercept_unary_stream(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        return continuation(self._completed(details, None), request)

    def intercept_stream_stream(self, continuation: Callable[..., Any], details: Any, requests: Any) -> Any:
        return continuation(self._completed(details, None), requests)

    def _completed(self, details: Any, timeout_seconds: float | None) -> _CallDetails:
        own = list(details.metadata or ())
        named = {key for key, _ in own}
        defaults = {**self._headers, REQUEST_ID: str(uuid.uuid4())}
        return _CallDetails(
            method=details.method,
            timeout=timeout_seconds if details.timeout is None else details.timeout,
            metadata=[*own, *((key, value) for key, value in defaults.items() if key not in named)],
            credentials=details.credentials,
            wait_for_ready=details.wait_for_ready,
            compression=details.compression,
        )
