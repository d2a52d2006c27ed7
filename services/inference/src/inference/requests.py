"""From the messages of the schema to a task: its rules, and the defaults of this service."""

from __future__ import annotations

from collections.abc import Iterator

from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_pb2 import ROLE_UNSPECIFIED, Message, Parameters, Role
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2 import InferRequest, StreamInferRequest
from google.protobuf.json_format import MessageToJson

from inference.errors import InvalidRequestError, UnknownModelError
from inference.generation import DEFAULT_MAX_OUTPUT_TOKENS, DEFAULT_TEMPERATURE, Task

# Name → how many words the model looks back.
MODELS = {"markov-1": 1, "markov-2": 2, "markov-3": 3}

MOST_OUTPUT_TOKENS = 32_768
DEFAULT_TIMEOUT_SECONDS = 30.0


def require_task(request: InferRequest | StreamInferRequest) -> Task:
    """Raises InvalidRequestError with every broken rule, or UnknownModelError."""
    problems = list(_problems(request))
    if problems:
        raise InvalidRequestError("; ".join(problems))
    if request.model not in MODELS:
        raise UnknownModelError(f"model: found {request.model!r}, expected one of {', '.join(MODELS)}")
    parameters = request.parameters
    temperature, limit = parameters.temperature, parameters.max_output_tokens
    return Task(
        order=MODELS[request.model],
        texts=tuple(map(_spoken, request.messages)),
        temperature=temperature if parameters.HasField("temperature") else DEFAULT_TEMPERATURE,
        max_output_tokens=limit if parameters.HasField("max_output_tokens") else DEFAULT_MAX_OUTPUT_TOKENS,
        stop_sequences=tuple(parameters.stop_sequences),
    )


def timeout_seconds(parameters: Parameters) -> float:
    return parameters.timeout.ToNanoseconds() / 1e9 if parameters.HasField("timeout") else DEFAULT_TIMEOUT_SECONDS


def _spoken(message: Message) -> str:
    """What of a message is text to learn from. A wish to call a tool is none; the tool's result is."""
    if message.HasField("text"):
        return message.text
    if message.HasField("tool_result"):
        output = message.tool_result.output
        return output.string_value if output.HasField("string_value") else MessageToJson(output, indent=None)
    return ""


def _problems(request: InferRequest | StreamInferRequest) -> Iterator[str]:
    """The constraints written in inference.proto and inference_service.proto, then our own."""
    if not request.model:
        yield "model: found nothing, expected a name"
    if not request.messages:
        yield "messages: found none, expected at least one"
    for index, message in enumerate(request.messages):
        if message.role == ROLE_UNSPECIFIED or message.role not in Role.values():
            yield f"messages[{index}].role: found {message.role}, expected a role other than 0"
        if message.WhichOneof("content") is None:
            yield f"messages[{index}].content: found nothing, expected a text, a tool call or a tool result"
    yield from _parameter_problems(request.parameters)


def _parameter_problems(parameters: Parameters) -> Iterator[str]:
    if not 0 <= parameters.temperature <= 2:
        yield f"parameters.temperature: found {parameters.temperature}, expected 0 to 2"
    limit = parameters.max_output_tokens
    if parameters.HasField("max_output_tokens") and not 0 < limit <= MOST_OUTPUT_TOKENS:
        yield f"parameters.max_output_tokens: found {limit}, expected 1 to {MOST_OUTPUT_TOKENS}"
    if "" in parameters.stop_sequences:
        yield "parameters.stop_sequences: found an empty one, expected text"
    if parameters.HasField("timeout") and parameters.timeout.ToNanoseconds() <= 0:
        yield "parameters.timeout: found none or a negative one, expected a positive duration"
