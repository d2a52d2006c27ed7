"""The command itself, as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest
from ameide_sdk import AmeideClient
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_pb2 import ROLE_USER, Message, Parameters
from ameide_sdk.proto.ameide_core_proto.inference.v1.inference_service_pb2 import StreamInferRequest

COMMAND = [sys.executable, "-m", "inference"]


def environment(**variables: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in ("PORT", "GRPC_PORT", "SERVICE_VERSION")}
    return {**own, **variables}


@contextmanager
def running() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the address of its gRPC server."""
    variables = environment(PORT="0", GRPC_PORT="0", SERVICE_VERSION="1.2.3")
    process = subprocess.Popen(COMMAND, env=variables, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        yield process, f"127.0.0.1:{_grpc_port(process.stderr)}"
    finally:
        process.kill()
        process.communicate()


def _grpc_port(log: IO[str]) -> int:
    lines = []
    for line in log:
        lines.append(line)
        if found := re.search(r"version 1\.2\.3 serves HTTP on port \d+ and gRPC on port (\d+)$", line):
            return int(found[1])
    raise AssertionError("".join(lines))


@pytest.mark.parametrize(
    ("variables", "expected"), [({}, "inference 0.0.0-dev\n"), ({"SERVICE_VERSION": "1.2.3"}, "inference 1.2.3\n")]
)
def test_version(variables: dict[str, str], expected: str) -> None:
    done = subprocess.run(
        [*COMMAND, "--version"], env=environment(**variables), capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == expected


def test_a_wrong_port_ends_the_process_with_a_sentence() -> None:
    done = subprocess.run(COMMAND, env=environment(PORT="web"), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "inference: PORT: found 'web', expected a port between 0 and 65535\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_lets_a_running_answer_end(number: signal.Signals) -> None:
    request = StreamInferRequest(
        model="markov-1",
        messages=[Message(role=ROLE_USER, text="on and on and on and")],
        parameters=Parameters(temperature=0, max_output_tokens=3000),
    )
    with running() as (process, target), AmeideClient(target, plaintext=True) as client:
        stream = client.inference.StreamInfer(request, timeout=60)
        first = next(stream)
        process.send_signal(number)
        parts = [first, *stream]
        assert len(parts) == 3001
        assert parts[-1].finish.usage.output_tokens == 3000
        assert process.wait(timeout=30) == 0
