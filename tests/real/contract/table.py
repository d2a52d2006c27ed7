"""sdk/contract/scenarios.json, with what it leaves to its defaults and to those of the manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contract.documents import load_document

TABLE = "sdk/contract/scenarios.json"
MANIFEST = "sdk/manifest/ameide-client.json"
# https://grpc.github.io/grpc/core/md_doc_statuscodes.html
CODES = (
    *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
    *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"),
    *("INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
)
NEVER = "NEVER"
METHODS = {"getElement": "GetElement", "createElement": "CreateElement", "watchElements": "WatchElements"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    timeout_ms: int | None = None
    retry: Mapping[str, Any] = field(default_factory=dict)
    token: str | None = None
    provider_fails: str | None = None
    bytes: int = 0
    cancel_after_ms: int | None = None
    cancel_after_messages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    answers: Sequence[str]
    delay_ms: int = 0
    messages: int = 0
    every_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """`user_calls` None: one an attempt."""

    code: str
    attempts: int
    received: int
    bytes: int = 0
    created: int = 0
    provider_calls: int = 1
    user_calls: int | None = None
    waits_ms: Sequence[tuple[int, int]] = ()
    at_least_ms: int = 0
    at_most_ms: int | None = None
    server_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    name: str
    why: str
    call: str
    server: Server
    expected: Expected
    client: Client = field(default_factory=Client)

    @property
    def streams(self) -> bool:
        return self.call == "watchElements"

    @property
    def codes(self) -> list[str]:
        """How each attempt ends for the client: as the server answers, the last one as the call does unless it fails
        before."""
        answers, attempts = self.server.answers, self.expected.attempts
        codes = [answers[min(number, len(answers) - 1)] for number in range(attempts)]
        return [*codes[:-1], *(self.expected.code if code in ("OK", NEVER) else code for code in codes[-1:])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    tenant_id: str
    token: str
    scenarios: Sequence[Scenario]


def load_table(text: str) -> Table:
    document = json.loads(text)
    scenarios = [_load_scenario(each, f"{TABLE}: {each.get('name')}") for each in document["scenarios"]]
    return load_document(Table, document, TABLE, scenarios=scenarios)


def _load_scenario(found: Mapping[str, Any], location: str) -> Scenario:
    return load_document(
        Scenario,
        found,
        location,
        client=load_document(Client, found.get("client", {}), f"{location}: client"),
        server=load_document(Server, found["server"], f"{location}: server"),
        expected=load_document(Expected, found["expected"], f"{location}: expected"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a client waits at least and in all, as the manifest says and the scenario after it."""

    timeout_ms: float
    initial_backoff_ms: float
    backoff_multiplier: float
    max_backoff_ms: float
    smallest_factor: float

    def least_wait_ms(self, number: int) -> float:
        """After attempt `number`, which counts from 1."""
        grown: float = self.initial_backoff_ms * self.backoff_multiplier ** (number - 1)
        return min(grown, self.max_backoff_ms) * self.smallest_factor


def policy_of(manifest: Mapping[str, Any], client: Client) -> Policy:
    retry = {**manifest["retry"], **client.retry}
    return Policy(
        timeout_ms=manifest["timeoutMs"] if client.timeout_ms is None else client.timeout_ms,
        initial_backoff_ms=retry["initialBackoffMs"],
        backoff_multiplier=retry["backoffMultiplier"],
        max_backoff_ms=retry["maxBackoffMs"],
        smallest_factor=retry["jitter"]["min"],
    )
