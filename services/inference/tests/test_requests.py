"""Rules and defaults of requests."""

from __future__ import annotations

from typing import Any

import pytest
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_pb2 import (
    ROLE_ASSISTANT,
    ROLE_TOOL,
    ROLE_USER,
    Message,
    Parameters,
    ToolCall,
    ToolResult,
)
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2 import InferRequest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Value
from inference.errors import InvalidRequestError, UnknownModelError
from inference.generation import Task
from inference.requests import require_task, timeout_seconds

HELLO = Message(role=ROLE_USER, text="hello")


def request(**fields: Any) -> InferRequest:
    return InferRequest(**{"model": "markov-1", "messages": [HELLO], **fields})


def test_defaults() -> None:
    assert require_task(request(model="markov-3")) == Task(
        order=3, texts=("hello",), temperature=1.0, max_output_tokens=256, stop_sequences=()
    )
    assert timeout_seconds(Parameters()) == 30


def test_parameters_reach_the_task() -> None:
    parameters = Parameters(
        temperature=0, max_output_tokens=7, stop_sequences=["\n"], timeout=Duration(seconds=1, nanos=500_000_000)
    )
    assert require_task(request(parameters=parameters)) == Task(
        order=1, texts=("hello",), temperature=0, max_output_tokens=7, stop_sequences=("\n",)
    )
    assert timeout_seconds(parameters) == 1.5


def test_texts_and_results_of_tools_are_read_and_tool_calls_are_not() -> None:
    messages = [
        HELLO,
        Message(role=ROLE_ASSISTANT, tool_call=ToolCall(id="1", name="search")),
        Message(role=ROLE_TOOL, tool_result=ToolResult(tool_call_id="1", output=Value(string_value="found it"))),
        Message(role=ROLE_TOOL, tool_result=ToolResult(output=ParseDict({"pages": [1, 2]}, Value()))),
    ]
    assert require_task(request(messages=messages)).texts == ("hello", "", "found it", '{"pages": [1.0, 2.0]}')


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"model": ""}, "model: found nothing, expected a name"),
        ({"messages": []}, "messages: found none, expected at least one"),
        (
            {"messages": [HELLO, Message(text="x")]},
            "messages[1].role: found 0, expected a role other than 0",
        ),
        (
            {"messages": [Message(role=99, text="x")]},
            "messages[0].role: found 99, expected a role other than 0",
        ),
        (
            {"messages": [Message(role=ROLE_USER)]},
            "messages[0].content: found nothing, expected a text, a tool call or a tool result",
        ),
        ({"parameters": Parameters(temperature=2.5)}, "parameters.temperature: found 2.5, expected 0 to 2"),
        ({"parameters": Parameters(temperature=float("nan"))}, "parameters.temperature: found nan, expected 0 to 2"),
        ({"parameters": Parameters(max_output_tokens=0)}, "parameters.max_output_tokens: found 0, expected 1 to 32768"),
        (
            {"parameters": Parameters(max_output_tokens=32769)},
            "parameters.max_output_tokens: found 32769, expected 1 to 32768",
        ),
        (
            {"parameters": Parameters(stop_sequences=["a", ""])},
            "parameters.stop_sequences: found an empty one, expected text",
        ),
        (
            {"parameters": Parameters(timeout=Duration())},
            "parameters.timeout: found none or a negative one, expected a positive duration",
        ),
    ],
)
def test_a_broken_rule_is_named(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        require_task(request(**fields))
    assert str(caught.value) == problem


def test_all_broken_rules_are_named_at_once() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        require_task(InferRequest(parameters=Parameters(temperature=-1)))
    assert str(caught.value) == (
        "model: found nothing, expected a name; messages: found none, expected at least one; "
        "parameters.temperature: found -1.0, expected 0 to 2"
    )


def test_an_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(UnknownModelError) as caught:
        require_task(request(model="gpt"))
    assert str(caught.value) == "model: found 'gpt', expected one of markov-1, markov-2, markov-3"


@pytest.mark.parametrize("limit", [1, 32768])
def test_the_ends_of_the_range_of_lengths_are_in_it(limit: int) -> None:
    assert require_task(request(parameters=Parameters(max_output_tokens=limit))).max_output_tokens == limit
