"""What the clients really do by default is what sdk/manifest/ameide-client.json of the workspace says, key by key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import ameide_sdk
import pytest
from ameide_sdk.manifest import manifest
from effective_defaults import AN_HOUR, MANY, UNAVAILABLE, Observer, observe
from served_platform import Platform

MANIFEST = "sdk/manifest/ameide-client.json"
COPY = "packages/ameide_sdk_python/src/ameide_sdk/ameide-client.json"
WORKSPACE = Path(__file__).parents[3]
CLIENTS = ("AmeideClient", "AsyncAmeideClient")


def is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


CASES: dict[str, Callable[[Observer], Any]] = {
    "roster": lambda seen: seen.roster(),
    # gRPC is called by its target; that the two are one place is a test of its own.
    "endpoints.baseUrl": lambda seen: manifest()["endpoints"]["baseUrl"],
    "endpoints.target": lambda seen: seen.called().target,
    "headers.tenantId": lambda seen: seen.header_of(lambda value: value == "acme", tenant_id="acme"),
    "headers.requestId": lambda seen: seen.header_of(is_uuid),
    "interceptors": lambda seen: seen.called().order,
    "timeoutMs": lambda seen: seen.called().timeouts[0] * 1000,
    "maxMessageBytes": lambda seen: seen.called().channel_options["grpc.max_receive_message_length"],
    "retry.maxAttempts": lambda seen: seen.attempts_after(*[UNAVAILABLE] * MANY, timeout_seconds=AN_HOUR),
    "retry.initialBackoffMs": lambda seen: seen.called_in_vain().waits[0] * 1000,
    "retry.backoffMultiplier": lambda seen: seen.called_in_vain().waits[1] / seen.waits[0],
    "retry.maxBackoffMs": lambda seen: seen.called_in_vain().waits[-1] * 1000,
    "retry.jitter.min": lambda seen: seen.called_in_vain().bounds[0][0],
    "retry.jitter.max": lambda seen: seen.called_in_vain().bounds[0][1],
    "retry.retryableCodes": lambda seen: seen.retried_codes(),
}
# What is in them counts, not in which order.
SETS = ("roster", "retry.retryableCodes")


def leaves(document: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def is_copied() -> bool:
    return (WORKSPACE / COPY).read_bytes() == (WORKSPACE / MANIFEST).read_bytes()


def advice() -> str:
    return "" if is_copied() else f"; bring the copy up to date with: cp {MANIFEST} {COPY}"


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return dict(leaves(json.loads((WORKSPACE / MANIFEST).read_text("utf-8"))))


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("key", CASES)
def test_default(
    key: str, client: str, expected: dict[str, Any], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, found = expected.get(key, "nothing"), CASES[key](observe(client, platform, monkeypatch))
    if key in SETS:
        wanted, found = sorted(wanted, key=str), sorted(found, key=str)
    assert found == wanted, f"{client}: {key}: found {found!r}, expected {wanted!r} as {MANIFEST} says{advice()}"


def test_no_key_of_the_manifest_is_overlooked(expected: dict[str, Any]) -> None:
    assert set(expected) == set(CASES), f"{MANIFEST}: found other keys than tests/test_manifest.py has cases for"


def test_the_copy_is_the_manifest() -> None:
    assert is_copied(), f"{COPY}: found another text than that of {MANIFEST}{advice()}"
    assert Path(ameide_sdk.__file__).with_name("ameide-client.json").read_bytes() == (WORKSPACE / COPY).read_bytes()


@pytest.mark.parametrize("client", CLIENTS)
def test_the_services_of_the_roster_are_those_that_type_checkers_know(client: str, expected: dict[str, Any]) -> None:
    names = sorted(entry["name"] for entry in expected["roster"])
    assert sorted(getattr(ameide_sdk, client).__annotations__) == names


@pytest.mark.parametrize("client", CLIENTS)
def test_without_an_address_the_target_is_the_place_of_the_base_url_over_tls(
    client: str, expected: dict[str, Any], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = observe(client, platform, monkeypatch).called()
    place = urlsplit(expected["endpoints.baseUrl"])
    assert place.scheme == "https"
    assert seen.target == f"{place.hostname}:{place.port or 443}"
    assert seen.over_tls


@pytest.mark.parametrize("client", CLIENTS)
def test_grpc_leaves_repetition_to_us_bounds_nothing_sent_and_connects_anew_as_soon_as_we_repeat(
    client: str, expected: dict[str, Any], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = observe(client, platform, monkeypatch).called()
    assert seen.channel_options["grpc.enable_retries"] == 0
    assert seen.channel_options["grpc.max_send_message_length"] == -1
    assert seen.channel_options["grpc.initial_reconnect_backoff_ms"] == expected["retry.initialBackoffMs"]
    assert seen.channel_options["grpc.max_reconnect_backoff_ms"] == expected["retry.maxBackoffMs"]
