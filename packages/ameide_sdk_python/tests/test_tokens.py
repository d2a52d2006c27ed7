"""Where a token comes from, and that neither it nor what its provider says gets out."""

from __future__ import annotations

import asyncio
import functools
import logging
import pickle
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import grpc
import grpc.aio
import pytest
from ameide_sdk import AmeideClient, AsyncAmeideClient, TokenProviderError
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_pb2 import Element
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2 import CreateElementRequest, WatchElementsRequest
from ameide_sdk.tokens import bearer
from served_platform import PATIENCE_SECONDS, Platform

SECRET = "hidden-7f3a"
WISH = CreateElementRequest(element=Element(name="Billing"))


class Provider:
    """An object that is called and awaited."""

    async def __call__(self) -> str:
        return SECRET


async def later(token: str) -> str:
    await asyncio.sleep(0)
    return token


def failing() -> str:
    try:
        raise KeyError(SECRET)
    except KeyError as cause:
        raise RuntimeError(f"cannot refresh with {SECRET}") from cause


def told(error: BaseException) -> str:
    """All that a handler, a log or a debugger's report makes of an error."""
    shown = [str(error), repr(error), *map(str, error.args), str(getattr(error, "details", str)())]
    return "".join([*shown, *traceback.TracebackException.from_exception(error, capture_locals=True).format()])


def test_a_provider_is_asked_once_a_call(create: Callable[..., Element], platform: Platform) -> None:
    tokens: Iterator[str] = iter(["first", "second"])
    create(token=lambda: next(tokens))
    assert platform.metadata["authorization"] == "Bearer first"
    create(token=lambda: next(tokens))
    assert platform.metadata["authorization"] == "Bearer second"


def test_a_stream_asks_too(watch: Callable[..., list[Any]], platform: Platform) -> None:
    watch(token=lambda: SECRET)
    assert platform.metadata["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    "provider",
    [Provider(), functools.partial(later, SECRET), lambda: later(SECRET), lambda: SECRET],
    ids=["awaited object", "partial of a coroutine function", "function that returns a coroutine", "plain function"],
)
def test_the_client_for_asyncio_takes_all_kinds(
    provider: Callable[[], str | Awaitable[str]], platform: Platform
) -> None:
    async def call() -> None:
        async with AsyncAmeideClient(platform.target, plaintext=True, token=provider) as client:
            await client.graph.CreateElement(WISH)

    asyncio.run(call())
    assert platform.metadata["authorization"] == f"Bearer {SECRET}"


def test_a_plain_provider_does_not_hold_up_the_loop(platform: Platform) -> None:
    released = threading.Event()

    def slow() -> str:
        assert released.wait(PATIENCE_SECONDS)
        return SECRET

    async def call() -> None:
        async with AsyncAmeideClient(platform.target, plaintext=True, token=slow) as client:
            running = asyncio.ensure_future(create_with(client))
            await asyncio.sleep(0.05)
            assert not running.done()
            released.set()
            await running

    async def create_with(client: AsyncAmeideClient) -> Any:
        return await client.graph.CreateElement(WISH)

    asyncio.run(call())


def test_a_call_that_brings_its_own_authorization_asks_nobody(platform: Platform) -> None:
    own = (("authorization", "Basic Zm9v"),)
    with AmeideClient(platform.target, plaintext=True, token=failing) as client:
        client.graph.CreateElement(WISH, metadata=own)
    assert platform.metadata["authorization"] == "Basic Zm9v"


@pytest.mark.parametrize(
    ("provider", "found"),
    [
        (failing, "RuntimeError"),
        (lambda: next(iter(())), "StopIteration"),
        (lambda: "", "an empty string"),
        (lambda: None, "a value of type NoneType"),
        (lambda: SECRET.encode(), "a value of type bytes"),
        (lambda: f"{SECRET}\n", "white space or another character that no token has"),
    ],
)
def test_a_provider_without_a_token_ends_the_call(
    create: Callable[..., Element], platform: Platform, provider: Callable[[], Any], found: str
) -> None:
    with pytest.raises(TokenProviderError) as caught:
        create(token=provider)
    error = caught.value
    assert error.code() is grpc.StatusCode.UNAUTHENTICATED
    assert error.details() == (
        f"token provider: found {found}, expected a token; what it said is withheld, it may hold one"
    )
    assert error.__cause__ is None
    assert error.__context__ is None
    assert SECRET not in told(error)
    assert platform.arrivals == []


