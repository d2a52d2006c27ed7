"""A real gRPC server in this process that answers as told and notes what reached it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import grpc
from ameide_sdk.proto.ameide_core_proto.agents.v1 import agents_pb2, agents_service_pb2, agents_service_pb2_grpc
from ameide_sdk.proto.ameide_core_proto.graph.v1 import graph_pb2, graph_service_pb2, graph_service_pb2_grpc
from ameide_sdk.proto.ameide_core_proto.inference.v1 import (
    inference_pb2,
    inference_service_pb2,
    inference_service_pb2_grpc,
)

PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Arrival:
    metadata: dict[str, str]
    seconds_left: float | None


class Platform(
    graph_service_pb2_grpc.GraphServiceServicer,
    agents_service_pb2_grpc.AgentsServiceServicer,
    inference_service_pb2_grpc.InferenceServiceServicer,
):
    """`answers` are the codes of the next calls of the graph service; without them it does its work.

    `GetElement("slow")` answers once `released` is set, `WatchElements` goes on until then if `endless`.
    """

    def __init__(self) -> None:
        self.elements: dict[str, graph_pb2.Element] = {}
        self.arrivals: list[Arrival] = []
        self.answers: list[grpc.StatusCode] = []
        self.endless = False
        self.released = threading.Event()
        self.arrived = threading.Event()
        self.left = threading.Event()
        self.target = ""

    @property
    def metadata(self) -> dict[str, str]:
        return self.arrivals[-1].metadata

    @property
    def seconds_left(self) -> float | None:
        return self.arrivals[-1].seconds_left

    def _note(self, context: grpc.ServicerContext) -> None:
        self.arrivals.append(
            Arrival({key: str(value) for key, value in context.invocation_metadata()}, context.time_remaining())
        )
        context.add_callback(self.left.set)
        self.arrived.set()

    def _answer(self, context: grpc.ServicerContext) -> None:
        code = self.answers.pop(0) if self.answers else grpc.StatusCode.OK
        if code is not grpc.StatusCode.OK:
            context.abort(code, f"told to answer {code.name}")

    def CreateElement(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._note(context)
        self._answer(context)
        element = graph_pb2.Element()
        element.CopyFrom(request.element)
        element.id = f"element-{len(self.elements) + 1}"
        self.elements[element.id] = element
        return graph_service_pb2.CreateElementResponse(element=element)

    def GetElement(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._note(context)
        self._answer(context)
        if request.element_id == "slow":
            self.released.wait(timeout=PATIENCE_SECONDS)
        if request.element_id not in self.elements:
            context.abort(grpc.StatusCode.NOT_FOUND, f"no element {request.element_id}")
        return graph_service_pb2.GetElementResponse(element=self.elements[request.element_id])

    def WatchElements(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        self._note(context)
        while self.endless and not self.released.is_set() and context.is_active():
            yield graph_service_pb2.WatchElementsResponse(change=graph_service_pb2.CHANGE_KIND_UPDATED)
        for element in self.elements.values():
            yield graph_service_pb2.WatchElementsResponse(change=graph_service_pb2.CHANGE_KIND_CREATED, element=element)
        self._answer(context)

    def GetAgent(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._note(context)
        return agents_service_pb2.GetAgentResponse(agent=agents_pb2.Agent(id=request.agent_id, name="Reviewer"))

    def StreamInfer(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        self._note(context)
        for message in request.messages:
            yield inference_service_pb2.StreamInferResponse(text_delta=message.text)
        finish = inference_service_pb2.StreamInferResponse.Finish(reason=inference_pb2.FINISH_REASON_STOP)
        yield inference_service_pb2.StreamInferResponse(finish=finish)


def serve(platform: Platform, *, port: int = 0, credentials: grpc.ServerCredentials | None = None) -> grpc.Server:
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    graph_service_pb2_grpc.add_GraphServiceServicer_to_server(platform, server)
    agents_service_pb2_grpc.add_AgentsServiceServicer_to_server(platform, server)
    inference_service_pb2_grpc.add_InferenceServiceServicer_to_server(platform, server)
    address = f"127.0.0.1:{port}"
    bound = server.add_secure_port(address, credentials) if credentials else server.add_insecure_port(address)
    platform.target = f"127.0.0.1:{bound}"
    server.start()
    return server
