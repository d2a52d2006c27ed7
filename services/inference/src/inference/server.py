"""The two servers of the process: gRPC, and HTTP for health probes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2_grpc import (
    add_InferenceServiceServicer_to_server,
)
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import OVERALL_HEALTH, HealthServicer

from inference.healthz import HealthServer
from inference.service import SERVICE_NAME, InferenceService
from inference.settings import NAME, Settings

CALLS_AT_ONCE = 16
GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The ports really listened on."""

    http: int
    grpc: int


@contextmanager
def serving(settings: Settings) -> Iterator[Ports]:
    """Serve within the block. On leaving it, refuse new calls and give running ones time to end. Raises OSError when a
    port is taken."""
    health_server = _health_server(settings)
    try:
        server, health = _grpc_server(), HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(health, server)
        ports = Ports(http=health_server.server_address[1], grpc=_listen(server, settings.grpc_port))
        server.start()
        for service in (OVERALL_HEALTH, SERVICE_NAME):
            health.set(service, health_pb2.HealthCheckResponse.SERVING)
        threading.Thread(target=health_server.serve_forever, name="healthz", daemon=True).start()
        try:
            yield ports
        finally:
            health.enter_graceful_shutdown()
            server.stop(GRACE_SECONDS).wait()
            health_server.shutdown()
    finally:
        health_server.server_close()


def _health_server(settings: Settings) -> HealthServer:
    try:
        return HealthServer(settings.http_port, name=NAME, version=settings.version)
    except OSError as error:
        raise OSError(f"HTTP port {settings.http_port}: {error.strerror}") from error


def _grpc_server() -> grpc.Server:
    # Without so_reuseport=0 a second process would share the port in silence.
    server = grpc.server(ThreadPoolExecutor(max_workers=CALLS_AT_ONCE), options=[("grpc.so_reuseport", 0)])
    add_InferenceServiceServicer_to_server(InferenceService(), server)
    return server


def _listen(server: grpc.Server, port: int) -> int:
    try:
        return server.add_insecure_port(f"[::]:{port}")
    except RuntimeError as error:  # what grpc raises for every failure to bind
        raise OSError(f"gRPC port {port}: {error}") from error
