"""The environment."""

from __future__ import annotations

import pytest
from inference.settings import Settings, SettingsError, parse_settings


@pytest.mark.parametrize(
    ("environment", "settings"),
    [
        ({}, Settings(http_port=8000, grpc_port=9000, version="0.0.0-dev")),
        ({"PORT": "", "GRPC_PORT": "", "SERVICE_VERSION": ""}, Settings()),
        (
            {"PORT": "0", "GRPC_PORT": "65535", "SERVICE_VERSION": "1.2.3"},
            Settings(http_port=0, grpc_port=65535, version="1.2.3"),
        ),
    ],
)
def test_settings(environment: dict[str, str], settings: Settings) -> None:
    assert parse_settings(environment) == settings


def test_every_wrong_port_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings({"PORT": "web", "GRPC_PORT": "65536"})
    assert str(caught.value) == (
        "PORT: found 'web', expected a port between 0 and 65535; "
        "GRPC_PORT: found '65536', expected a port between 0 and 65535"
    )
