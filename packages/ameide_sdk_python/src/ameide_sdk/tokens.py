"""Tokens and their providers. What a provider says when it fails may hold a token, so nothing of it is passed on."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio

TokenProvider = Callable[[], str]
AsyncTokenProvider = Callable[[], str | Awaitable[str]]


class TokenProviderError(grpc.aio.AioRpcError):
    """No token could be had, so nothing was sent; `code()` is UNAUTHENTICATED."""

    def __init__(self, found: str) -> None:
        details = f"token provider: found {found}, expected a token; what it said is withheld, it may hold one"
        super().__init__(grpc.StatusCode.UNAUTHENTICATED, grpc.aio.Metadata(), grpc.aio.Metadata(), details)
        self.found = found

    def __reduce__(self) -> tuple[Any, ...]:
        return TokenProviderError, (self.found,)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a provider came up with instead of a token."""

    found: str


class BearerToken(str):
    """The value of an `authorization` header. Call details and metadata end up in logs; this way it does not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'Bearer …'"


def bearer(token: str) -> BearerToken:
    return BearerToken(f"Bearer {token}")


def fault_of(token: object) -> Fault | None:
    """Whether a header can hold the token: gRPC's own error would quote it."""
    if not isinstance(token, str):
        return Fault(f"a value of type {type(token).__name__}")
    if not token:
        return Fault("an empty string")
    if not all("!" <= character <= "~" for character in token):
        return Fault("white space or another character that no token has")
    return None


def is_coroutine_function(provider: object) -> bool:
    """An object whose `__call__` is one counts too."""
    return inspect.iscoroutinefunction(provider) or (
        callable(provider) and inspect.iscoroutinefunction(type(provider).__call__)
    )


def asked(provider: TokenProvider) -> str | Fault:
    token = _called(provider)
    if inspect.iscoroutine(token):
        token.close()
    return _checked(token)


async def awaited(provider: AsyncTokenProvider) -> str | Fault:
    """A provider that is a plain function may ask a server, so it runs in a thread and leaves the loop alone."""
    token = _called(provider) if is_coroutine_function(provider) else await asyncio.to_thread(_called, provider)
    if inspect.isawaitable(token):
        try:
            token = await token
        except Exception as error:
            return Fault(type(error).__name__)
    return _checked(token)


def _called(provider: Callable[[], Any]) -> Any:
    try:
        return provider()
    except Exception as error:
        return Fault(type(error).__name__)


def _checked(token: Any) -> str | Fault:
    return token if isinstance(token, Fault) else fault_of(token) or str(token)
