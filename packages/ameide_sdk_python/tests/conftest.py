"""A real gRPC server in this process that answers and notes what reached it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from ameide_sdk.proto.ameide_core_proto.agents.v1 import agents_pb2, agents_service_pb2, agents_service_pb2_grpc
from ameide_sdk.proto.ameide_core_proto.graph.v1 import graph_pb2, graph_service_pb2, graph_service_pb2_grpc
from ameide_sdk.proto.ameide_core_proto.inference.v1 import (
    inference_pb2,
    inference_service_pb2,
    inference_service_pb2_grpc,
)


class Platform(
    graph_service_pb2_grpc.GraphServiceServicer,
    agents_service_pb2_grpc.AgentsServiceServicer,
    inference_service_pb2_grpc.InferenceServiceServicer,
):
    """`metadata` and `seconds_left` are those of the last call; `GetElement("slow")` answers once `released` is set."""

    def __init__(self) -> None:
        self.elements: dict[str, graph_pb2.Element] = {}
        self.metadata: dict[str, str] = {}
        self.seconds_left: float | None = None
        self.released = threading.Event()
        self.target = ""

    def _note(self, context: grpc.ServicerContext) -> None:
        self.metadata = dict(context.invocation_metadata())
        self.seconds_left = context.time_remaining()

    def CreateElement(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._note(context)
        element = graph_pb2.Element()
        element.CopyFrom(request.element)
        element.id = f"element-{len(self.elements) + 1}"
        self.elements[element.id] = element
        return graph_service_pb2.CreateElementResponse(element=element)

    def GetElement(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._note(context)
        if request.element_id == "slow":
            self.released.wait(timeout=30)
        if request.element_id not in self.elements:
            context.abort(grpc.StatusCode.NOT_FOUND, f"no element {request.element_id}")
        return graph_service_pb2.GetElementResponse(element=self.elements[request.element_id])

    def WatchElements(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        self._note(context)
        for element in self.elements.values():
            yield graph_service_pb2.WatchElementsResponse(change=graph_service_pb2.CHANGE_KIND_CREATED, element=element)

    def GetAgent(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._note(context)
        return agents_service_pb2.GetAgentResponse(agent=agents_pb2.Agent(id=request.agent_id, name="Reviewer"))

    def StreamInfer(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        self._note(context)
        for message in request.messages:
            yield inference_service_pb2.StreamInferResponse(text_delta=message.text)
        finish = inference_service_pb2.StreamInferResponse.Finish(reason=inference_pb2.FINISH_REASON_STOP)
        yield inference_service_pb2.StreamInferResponse(finish=finish)


@pytest.fixture
def platform() -> Iterator[Platform]:
    platform = Platform()
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    graph_service_pb2_grpc.add_GraphServiceServicer_to_server(platform, server)
    agents_service_pb2_grpc.add_AgentsServiceServicer_to_server(platform, server)
    inference_service_pb2_grpc.add_InferenceServiceServicer_to_server(platform, server)
    platform.target = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield platform
    platform.released.set()
    server.stop(grace=None).wait()