def test_a_provider_without_a_token_ends_a_stream(watch: Callable[..., list[Any]], platform: Platform) -> None:
    with pytest.raises(TokenProviderError) as caught:
        watch(token=failing)
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert SECRET not in told(caught.value)
    assert platform.arrivals == []


def test_an_awaited_provider_that_fails_says_as_little(platform: Platform) -> None:
    async def provide() -> str:
        await asyncio.sleep(0)
        return failing()

    async def call() -> None:
        async with AsyncAmeideClient(platform.target, plaintext=True, token=provide) as client:
            await client.graph.CreateElement(WISH)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        asyncio.run(call())
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert SECRET not in told(caught.value)


def test_a_coroutine_where_nobody_awaits_is_no_token(platform: Platform) -> None:
    client = AmeideClient(platform.target, plaintext=True, token=lambda: later(SECRET))  # type: ignore[arg-type,return-value]
    with client, pytest.raises(TokenProviderError, match="a value of type coroutine"):
        client.graph.CreateElement(WISH)


def test_a_refused_token_is_not_in_the_error(create: Callable[..., Element], platform: Platform) -> None:
    platform.answers = [grpc.StatusCode.UNAUTHENTICATED]
    with pytest.raises(grpc.RpcError) as caught:
        create(token=SECRET)
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert SECRET not in f"{caught.value} {caught.value!r} {caught.value.details()}"


def test_an_interceptor_of_the_user_may_log_a_call(platform: Platform, caplog: pytest.LogCaptureFixture) -> None:
    class Logger(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            logging.getLogger("user").info("%s %s", details, details.metadata)
            return continuation(details, request)

    class AsyncLogger(grpc.aio.UnaryUnaryClientInterceptor):
        async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
            logging.getLogger("user").info("%s %s", client_call_details, client_call_details.metadata)
            return await continuation(client_call_details, request)

    async def call() -> None:
        interceptors = [AsyncLogger()]
        async with AsyncAmeideClient(
            platform.target, plaintext=True, token=SECRET, interceptors=interceptors
        ) as client:
            await client.graph.CreateElement(WISH)

    with caplog.at_level(logging.DEBUG):
        with AmeideClient(platform.target, plaintext=True, token=SECRET, interceptors=[Logger()]) as client:
            client.graph.CreateElement(WISH)
        asyncio.run(call())
    assert caplog.text.count("Bearer …") == 4
    assert SECRET not in caplog.text
    assert platform.metadata["authorization"] == f"Bearer {SECRET}"


def test_grpc_quotes_no_token_when_it_refuses_other_metadata(platform: Platform) -> None:
    with AmeideClient(platform.target, plaintext=True, token=SECRET) as client:
        with pytest.raises(Exception) as caught:
            client.graph.CreateElement(WISH, metadata=(("Not-Lower-Case", "1"),))
        with pytest.raises(Exception) as caught_by_stream:
            list(client.graph.WatchElements(WatchElementsRequest(), metadata=(("Not-Lower-Case", "1"),)))
    assert SECRET not in f"{caught.value!r} {caught_by_stream.value!r}"


def test_a_header_shows_no_token_but_is_one() -> None:
    header = bearer(SECRET)
    assert header == f"Bearer {SECRET}"
    assert repr(header) == "'Bearer …'"


def test_the_error_survives_another_process() -> None:
    error = pickle.loads(pickle.dumps(TokenProviderError("RuntimeError")))
    assert (error.code(), error.details()) == (
        grpc.StatusCode.UNAUTHENTICATED,
        TokenProviderError("RuntimeError").details(),
    )
