"""The interceptors that complete a call before its first attempt: metadata, auth and timeout."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ameide_sdk._calls.steps import Ask, Call, Interceptor, Pair, Proceed, Shape, Steps
from ameide_sdk.manifest import manifest
from ameide_sdk.tokens import Fault, TokenProviderError, bearer

AUTHORIZATION = "authorization"


def metadata(tenant_id: str | None) -> Interceptor:
    headers = manifest()["headers"]
    tenant: tuple[Pair, ...] = ((headers["tenantId"], tenant_id),) if tenant_id else ()

    def intercept(call: Call, proceed: Proceed) -> Steps:
        return proceed(call.with_metadata(*tenant, (headers["requestId"], str(uuid.uuid4()))))

    return intercept


def auth(token: str | Callable[[], Any] | None) -> Interceptor:
    def intercept(call: Call, proceed: Proceed) -> Steps:
        if not token or any(key.lower() == AUTHORIZATION for key, _ in call.metadata):
            return (yield from proceed(call))
        found: str | Fault = token if isinstance(token, str) else (yield Ask(token))
        if isinstance(found, Fault):
            raise TokenProviderError(found.found)
        return (yield from proceed(call.with_metadata((AUTHORIZATION, bearer(found)))))

    return intercept


def timeout(seconds: float) -> Interceptor:
    def intercept(call: Call, proceed: Proceed) -> Steps:
        unbounded = call.timeout_seconds is None and call.shape is not Shape.STREAM
        return proceed(replace(call, timeout_seconds=seconds) if unbounded else call)

    return intercept
