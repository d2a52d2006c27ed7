"""InferenceService of the schema over gRPC."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from ameide_sdk.proto.ameide_core_proto.inference.v1 import inference_pb2 as messages
from ameide_sdk.proto.ameide_core_proto.inference.v1 import inference_service_pb2 as calls
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2_grpc import InferenceServiceServicer
from google.protobuf.duration_pb2 import Duration

from inference.errors import CallerGoneError, InferenceError, InvalidRequestError, OutOfTimeError, UnknownModelError
from inference.generation import Checkpoint, Finish, Reason, generate
from inference.requests import require_task, timeout_seconds

SERVICE_NAME = calls.DESCRIPTOR.services_by_name["InferenceService"].full_name

STATUS: dict[type[InferenceError], grpc.StatusCode] = {
    InvalidRequestError: grpc.StatusCode.INVALID_ARGUMENT,
    UnknownModelError: grpc.StatusCode.NOT_FOUND,
    OutOfTimeError: grpc.StatusCode.DEADLINE_EXCEEDED,
    CallerGoneError: grpc.StatusCode.CANCELLED,
}
FINISH_REASON = {Reason.STOP: messages.FINISH_REASON_STOP, Reason.LENGTH: messages.FINISH_REASON_LENGTH}

log = logging.getLogger(__name__)


class InferenceService(InferenceServiceServicer):
    def Infer(self, request: calls.InferRequest, context: grpc.ServicerContext) -> calls.InferResponse:
        texts: list[str] = []
        response = calls.InferResponse()
        for part in self.StreamInfer(request, context):
            if part.HasField("finish"):
                response.finish_reason = part.finish.reason
                response.usage.CopyFrom(part.finish.usage)
            else:
                texts.append(part.text_delta)
        response.message.CopyFrom(messages.Message(role=messages.ROLE_ASSISTANT, text="".join(texts)))
        return response

    def StreamInfer(
        self, request: calls.InferRequest | calls.StreamInferRequest, context: grpc.ServicerContext
    ) -> Iterator[calls.StreamInferResponse]:
        """Both requests have the same fields, so both calls are this one."""
        started = time.monotonic()
        with _errors_as_status(context):
            task = require_task(request)
            checkpoint = _checkpoint(context, timeout_seconds=timeout_seconds(request.parameters), started=started)
            for part in generate(task, checkpoint):
                if isinstance(part, Finish):
                    latency_seconds = time.monotonic() - started
                    _log_finish(request, part, latency_seconds)
                    yield calls.StreamInferResponse(finish=_rendered(part, latency_seconds))
                else:
                    yield calls.StreamInferResponse(text_delta=part)


def _checkpoint(context: grpc.ServicerContext, *, timeout_seconds: float, started: float) -> Checkpoint:
    def check() -> None:
        if time.monotonic() - started > timeout_seconds:
            raise OutOfTimeError(f"the model took longer than {timeout_seconds:g} s")
        if not context.is_active():
            raise CallerGoneError("the caller went away")

    return check


def _rendered(finish: Finish, latency_seconds: float) -> calls.StreamInferResponse.Finish:
    latency = Duration()
    latency.FromNanoseconds(round(latency_seconds * 1e9))
    usage = messages.Usage(input_tokens=finish.input_tokens, output_tokens=finish.output_tokens, latency=latency)
    return calls.StreamInferResponse.Finish(reason=FINISH_REASON[finish.reason], usage=usage)


def _log_finish(request: calls.InferRequest | calls.StreamInferRequest, finish: Finish, latency_seconds: float) -> None:
    log.info(
        "%s for agent %s: %d tokens in, %d out, %s after %.1f ms",
        request.model,
        repr(request.agent_id) if request.agent_id else "none",
        finish.input_tokens,
        finish.output_tokens,
        finish.reason.name,
        latency_seconds * 1000,
    )


@contextmanager
def _errors_as_status(context: grpc.ServicerContext) -> Iterator[None]:
    try:
        yield
    except InferenceError as error:
        log.info("%s: %s", type(error).__name__, error)
        context.abort(STATUS[type(error)], str(error))
