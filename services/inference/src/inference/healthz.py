"""`GET /healthz` over HTTP/1.1, for probes that do not speak gRPC."""

from __future__ import annotations

import json
import logging
import socket
import socketserver
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

log = logging.getLogger(__name__)


class HealthServer(ThreadingHTTPServer):
    """Answers on every address of the machine, IPv6 and IPv4, as gRPC does on `[::]`."""

    address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET

    def __init__(self, port: int, *, name: str, version: str) -> None:
        self.answer = {"name": name, "version": version}
        super().__init__(("", port), _Handler)

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        socketserver.TCPServer.server_bind(self)  # HTTPServer's own also asks the DNS for our name, and may wait long


class _Handler(BaseHTTPRequestHandler):
    server: HealthServer
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds an idle connection is kept

    def do_GET(self) -> None:
        if self.path.partition("?")[0] == "/healthz":
            self._send(HTTPStatus.OK, self.server.answer)
        else:
            self._send(HTTPStatus.NOT_FOUND, {"error": f"found {self.path}, expected /healthz"})

    def _send(self, status: HTTPStatus, answer: dict[str, str]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        log.debug(format, *args)  # probes come every few seconds
