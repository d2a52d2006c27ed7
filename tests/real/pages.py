"""Pages served on one loopback port, opened in a real Chromium, and answered by the graph service on another port."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from house import require_program
from sdks import Sdks

HERE = Path(__file__).parent / "browser"
GRAPH = "services/graph"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The text and the outcome that the page shows, and the console of the browser."""

    outcome: str
    text: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A user with a Chromium, whose home and temporary files are below `folder`."""

    sdks: Sdks
    folder: Path
    chromium: str

    @property
    def temporary(self) -> Path:
        return self.folder / "temporary"

    def prepare(self) -> None:
        modules = self.folder / "node_modules"
        for path in (self.temporary, modules):
            path.mkdir()
        (modules / "playwright-core").symlink_to(self.sdks.npm_tool("playwright-core"))
        shutil.copy(HERE / "open.mjs", self.folder)

    def open(self, url: str, **asked: str) -> Shown:
        own = {"HOME": str(self.folder / "home"), "TMPDIR": str(self.temporary)}
        argv = ("node", "open.mjs", self.chromium, f"{url}?{urlencode(asked)}")
        answer: dict[str, Any] = json.loads(self.sdks.run(argv, cwd=self.folder, **own))
        return Shown(outcome=answer["outcome"], text=answer["text"], said="\n".join(answer["said"]))

    def leftovers(self) -> list[str]:
        """Processes and temporary files of the browser, once those are gone that end a moment after it."""
        deadline = time.monotonic() + 30
        while (found := [*self._processes(), *self._files()]) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found

    def _processes(self) -> Iterator[str]:
        mark = f"TMPDIR={self.temporary}".encode()
        for variables in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in variables.read_bytes().split(b"\0"):
                    yield variables.with_name("cmdline").read_text().replace("\0", " ")
            except OSError:
                continue  # it ended meanwhile, or is somebody else's

    def _files(self) -> list[str]:
        return [str(path) for path in self.temporary.iterdir()]


def find_chromium() -> str:
    """Skips the test, loudly, where there is none."""
    return require_program("chromium")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The origin of the files of a folder."""
    server = ThreadingHTTPServer((LOOPBACK, 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """Prints nothing: a failing test shows the console of the browser."""


@contextmanager
def running_graph(sdks: Sdks, *, allowed_origins: str) -> Iterator[str]:
    """The address of the built graph service, which ends with the block."""
    settings = {"HOST": LOOPBACK, "PORT": "0", "GRPC_PORT": "0", "CORS_ALLOWED_ORIGINS": allowed_origins}
    process = subprocess.Popen(
        ("node", "dist/main.js"),
        cwd=sdks.checkout.root / GRAPH,
        env={**sdks.environment, **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        words = process.stdout.readline().split()
        assert words[2:5] == ["serves", "http", "on"], words
        yield f"http://{LOOPBACK}:{words[5]}"
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
