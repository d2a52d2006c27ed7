"""The services that a client carries: those of the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ameide_sdk.manifest import manifest
from ameide_sdk.proto.ameide_core_proto.agents.v1.agents_service_pb2_grpc import AgentsServiceStub
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2_grpc import GraphServiceStub
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2_grpc import InferenceServiceStub

STUBS = {
    "ameide_core_proto.agents.v1.AgentsService": AgentsServiceStub,
    "ameide_core_proto.graph.v1.GraphService": GraphServiceStub,
    "ameide_core_proto.inference.v1.InferenceService": InferenceServiceStub,
}


def stubs_on(channel: Any) -> Iterator[tuple[str, Any]]:
    """Name of the attribute and stub. The channel may be one of grpc or of grpc.aio."""
    for entry in manifest()["roster"]:
        yield entry["name"], STUBS[entry["service"]](channel)
