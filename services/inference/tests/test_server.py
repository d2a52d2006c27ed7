"""The real servers in this process, called through the SDK."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import grpc
import pytest
from ameide_sdk import AmeideClient
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_pb2 import (
    FINISH_REASON_LENGTH,
    FINISH_REASON_STOP,
    ROLE_ASSISTANT,
    ROLE_USER,
    Message,
    Parameters,
)
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2 import InferRequest, StreamInferRequest
from google.protobuf.duration_pb2 import Duration
from grpc_health.v1 import health_pb2, health_pb2_grpc
from inference.server import Ports, serving
from inference.settings import Settings

ENDLESS = Message(role=ROLE_USER, text="on and on and on and")


@pytest.fixture(scope="module")
def ports() -> Iterator[Ports]:
    with serving(Settings(http_port=0, grpc_port=0, version="1.2.3")) as ports:
        yield ports


@pytest.fixture(scope="module")
def client(ports: Ports) -> Iterator[AmeideClient]:
    with AmeideClient(f"127.0.0.1:{ports.grpc}", plaintext=True, timeout_seconds=60) as client:
        yield client


def fields(text: str, **parameters: Any) -> dict[str, Any]:
    return {
        "model": "markov-2",
        "messages": [Message(role=ROLE_USER, text=text)],
        "parameters": Parameters(**parameters),
        "agent_id": "agent-1",
    }


def test_infer_answers_as_the_assistant_and_counts(client: AmeideClient) -> None:
    answer = client.inference.Infer(InferRequest(**fields("Hello, world!", temperature=0)))
    assert answer.message == Message(role=ROLE_ASSISTANT, text="Hello, world!")
    assert answer.finish_reason == FINISH_REASON_STOP
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (4, 4)
    assert 0 < answer.usage.latency.ToNanoseconds() < 60e9


def test_infer_stops_at_the_length_asked_for(client: AmeideClient) -> None:
    answer = client.inference.Infer(InferRequest(**fields("one two three", temperature=0, max_output_tokens=2)))
    assert answer.message.text == "one two"
    assert answer.finish_reason == FINISH_REASON_LENGTH
    assert answer.usage.output_tokens == 2


def test_a_stream_has_a_part_per_word_and_then_the_finish(client: AmeideClient) -> None:
    *deltas, last = client.inference.StreamInfer(StreamInferRequest(**fields("one two three", temperature=0)))
    assert [part.text_delta for part in deltas] == ["one", " two", " three"]
    assert last.finish.reason == FINISH_REASON_STOP
    assert last.finish.usage.output_tokens == 3


def test_a_stream_and_a_single_answer_say_the_same(client: AmeideClient) -> None:
    asked = fields("to be or not to be that is the question to be or to sleep", max_output_tokens=40)
    *deltas, last = client.inference.StreamInfer(StreamInferRequest(**asked))
    single = client.inference.Infer(InferRequest(**asked))
    assert "".join(part.text_delta for part in deltas) == single.message.text
    assert last.finish.reason == single.finish_reason
    assert last.finish.usage.output_tokens == single.usage.output_tokens


def test_a_stop_sequence_never_shows_in_a_stream(client: AmeideClient) -> None:
    asked = fields("ready set go now", temperature=0, stop_sequences=["set go"])
    *deltas, last = client.inference.StreamInfer(StreamInferRequest(**asked))
    assert [part.text_delta for part in deltas] == ["ready", " "]
    assert last.finish.reason == FINISH_REASON_STOP


def test_the_timeout_of_the_request_ends_a_long_answer(client: AmeideClient) -> None:
    parameters = Parameters(temperature=0, max_output_tokens=32768, timeout=Duration(nanos=2_000_000))
    request = InferRequest(model="markov-1", messages=[ENDLESS], parameters=parameters)
    with pytest.raises(grpc.RpcError) as caught:
        client.inference.Infer(request)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert caught.value.details() == "the model took longer than 0.002 s"


def test_a_stream_may_be_left_at_any_part(client: AmeideClient) -> None:
    parameters = Parameters(temperature=0, max_output_tokens=32768)
    for _ in range(20):  # more than are served at once: an abandoned call must give its thread back
        stream = client.inference.StreamInfer(
            StreamInferRequest(model="markov-1", messages=[ENDLESS], parameters=parameters)
        )
        assert next(stream).text_delta == "on"
        stream.cancel()
    assert client.inference.Infer(InferRequest(**fields("still here", temperature=0))).message.text == "still here"


@pytest.mark.parametrize("call", ["Infer", "StreamInfer"])
@pytest.mark.parametrize(
    ("model", "code", "details"),
    [
        ("", grpc.StatusCode.INVALID_ARGUMENT, "model: found nothing, expected a name"),
        ("gpt", grpc.StatusCode.NOT_FOUND, "model: found 'gpt', expected one of markov-1, markov-2, markov-3"),
    ],
)
def test_both_calls_refuse_a_bad_request(
    client: AmeideClient, call: str, model: str, code: grpc.StatusCode, details: str
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        if call == "Infer":
            client.inference.Infer(InferRequest(model=model, messages=[ENDLESS]))
        else:
            list(client.inference.StreamInfer(StreamInferRequest(model=model, messages=[ENDLESS])))
    assert (caught.value.code(), caught.value.details()) == (code, details)


@pytest.mark.parametrize("service", ["", "ameide_core_proto.inference.v1.InferenceService"])
def test_grpc_health_says_serving(ports: Ports, service: str) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{ports.grpc}") as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service), timeout=10)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_healthz_tells_name_and_version_and_keeps_the_connection(ports: Ports) -> None:
    connection = HTTPConnection("127.0.0.1", ports.http, timeout=10)
    for path, status in (("/healthz", 200), ("/nothing", 404), ("/healthz?probe=1", 200)):
        connection.request("GET", path)
        response = connection.getresponse()
        body = json.loads(response.read())
        assert (response.status, response.version, response.headers["Content-Type"]) == (status, 11, "application/json")
        assert body == (
            {"name": "inference", "version": "1.2.3"}
            if status == 200
            else {"error": "found /nothing, expected /healthz"}
        )
    connection.close()


@pytest.mark.parametrize("kind", ["HTTP", "gRPC"])
def test_a_taken_port_is_named(ports: Ports, kind: str) -> None:
    settings = {
        "HTTP": Settings(http_port=ports.http, grpc_port=0),
        "gRPC": Settings(http_port=0, grpc_port=ports.grpc),
    }[kind]
    with pytest.raises(OSError, match=f"{kind} port {getattr(ports, kind.lower())}: "), serving(settings):
        pass
