"""AmeideClient against a real gRPC server."""

from __future__ import annotations

import importlib.metadata
from importlib.resources import files
from threading import Event
from typing import Any, cast
from uuid import UUID

import ameide_sdk
import grpc
import pytest
from ameide_sdk import AmeideClient
from ameide_sdk.proto.ameide_core_proto.agents.v1.agents_service_pb2 import GetAgentRequest
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_pb2 import ELEMENT_KIND_APPLICATION, Element
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2 import (
    CHANGE_KIND_UPDATED,
    CreateElementRequest,
    GetElementRequest,
    WatchElementsRequest,
)
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_pb2 import ROLE_USER, Message
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2 import StreamInferRequest

BILLING = Element(name="Billing", kind=ELEMENT_KIND_APPLICATION)


def test_graph_creates_an_element_and_reads_it_back(platform: Any) -> None:
    with AmeideClient(platform.target, plaintext=True) as client:
        created = client.graph.CreateElement(CreateElementRequest(element=BILLING)).element
        read = client.graph.GetElement(GetElementRequest(element_id="element-1")).element
    assert created == Element(id="element-1", name="Billing", kind=ELEMENT_KIND_APPLICATION)
    assert read == created


def test_agents_answers(platform: Any) -> None:
    with AmeideClient(platform.target, plaintext=True) as client:
        assert client.agents.GetAgent(GetAgentRequest(agent_id="a1")).agent.name == "Reviewer"


def test_inference_streams_parts_in_order(platform: Any) -> None:
    request = StreamInferRequest(messages=[Message(role=ROLE_USER, text="one"), Message(role=ROLE_USER, text="two")])
    with AmeideClient(platform.target, plaintext=True) as client:
        parts = list(client.inference.StreamInfer(request))
    assert [part.WhichOneof("part") for part in parts] == ["text_delta", "text_delta", "finish"]
    assert [part.text_delta for part in parts[:2]] == ["one", "two"]


def test_errors_of_the_server_reach_the_caller(platform: Any) -> None:
    with AmeideClient(platform.target, plaintext=True) as client, pytest.raises(grpc.RpcError) as caught:
        client.graph.GetElement(GetElementRequest(element_id="gone"))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    assert caught.value.details() == "no element gone"


def test_every_call_carries_token_tenant_and_the_name_of_the_sdk(platform: Any) -> None:
    with AmeideClient(platform.target, plaintext=True, token="secret", tenant_id="acme") as client:
        client.graph.CreateElement(CreateElementRequest(element=BILLING))
        unary = platform.metadata
        list(client.graph.WatchElements(WatchElementsRequest()))
        stream = platform.metadata
    for metadata in (unary, stream):
        assert metadata["authorization"] == "Bearer secret"
        assert metadata["x-tenant-id"] == "acme"
        assert metadata["user-agent"].startswith(f"ameide-sdk-python/{ameide_sdk.__version__} ")
    assert UUID(unary["x-request-id"]) != UUID(stream["x-request-id"])


def test_nothing_is_sent_about_an_unknown_caller(platform: Any) -> None:
    with AmeideClient(platform.target, plaintext=True) as client:
        client.graph.CreateElement(CreateElementRequest(element=BILLING))
    assert "authorization" not in platform.metadata
    assert "x-tenant-id" not in platform.metadata


def test_metadata_of_one_call_wins_over_the_clients(platform: Any) -> None:
    own = (("x-tenant-id", "other"), ("x-request-id", "r-1"), ("x-more", "1"))
    with AmeideClient(platform.target, plaintext=True, token="secret", tenant_id="acme") as client:
        client.graph.CreateElement(CreateElementRequest(element=BILLING), metadata=own)
    sent = {key: platform.metadata[key] for key in ("authorization", "x-tenant-id", "x-request-id", "x-more")}
    assert sent == {"authorization": "Bearer secret", "x-tenant-id": "other", "x-request-id": "r-1", "x-more": "1"}


