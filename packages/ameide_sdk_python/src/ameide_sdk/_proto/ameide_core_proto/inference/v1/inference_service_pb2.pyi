from ameide_sdk._proto.ameide_core_proto.inference.v1 import inference_pb2 as _inference_pb2
from ameide_sdk._proto.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InferRequest(_message.Message):
    __slots__ = ("model", "messages", "parameters", "agent_id")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    model: str
    messages: _containers.RepeatedCompositeFieldContainer[_inference_pb2.Message]
    parameters: _inference_pb2.Parameters
    agent_id: str
    def __init__(self, model: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[_inference_pb2.Message, _Mapping]]] = ..., parameters: _Optional[_Union[_inference_pb2.Parameters, _Mapping]] = ..., agent_id: _Optional[str] = ...) -> None: ...

class InferResponse(_message.Message):
    __slots__ = ("message", "finish_reason", "usage")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FINISH_REASON_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    message: _inference_pb2.Message
    finish_reason: _inference_pb2.FinishReason
    usage: _inference_pb2.Usage
    def __init__(self, message: _Optional[_Union[_inference_pb2.Message, _Mapping]] = ..., finish_reason: _Optional[_Union[_inference_pb2.FinishReason, str]] = ..., usage: _Optional[_Union[_inference_pb2.Usage, _Mapping]] = ...) -> None: ...

class StreamInferRequest(_message.Message):
    __slots__ = ("model", "messages", "parameters", "agent_id")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    model: str
    messages: _containers.RepeatedCompositeFieldContainer[_inference_pb2.Message]
    parameters: _inference_pb2.Parameters
    agent_id: str
    def __init__(self, model: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[_inference_pb2.Message, _Mapping]]] = ..., parameters: _Optional[_Union[_inference_pb2.Parameters, _Mapping]] = ..., agent_id: _Optional[str] = ...) -> None: ...

class StreamInferResponse(_message.Message):
    __slots__ = ("text_delta", "tool_call", "finish")
    class Finish(_message.Message):
        __slots__ = ("reason", "usage")
        REASON_FIELD_NUMBER: _ClassVar[int]
        USAGE_FIELD_NUMBER: _ClassVar[int]
        reason: _inference_pb2.FinishReason
        usage: _inference_pb2.Usage
        def __init__(self, reason: _Optional[_Union[_inference_pb2.FinishReason, str]] = ..., usage: _Optional[_Union[_inference_pb2.Usage, _Mapping]] = ...) -> None: ...
    TEXT_DELTA_FIELD_NUMBER: _ClassVar[int]
    TOOL_CALL_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    text_delta: str
    tool_call: _inference_pb2.ToolCall
    finish: StreamInferResponse.Finish
    def __init__(self, text_delta: _Optional[str] = ..., tool_call: _Optional[_Union[_inference_pb2.ToolCall, _Mapping]] = ..., finish: _Optional[_Union[StreamInferResponse.Finish, _Mapping]] = ...) -> None: ...
