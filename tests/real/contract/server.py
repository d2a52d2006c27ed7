"""The server of the contract as a process, and its record."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from contract.observation import Seen, load_seen

NOTICE_SECONDS = 30.0
# Without the proxy of the machine, which knows no server of ours.
OPENER = build_opener(ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Server:
    url: str

    def seen(self, runner: str, scenario: str) -> Seen:
        asked = urlencode({"runner": runner, "scenario": scenario})
        with OPENER.open(f"{self.url}/contract/seen?{asked}", timeout=NOTICE_SECONDS) as answer:
            return load_seen(json.load(answer), f"the server, of {runner}, {scenario}")

    def seen_cancelled(self, runner: str, scenario: str) -> Seen:
        """Once the server has noticed that the client went away, or after long enough."""
        end = time.monotonic() + NOTICE_SECONDS
        while True:
            seen = self.seen(runner, scenario)
            if time.monotonic() > end or (seen.attempts and seen.attempts[-1].cancelled):
                return seen
            time.sleep(0.05)


@contextmanager
def running(program: Path, table: Path) -> Iterator[Server]:
    """Ends with its standard input, so it does not outlive us either."""
    with subprocess.Popen([program, table], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        line = process.stdout.readline()
        assert line, f"{program}: found no port on its standard output, expected one"
        yield Server(f"http://127.0.0.1:{json.loads(line)['port']}")
        process.stdin.close()
        assert process.wait(timeout=NOTICE_SECONDS) == 0
