"""Calls a running graph service with the SDK that was installed from a registry; run by `nox -s smoke`.

Reads NOX_RINGS_SMOKE_GRPC (host:port of the service) and NOX_RINGS_SMOKE_VERSION (what must be installed).
"""

import importlib.metadata
import json
import os
import sys

import ameide_sdk
import grpc
from ameide_sdk.proto.ameide_core_proto.common.v1 import resource_pb2
from ameide_sdk.proto.ameide_core_proto.graph.v1 import graph_pb2, graph_service_pb2

DISTRIBUTION = "ameide-sdk-python"


def require(fact: bool, sentence: str) -> None:
    if not fact:
        sys.exit(f"smoke: {sentence}")


def require_installed(expected: str) -> None:
    """The expected version, from an archive: a link to a folder would only prove that the workspace works."""
    installed = importlib.metadata.distribution(DISTRIBUTION)
    require(installed.version == expected, f"found {DISTRIBUTION} {installed.version} installed, expected {expected}")
    found = ameide_sdk.__version__
    require(found == expected, f"found ameide_sdk.__version__ {found}, expected {expected}")
    origin = json.loads(installed.read_text("direct_url.json") or "{}")  # PEP 610: written for all but registries
    require("dir_info" not in origin, f"found {DISTRIBUTION} linked to {origin.get('url')}, expected a built package")


def create_and_read_back(target: str) -> None:
    element = graph_pb2.Element(
        name="Smoke test of the Python SDK",
        kind=graph_pb2.ELEMENT_KIND_APPLICATION,
        document_uri="https://example.com/smoke",
        metadata=resource_pb2.ResourceMetadata(labels={"sdk": DISTRIBUTION}),
    )
    element.properties.update({"language": "Python", "tries": 1})
    with ameide_sdk.AmeideClient(target, plaintext=True, timeout_seconds=30) as client:
        created = client.graph.CreateElement(graph_service_pb2.CreateElementRequest(element=element)).element
        require(bool(created.id), "found a created element without id, expected the server to choose one")
        read = client.graph.GetElement(graph_service_pb2.GetElementRequest(element_id=created.id)).element
    require(read == created, f"found {read} when reading back, expected {created}")
    for field in ("name", "kind", "document_uri", "properties"):
        found, sent = getattr(read, field), getattr(element, field)
        require(found == sent, f"element.{field}: found {found!r} when reading back, expected {sent!r}")
    require(read.metadata.labels["sdk"] == DISTRIBUTION, f"found {read.metadata.labels}, expected the labels sent")


def main() -> None:
    missing = [name for name in ("NOX_RINGS_SMOKE_GRPC", "NOX_RINGS_SMOKE_VERSION") if not os.environ.get(name)]
    require(not missing, f"found no {' and no '.join(missing)} in the environment, expected `nox -s smoke` to set it")
    version, target = os.environ["NOX_RINGS_SMOKE_VERSION"], os.environ["NOX_RINGS_SMOKE_GRPC"]
    require_installed(version)
    try:
        create_and_read_back(target)
    except grpc.RpcError as error:
        sys.exit(f"smoke: the graph service at {target} answered {error.code().name}: {error.details()}")
    print(f"graph.v1 CreateElement+GetElement ok ({DISTRIBUTION} {version})")


if __name__ == "__main__":
    main()
