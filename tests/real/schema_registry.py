"""A Buf Schema Registry on a loopback port: what `buf push` and `buf dep update` ask it, over HTTPS.

It keeps what was uploaded, checks tokens, and refuses what a registry refuses by the definition of the API. By hand:

    python tests/real/schema_registry.py acme/weather

Requests are unary ones of Connect (https://connectrpc.com/docs/protocol) over HTTP/1.1, which buf 1.75 speaks."""

from __future__ import annotations

import gzip
import json
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import trustme

from protobuf_wire import WireError, decode, encode
from schema_registry_api import PROCEDURES
from schema_registry_store import RegistryError, Store

HTTP_STATUS = {
    "invalid_argument": 400,
    "unauthenticated": 401,
    "permission_denied": 403,
    "not_found": 404,
    "unimplemented": 501,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call as it came: the last part of its path, its Authorization header and its message."""

    method: str
    authorization: str
    message: dict[str, Any]


@dataclass(kw_only=True)
class SchemaRegistry:
    """`tokens` maps each known token to the owners it may push for; `certificate` is what a client has to trust."""

    port: int
    certificate: Path
    tokens: dict[str, set[str]]
    store: Store = field(default_factory=Store)
    requests: list[Request] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    def methods(self) -> list[str]:
        return [request.method for request in self.requests]

    def answer(self, path: str, authorization: str, data: bytes) -> bytes:
        """The encoded response. Raises RegistryError."""
        procedure = PROCEDURES.get(path)
        if procedure is None:
            self.requests.append(Request(method=path, authorization=authorization, message={}))
            raise RegistryError("unimplemented", f"found no {path}")
        try:
            message = decode(procedure.request, data)
        except WireError as error:
            raise RegistryError("invalid_argument", f"{path}: {error}") from error
        method = path.rpartition("/")[2]
        self.requests.append(Request(method=method, authorization=authorization, message=message))
        return encode(procedure.response, self.store.call(method, message, self._owners(authorization)))

    def _owners(self, authorization: str) -> set[str] | None:
        """The owners the caller may push for; None for a caller without a token, who may read what is public."""
        scheme, _, token = authorization.partition(" ")
        if not authorization:
            return None
        if scheme != "Bearer" or token not in self.tokens:
            raise RegistryError("unauthenticated", "this token is not known here")
        return self.tokens[token]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    registry: SchemaRegistry

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        try:
            authorization = self.headers.get("Authorization", "")
            self._send(200, "application/proto", self.registry.answer(self.path, authorization, data))
        except RegistryError as error:
            body = json.dumps({"code": error.code, "message": error.message}).encode()
            self._send(HTTP_STATUS[error.code], "application/json", body)

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The requests are kept; nothing is printed."""


@contextmanager
def schema_registry(tokens: dict[str, set[str]]) -> Iterator[SchemaRegistry]:
    """A registry that answers until the block ends."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    with TemporaryDirectory() as folder, ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        certificate = Path(folder) / "authority.pem"
        authority.cert_pem.write_to_path(str(certificate))
        registry = SchemaRegistry(port=server.server_port, certificate=certificate, tokens=tokens)
        server.RequestHandlerClass = type("Handler", (_Handler,), {"registry": registry})
        # The handshake is done by the thread of the request: a client that never begins one does not block the others.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield registry
        finally:
            server.shutdown()
            thread.join()


def main(modules: list[str]) -> None:
    """Serve until Ctrl-C and print how to use it; `modules` are the OWNER/NAME that exist."""
    owners = {module.partition("/")[0] for module in modules}
    with schema_registry({"local-token": owners}) as registry:
        for module in modules:
            registry.store.create(*module.split("/"))
        print(f"https://{registry.host} knows {', '.join(modules)}; for buf:")
        print(f"  export SSL_CERT_FILE={registry.certificate} BUF_TOKEN=local-token", flush=True)
        shown = 0
        while True:
            threading.Event().wait(0.2)
            for request in registry.requests[shown:]:
                print(request.method, flush=True)
            shown = len(registry.requests)


if __name__ == "__main__":
    try:
        main(sys.argv[1:] or ["acme/weather"])
    except KeyboardInterrupt:
        sys.exit(130)
