"""InferenceService itself, on a gRPC server that holds a call until its caller went away."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from ameide_sdk import AmeideClient
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_pb2 import ROLE_USER, Message
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2 import InferRequest
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2_grpc import (
    add_InferenceServiceServicer_to_server,
)
from inference.service import InferenceService


class Abandoned(InferenceService):
    """Works only once the caller is gone; `outcome` is the status the work ended with, None when it came to its end."""

    def __init__(self) -> None:
        self.begun, self.ended = threading.Event(), threading.Event()
        self.outcome: tuple[Any, Any] = (None, None)

    def Infer(self, request: Any, context: grpc.ServicerContext) -> Any:
        gone = threading.Event()
        context.add_callback(gone.set)
        self.begun.set()
        gone.wait(timeout=30)
        try:
            return super().Infer(request, context)
        finally:
            self.outcome = (context.code(), context.details())
            self.ended.set()


def test_no_work_goes_on_for_a_caller_who_went_away() -> None:
    service, server = Abandoned(), grpc.server(ThreadPoolExecutor(max_workers=1))
    add_InferenceServiceServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    request = InferRequest(model="markov-1", messages=[Message(role=ROLE_USER, text="hello")])
    with AmeideClient(f"127.0.0.1:{port}", plaintext=True) as client:
        call = client.inference.Infer.future(request, timeout=60)
        assert service.begun.wait(timeout=30)
        call.cancel()
        assert service.ended.wait(timeout=30)
    server.stop(grace=None).wait()
    assert service.outcome == (grpc.StatusCode.CANCELLED, b"the caller went away")
