"""One scenario of sdk/contract/scenarios.json, as both clients run it."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ameide_sdk import RetryPolicy
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_pb2 import ELEMENT_KIND_APPLICATION, Element
from ameide_sdk.proto.ameide_core_proto.graph.v1.graph_service_pb2 import (
    CreateElementRequest,
    GetElementRequest,
    WatchElementsRequest,
)

METHODS = {"getElement": "GetElement", "createElement": "CreateElement", "watchElements": "WatchElements"}
POLICY = {
    "maxAttempts": lambda value: {"max_attempts": value},
    "initialBackoffMs": lambda value: {"initial_backoff_seconds": value / 1000},
    "backoffMultiplier": lambda value: {"backoff_multiplier": value},
    "maxBackoffMs": lambda value: {"max_backoff_seconds": value / 1000},
}


@dataclass(kw_only=True)
class Scenario:
    """`table` is the whole of scenarios.json. The rest is what happens when it runs."""

    document: Mapping[str, Any]
    table: Mapping[str, Any]
    runner: str
    provider_calls: int = 0
    user_calls: int = 0
    received: int = 0
    bytes: int = 0
    errors: list[BaseException] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.document["name"])

    @property
    def told(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document.get("client", {})
        return found

    @property
    def method(self) -> str:
        return METHODS[self.document["call"]]

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [("x-contract-scenario", self.name), ("x-contract-runner", self.runner)]

    @property
    def request(self) -> Any:
        match self.method:
            case "GetElement":
                return GetElementRequest(element_id="element-1")
            case "CreateElement":
                description = "x" * self.told.get("bytes", 0)
                element = Element(name="Billing", kind=ELEMENT_KIND_APPLICATION, description=description)
                return CreateElementRequest(element=element)
            case _:
                return WatchElementsRequest()

    @property
    def options(self) -> dict[str, Any]:
        """The options of a client, but for the token and the interceptor."""
        options: dict[str, Any] = {"plaintext": True, "tenant_id": self.table["tenantId"]}
        if "timeoutMs" in self.told:
            options["timeout_seconds"] = self.told["timeoutMs"] / 1000
        if "retry" in self.told:
            named = [POLICY[name](value) for name, value in self.told["retry"].items()]
            options["retry"] = RetryPolicy(**{key: value for each in named for key, value in each.items()})
        return options

    def provide(self) -> str:
        self.provider_calls += 1
        if "providerFails" in self.told:
            raise RuntimeError(self.told["providerFails"])
        return str(self.told.get("token", self.table["token"]))

    def receive(self, message: Any) -> bool:
        """Whether that was as many as the caller wants to see."""
        self.received += 1
        self.bytes = len(message.element.description)
        return self.received == self.told.get("cancelAfterMessages")

    def leaked(self, client: object, spans: object) -> bool:
        secrets = [self.told.get("token", self.table["token"]), self.told.get("providerFails")]
        shown = [repr(client), str(client), repr(spans)]
        for error in self.errors:
            shown += [str(error), repr(error), "".join(traceback.format_exception(error))]
            shown += [str(error.details())] if hasattr(error, "details") else []
        return any(secret in text for secret in secrets if secret for text in shown)
