"""Retries after network failures. pnpm, npm and uv retry by themselves; go and a RUN step do not."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from typing import IO

from nox_rings.engine.errors import CommandFailedError
from nox_rings.engine.process.command import Command, without_escapes
from nox_rings.engine.process.runner import Runner

TRIES = 3
PAUSE_SECONDS = 3.0
# What resolvers and sockets report when no host answered. A refusal (403, 404, a bad checksum) is an answer.
UNANSWERED = re.compile(
    r"i/o timeout|TLS handshake timeout|connection reset by peer|Temporary failure in name resolution|EAI_AGAIN"
    r"|ETIMEDOUT|ECONNRESET|server misbehaving|operation timed out"
)


def run_with_retries(runner: Runner, command: Command, log: IO[bytes], say: Callable[[str], None]) -> None:
    """Run; if it fails and its output shows that the network did not answer, run it again, TRIES times in all."""
    log.flush()  # what is still in our buffer is of an earlier step
    for attempt in range(1, TRIES + 1):
        begin = os.fstat(log.fileno()).st_size
        try:
            runner.run(command, log)
            return
        except CommandFailedError:
            unanswered = UNANSWERED.search(text_from(log, begin))
            if attempt == TRIES or not unanswered:
                raise
            say(f"the network did not answer ({unanswered[0]}): trying {command.description or command.argv[0]} again")
            time.sleep(PAUSE_SECONDS)


def text_from(log: IO[bytes], begin: int) -> str:
    """What was written to the log from `begin` on, without colours; with the write position left where it is."""
    log.flush()
    size = os.fstat(log.fileno()).st_size - begin
    return without_escapes(os.pread(log.fileno(), size, begin).decode(errors="replace"))
