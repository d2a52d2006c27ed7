"""Which options make a client, and that nothing secret travels or shows by default."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import grpc
import pytest
import trustme
from ameide_sdk import AmeideClient, AsyncAmeideClient, RetryPolicy
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_pb2 import Element
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2 import CreateElementRequest
from served_platform import Platform, serve

TLS = grpc.ssl_channel_credentials()
WISH = CreateElementRequest(element=Element(name="Billing"))
Make = Callable[..., Any]


async def made_on_a_loop(*args: Any, **options: Any) -> AsyncAmeideClient:
    async with AsyncAmeideClient(*args, **options) as client:
        return client


@pytest.fixture(params=["AmeideClient", "AsyncAmeideClient"])
def make(request: pytest.FixtureRequest) -> Make:
    if request.param == "AmeideClient":
        return AmeideClient
    return lambda *args, **options: asyncio.run(made_on_a_loop(*args, **options))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"target": "http://localhost:9000"}, "target: found 'http://localhost:9000', expected host:port"),
        ({"target": "https://api.ameide.io"}, "target: found 'https://api.ameide.io', expected host:port"),
        ({"timeout_seconds": 0}, "timeout_seconds: found 0, expected a positive number"),
        ({"timeout_seconds": -1}, "timeout_seconds: found -1, expected a positive number"),
        ({"timeout_seconds": float("nan")}, "timeout_seconds: found nan, expected a positive number"),
        ({"target": "h:1", "plaintext": True, "credentials": TLS}, "plaintext: found credentials too"),
        ({"plaintext": True}, "plaintext: found no target, expected the address of a server of your own"),
        ({"token": "a b"}, "token: found white space or another character that no token has"),
        ({"token": "line\n"}, "token: found white space or another character that no token has"),
    ],
)
def test_options_that_make_no_client(make: Make, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        make(**options)
    assert str(caught.value).startswith(sentence)


def test_a_token_that_is_refused_is_not_quoted(make: Make) -> None:
    with pytest.raises(ValueError) as caught:
        make(token="hidden token")
    assert "hidden" not in str(caught.value)


def test_a_coroutine_function_is_no_token_provider_of_a_client_that_does_not_await() -> None:
    async def provide() -> str:
        return "token"

    with pytest.raises(ValueError, match="only AsyncAmeideClient awaits"):
        AmeideClient(token=provide)  # type: ignore[arg-type]


def test_a_client_shows_its_target_and_nothing_secret(make: Make) -> None:
    client = make("localhost:1", token="hidden", tenant_id="acme")
    assert repr(client) in ("AmeideClient('localhost:1')", "AsyncAmeideClient('localhost:1')")
    assert not any("hidden" in repr(value) for value in vars(client).values())


def test_an_address_of_ones_own_is_called_over_tls_unless_told_otherwise(platform: Platform) -> None:
    """The server speaks plain text, so a client that begins with TLS never gets as far as sending its token."""
    once = RetryPolicy(max_attempts=1)
    with AmeideClient(platform.target, token="secret", retry=once) as client:
        with pytest.raises(grpc.RpcError) as caught:
            client.graph.CreateElement(WISH)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE

    async def call() -> None:
        async with AsyncAmeideClient(platform.target, token="secret", retry=once) as client:
            await client.graph.CreateElement(WISH)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        asyncio.run(call())
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert platform.arrivals == []


def test_credentials_of_ones_own_are_used() -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    key, chain = certificate.private_key_pem.bytes(), b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
    platform = Platform()
    server = serve(platform, credentials=grpc.ssl_server_credentials([(key, chain)]))
    trusting = grpc.ssl_channel_credentials(authority.cert_pem.bytes())
    try:
        with AmeideClient(platform.target, token="secret", credentials=trusting) as client:
            assert client.graph.CreateElement(WISH).element.id == "element-1"
        assert platform.metadata["authorization"] == "Bearer secret"

        async def call() -> str:
            async with AsyncAmeideClient(platform.target, token="secret", credentials=trusting) as client:
                return (await client.graph.CreateElement(WISH)).element.id

        assert asyncio.run(call()) == "element-2"
    finally:
        server.stop(grace=None).wait()
