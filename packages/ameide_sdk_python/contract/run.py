"""Runs the scenarios of sdk/contract with a client of this SDK; see sdk/contract/README.md.

python contract/run.py python|python-async URL < sdk/contract/scenarios.json
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import asynchronous
import blocking
import spans
from scenario import Scenario

# More would measure what they do to each other on one loop, or below one lock of the interpreter.
AT_ONCE = 4


def run_blocking(scenario: Scenario, target: str) -> dict[str, Any]:
    client = blocking.client_of(scenario, target)
    with client, spans.root() as trace_id:
        started = time.monotonic()
        code = blocking.call(scenario, client)
        elapsed = time.monotonic() - started
    return result_of(scenario, client, code, elapsed, trace_id)


async def run_asynchronous(scenario: Scenario, target: str) -> dict[str, Any]:
    client = asynchronous.client_of(scenario, target)
    async with client:
        with spans.root() as trace_id:
            started = time.monotonic()
            code = await asynchronous.call(scenario, client)
            elapsed = time.monotonic() - started
    return await asyncio.to_thread(result_of, scenario, client, code, elapsed, trace_id)


def result_of(scenario: Scenario, client: object, code: str, elapsed: float, trace_id: str) -> dict[str, Any]:
    made = spans.awaited(trace_id, scenario.user_calls)
    return {
        "code": code,
        "received": scenario.received,
        "bytes": scenario.bytes,
        "providerCalls": scenario.provider_calls,
        "userCalls": scenario.user_calls,
        "leaked": scenario.leaked(client, made),
        "elapsedMs": round(elapsed * 1000),
        "spans": made,
        "traceId": trace_id,
    }


async def all_asynchronous(scenarios: list[Scenario], target: str) -> list[dict[str, Any]]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def in_turn(scenario: Scenario) -> dict[str, Any]:
        async with turn:
            return await run_asynchronous(scenario, target)

    return list(await asyncio.gather(*map(in_turn, scenarios)))


def all_blocking(scenarios: list[Scenario], target: str) -> list[dict[str, Any]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run_blocking, scenarios, [target] * len(scenarios)))


def main(name: str, url: str) -> None:
    table: Mapping[str, Any] = json.load(sys.stdin)
    spans.install()
    scenarios = [Scenario(document=document, table=table, runner=name) for document in table["scenarios"]]
    target = urlsplit(url).netloc
    if name == "python":
        results = all_blocking(scenarios, target)
    elif name == "python-async":
        results = asyncio.run(all_asynchronous(scenarios, target))
    else:
        sys.exit(f"contract/run.py: found {name!r}, expected python or python-async")
    print(json.dumps({scenario.name: result for scenario, result in zip(scenarios, results, strict=True)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