def test_a_slow_answer_ends_in_the_clients_timeout(platform: Any) -> None:
    with (
        AmeideClient(platform.target, plaintext=True, timeout_seconds=0.2) as client,
        pytest.raises(grpc.RpcError) as caught,
    ):
        client.graph.GetElement(GetElementRequest(element_id="slow"))
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_five_seconds_are_the_default_and_one_call_may_ask_for_more(platform: Any) -> None:
    with AmeideClient(platform.target, plaintext=True) as client:
        client.graph.CreateElement(CreateElementRequest(element=BILLING))
        assert platform.seconds_left == pytest.approx(5, abs=2)
        client.graph.CreateElement(CreateElementRequest(element=BILLING), timeout=60)
        assert platform.seconds_left == pytest.approx(60, abs=5)


def test_a_stream_has_no_timeout_unless_the_call_names_one(platform: Any) -> None:
    with AmeideClient(platform.target, plaintext=True, timeout_seconds=1) as client:
        list(client.graph.WatchElements(WatchElementsRequest()))
        assert platform.seconds_left is None or platform.seconds_left > 1_000_000
        list(client.graph.WatchElements(WatchElementsRequest(), timeout=60))
        assert platform.seconds_left == pytest.approx(60, abs=5)


def test_interceptors_of_the_user_see_what_the_sdk_added(platform: Any) -> None:
    seen: list[list[str]] = []

    class Spy(grpc.UnaryUnaryClientInterceptor):
        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            seen.append([key for key, _ in details.metadata])
            return continuation(details, request)

    with AmeideClient(platform.target, plaintext=True, token="secret", interceptors=[Spy()]) as client:
        client.graph.CreateElement(CreateElementRequest(element=BILLING))
    assert seen == [["x-request-id", "authorization"]]


def test_messages_may_be_larger_than_grpc_allows_unless_told(platform: Any) -> None:
    platform.elements["large"] = Element(id="large", description="x" * 5_000_000)
    with AmeideClient(platform.target, plaintext=True) as client:
        assert len(client.graph.GetElement(GetElementRequest(element_id="large")).element.description) == 5_000_000


def test_arguments_may_be_named(platform: Any) -> None:
    with AmeideClient(platform.target, plaintext=True) as client:
        client.graph.CreateElement(
            request=CreateElementRequest(element=BILLING), timeout=60, metadata=(("x-more", "1"),)
        )
        answer, call = client.graph.GetElement.with_call(request=GetElementRequest(element_id="element-1"))
    assert (answer.element.id, call.code()) == ("element-1", grpc.StatusCode.OK)
    assert platform.arrivals[0].metadata["x-more"] == "1"


def test_a_stream_is_a_call(platform: Any) -> None:
    platform.endless = True
    with AmeideClient(platform.target, plaintext=True) as client:
        stream: Any = client.graph.WatchElements(WatchElementsRequest(), timeout=60)
        ended = Event()
        assert isinstance(cast(object, stream), grpc.Call)
        assert next(stream).change == CHANGE_KIND_UPDATED
        assert stream.is_active() and 0 < stream.time_remaining() <= 60
        assert stream.add_callback(ended.set)
        assert stream.initial_metadata() is not None
        assert stream.cancel()
        with pytest.raises(grpc.RpcError):
            next(stream)
        assert ended.wait(30)
    assert (stream.code(), stream.cancelled()) == (grpc.StatusCode.CANCELLED, True)
    assert "CANCELLED" in repr(stream) and stream.details() and stream.trailing_metadata() is not None


def test_leaving_the_block_closes_the_channel(platform: Any) -> None:
    with AmeideClient(platform.target, plaintext=True) as client:
        client.graph.CreateElement(CreateElementRequest(element=BILLING))
    with pytest.raises(ValueError, match="closed channel"):
        client.graph.CreateElement(CreateElementRequest(element=BILLING))


def test_a_grpc_name_is_a_target(platform: Any) -> None:
    with AmeideClient(f"dns:///{platform.target}", plaintext=True) as client:
        assert client.graph.CreateElement(CreateElementRequest(element=BILLING)).element.id == "element-1"


def test_the_version_is_that_of_the_installed_distribution() -> None:
    assert ameide_sdk.__version__ == importlib.metadata.version("ameide-sdk-python")


def test_the_package_says_that_it_is_typed() -> None:
    assert files("ameide_sdk").joinpath("py.typed").is_file()
