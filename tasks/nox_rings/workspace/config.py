"""`[tool.nox-rings]` in pyproject.toml: the exceptions to what discovery finds, nothing else."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nox_rings.engine.errors import ConfigInvalidError
from nox_rings.schema.breaking.model import BreakingException

TABLE = "pyproject.toml: tool.nox-rings"
EXCEPTION_HEADER = "[[tool.nox-rings.proto.exceptions]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeConfig:
    """The server the smoke tests call: an id of a member, the command that starts it in its folder, the path that
    answers 200 once it serves. The command finds its ports in PORT (HTTP/1) and GRPC_PORT."""

    server: str = ""
    command: tuple[str, ...] = ()
    health: str = "/healthz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtoConfig:
    """`roots` are globs of more folders that may hold stubs; `default_branch` a ref where git does not tell it."""

    roots: tuple[str, ...] = ()
    default_branch: str = ""
    exceptions: tuple[BreakingException, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`ignore` are globs of paths discovery passes over; `contexts` image name → build context;
    `member_inputs` member folder → more paths it reads; `base_images` FROM name → OCI layout or image reference."""

    ignore: tuple[str, ...] = ()
    dev_dockerfiles: tuple[str, ...] = ("Dockerfile.dev",)
    release_dockerfiles: tuple[str, ...] = ("Dockerfile.release", "Dockerfile.main", "Dockerfile")
    contexts: Mapping[str, str] = field(default_factory=dict)
    member_inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base_images: Mapping[str, str] = field(default_factory=dict)
    seed_version: str = "0.1.0"
    smoke: SmokeConfig = field(default_factory=SmokeConfig)
    proto: ProtoConfig = field(default_factory=ProtoConfig)


def one_of(known: Collection[str]) -> str:
    """What was expected where a name is unknown."""
    return f"one of {', '.join(sorted(known))}" if known else "none, for there is none"


def load_config(root: Path) -> Config:
    """Read the table of the workspace at `root`; no pyproject.toml or no table is the empty configuration.

    Raises ConfigInvalidError that names the key, what was found and what was expected."""
    path = root / "pyproject.toml"
    if not path.is_file():
        return Config()
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except ValueError as error:  # of TOML or of UTF-8
        raise ConfigInvalidError(f"pyproject.toml: found text that is not TOML ({error})") from error
    bare = (re.sub(r"[\s\"']", "", line) for line in text.split("\n"))
    lines = [number for number, line in enumerate(bare, 1) if line.startswith(EXCEPTION_HEADER)]
    return parse_config(_mapping(document.get("tool", {}), "pyproject.toml: tool").get("nox-rings", {}), lines)


def parse_config(value: Any, exception_lines: Sequence[int] = ()) -> Config:
    """`exception_lines` are where the entries of `proto.exceptions` seem to begin; if there are more or fewer of them
    than entries, no entry has a line."""
    table = _mapping(value, TABLE)
    known = {"ignore", "dev-dockerfiles", "release-dockerfiles", "images", "members", "bases", "seed-version"}
    known |= {"smoke", "proto"}
    _reject_unknown(table, known, TABLE)
    images = _tables(table, "images", {"context"})
    members = _tables(table, "members", {"inputs"})
    smoke = _mapping(table.get("smoke", {}), f"{TABLE}.smoke")
    _reject_unknown(smoke, {"server", "command", "health"}, f"{TABLE}.smoke")
    defaults = Config()
    return Config(
        ignore=_texts(table, "ignore", TABLE, ()),
        dev_dockerfiles=_texts(table, "dev-dockerfiles", TABLE, defaults.dev_dockerfiles),
        release_dockerfiles=_texts(table, "release-dockerfiles", TABLE, defaults.release_dockerfiles),
        contexts={name: _text(image, "context", f"{TABLE}.images.{name}", "") for name, image in images.items()},
        member_inputs={
            name: _texts(member, "inputs", f"{TABLE}.members.{name}", ()) for name, member in members.items()
        },
        base_images={
            name: _text({name: value}, name, f"{TABLE}.bases", "")
            for name, value in _mapping(table.get("bases", {}), f"{TABLE}.bases").items()
        },
        seed_version=_version(table, "seed-version", TABLE, defaults.seed_version),
        smoke=SmokeConfig(
            server=_text(smoke, "server", f"{TABLE}.smoke", ""),
            command=_texts(smoke, "command", f"{TABLE}.smoke", ()),
            health=_text(smoke, "health", f"{TABLE}.smoke", defaults.smoke.health),
        ),
        proto=_proto(_mapping(table.get("proto", {}), f"{TABLE}.proto"), exception_lines),
    )


