"""The options of both clients, checked and completed from the manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import grpc

from ameide_sdk.manifest import manifest
from ameide_sdk.retry_policy import RetryPolicy
from ameide_sdk.tokens import fault_of

DISTRIBUTION = "ameide-sdk-python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Without `credentials` the connection is plain text."""

    target: str
    credentials: grpc.ChannelCredentials | None
    tenant_id: str | None
    token: str | Callable[[], Any] | None = field(repr=False)
    timeout_seconds: float
    retry: RetryPolicy

    @property
    def version(self) -> str:
        return version(DISTRIBUTION)

    @property
    def channel_options(self) -> list[tuple[str, Any]]:
        return [
            ("grpc.primary_user_agent", f"{DISTRIBUTION}/{self.version}"),
            ("grpc.max_receive_message_length", manifest()["maxMessageBytes"]),
            ("grpc.max_send_message_length", -1),
            # gRPC's own retry neither waits as the manifest says nor shows its attempts to interceptors, and what it
            # repeats "transparently" would come on top of the attempts that the policy counts.
            ("grpc.enable_retries", 0),
            # Until gRPC tries to connect anew, each attempt fails at once: after a second by default, which is longer
            # than all waits of the policy together.
            ("grpc.initial_reconnect_backoff_ms", round(self.retry.initial_backoff_seconds * 1000)),
            ("grpc.max_reconnect_backoff_ms", round(self.retry.max_backoff_seconds * 1000)),
        ]


def settle(
    target: str | None,
    *,
    token: str | Callable[[], Any] | None,
    tenant_id: str | None,
    timeout_seconds: float | None,
    retry: RetryPolicy | None,
    plaintext: bool,
    credentials: grpc.ChannelCredentials | None,
) -> Settings:
    """Raises ValueError for options that make no client; none of them is quoted that may be secret."""
    if target is not None and target.partition("://")[0] in ("http", "https"):
        raise ValueError(f"target: found {target!r}, expected host:port without a scheme")
    if timeout_seconds is not None and not timeout_seconds > 0:
        raise ValueError(f"timeout_seconds: found {timeout_seconds}, expected a positive number")
    if token and isinstance(token, str) and (fault := fault_of(token)):
        raise ValueError(f"token: found {fault.found}, expected what a header can hold")
    return Settings(
        target=manifest()["endpoints"]["target"] if target is None else target,
        credentials=_credentials(target, plaintext, credentials),
        tenant_id=tenant_id,
        token=token,
        timeout_seconds=manifest()["timeoutMs"] / 1000 if timeout_seconds is None else timeout_seconds,
        retry=RetryPolicy() if retry is None else retry,
    )


def _credentials(
    target: str | None, plaintext: bool, credentials: grpc.ChannelCredentials | None
) -> grpc.ChannelCredentials | None:
    if not plaintext:
        return grpc.ssl_channel_credentials() if credentials is None else credentials
    if credentials is not None:
        raise ValueError("plaintext: found credentials too, expected one of the two")
    if target is None:
        raise ValueError("plaintext: found no target, expected the address of a server of your own")
    return None
