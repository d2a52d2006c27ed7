"""What the environment decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NAME = "inference"
UNRELEASED = "0.0.0-dev"


class SettingsError(Exception):
    """The message names every variable that is wrong, what was found and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Port 0 stands for any free port."""

    http_port: int = 8000
    grpc_port: int = 9000
    version: str = UNRELEASED


def version_in(environment: Mapping[str, str]) -> str:
    return environment.get("SERVICE_VERSION") or UNRELEASED


def parse_settings(environment: Mapping[str, str]) -> Settings:
    """Settings of PORT, GRPC_PORT and SERVICE_VERSION; an empty variable counts as unset. Raises SettingsError."""
    problems: list[str] = []

    def port(name: str, default: int) -> int:
        text = environment.get(name) or str(default)
        if text.isascii() and text.isdigit() and int(text) <= 65535:
            return int(text)
        problems.append(f"{name}: found {text!r}, expected a port between 0 and 65535")
        return default

    settings = Settings(
        http_port=port("PORT", Settings().http_port),
        grpc_port=port("GRPC_PORT", Settings().grpc_port),
        version=version_in(environment),
    )
    if problems:
        raise SettingsError("; ".join(problems))
    return settings