def _proto(table: Mapping[str, Any], lines: Sequence[int]) -> ProtoConfig:
    place = f"{TABLE}.proto"
    _reject_unknown(table, {"roots", "default-branch", "exceptions"}, place)
    entries = table.get("exceptions", [])
    if not isinstance(entries, list):
        raise ConfigInvalidError(f"{place}.exceptions: found {entries!r}, expected a list of tables")
    known_lines = lines if len(lines) == len(entries) else [0] * len(entries)
    return ProtoConfig(
        roots=_texts(table, "roots", place, ()),
        default_branch=_text(table, "default-branch", place, ""),
        exceptions=tuple(
            _exception(_mapping(entry, f"{place}.exceptions[{index}]"), index, line)
            for index, (entry, line) in enumerate(zip(entries, known_lines, strict=True))
        ),
    )


def _exception(entry: Mapping[str, Any], index: int, line: int) -> BreakingException:
    place = f"{TABLE}.proto.exceptions[{index}]"
    _reject_unknown(entry, {"rule", "path", "reason", "until", "message"}, place)
    for key in ("rule", "path", "reason"):
        if not _text(entry, key, place, "").strip():
            raise ConfigInvalidError(f"{place}.{key}: found nothing, expected a text: every exception says its {key}")
    until = entry.get("until")
    if not isinstance(until, date) or isinstance(until, datetime):
        raise ConfigInvalidError(f"{place}.until: found {until!r}, expected a day such as 2027-01-31")
    return BreakingException(
        rule=_text(entry, "rule", place, ""),
        path=_text(entry, "path", place, ""),
        reason=_text(entry, "reason", place, ""),
        until=until,
        message=_text(entry, "message", place, ""),
        place=place.partition(": ")[2],
        line=line,
    )


def _reject_unknown(table: Mapping[str, Any], known: set[str], place: str) -> None:
    for key in table:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            meant = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(sorted(known))}"
            raise ConfigInvalidError(f"{place}.{key}: found an unknown key; {meant}")


def _tables(table: Mapping[str, Any], key: str, known: set[str]) -> dict[str, Mapping[str, Any]]:
    found = _mapping(table.get(key, {}), f"{TABLE}.{key}")
    result = {str(name): _mapping(each, f"{TABLE}.{key}.{name}") for name, each in found.items()}
    for name, each in result.items():
        _reject_unknown(each, known, f"{TABLE}.{key}.{name}")
    return result


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigInvalidError(f"{place}: found {value!r}, expected a table")
    return value


def _text(table: Mapping[str, Any], key: str, place: str, default: str) -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise ConfigInvalidError(f"{place}.{key}: found {value!r}, expected a string")
    return value


def _version(table: Mapping[str, Any], key: str, place: str, default: str) -> str:
    value = _text(table, key, place, default)
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", value):
        raise ConfigInvalidError(f"{place}.{key}: found {value!r}, expected X.Y.Z")
    return value


def _texts(table: Mapping[str, Any], key: str, place: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = table.get(key, list(default))
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigInvalidError(f"{place}.{key}: found {value!r}, expected a list of strings")
    return tuple(value)
