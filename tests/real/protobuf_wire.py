"""Protocol Buffers without a compiler: messages as tables of fields, enough for an API that a test stands in for.

The encoding is https://protobuf.dev/programming-guides/encoding. A shape maps the name of a field to its number and
kind: int (varint), str, bytes, another shape, or a list of one of them (repeated)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Shape = Mapping[str, tuple[int, Any]]
VARINT, LENGTH_DELIMITED = 0, 2


class WireError(ValueError):
    """Bytes that are no message of the shape: an undeclared field is an error too, so that nothing new the client
    sends goes unseen."""


def encode(shape: Shape, values: Mapping[str, Any]) -> bytes:
    """Fields that are absent or have the default value are left out."""
    encoded = bytearray()
    for name, value in values.items():
        number, kind = shape[name]
        for each in value if isinstance(kind, list) else [value] if value else ():
            encoded += _encoded_field(number, kind[0] if isinstance(kind, list) else kind, each)
    return bytes(encoded)


def decode(shape: Shape, data: bytes) -> dict[str, Any]:
    """Name → value of every field that is there; repeated ones are always there."""
    names = {number: (name, kind) for name, (number, kind) in shape.items()}
    values: dict[str, Any] = {name: [] for name, (_, kind) in shape.items() if isinstance(kind, list)}
    for number, raw in _fields(data):
        if number not in names:
            raise WireError(f"found field {number}, expected one of {sorted(names)}")
        name, kind = names[number]
        if kind == [int] and isinstance(raw, bytes):
            values[name].extend(_packed(raw))
        elif isinstance(kind, list):
            values[name].append(_decoded(kind[0], raw))
        else:
            values[name] = _decoded(kind, raw)
    return values


def _encoded_field(number: int, kind: Any, value: Any) -> bytes:
    if kind is int:
        return _varint(number << 3 | VARINT) + _varint(value)
    content = value.encode() if kind is str else value if kind is bytes else encode(kind, value)
    return _varint(number << 3 | LENGTH_DELIMITED) + _varint(len(content)) + content


def _decoded(kind: Any, raw: int | bytes) -> Any:
    if isinstance(raw, int) != (kind is int):
        raise WireError(f"found {type(raw).__name__} on the wire, expected {kind}")
    if isinstance(raw, int) or kind is bytes:
        return raw
    return raw.decode() if kind is str else decode(kind, raw)


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        value, at = _read_varint(data, at)
        if tag & 7 == VARINT:
            yield tag >> 3, value
        elif tag & 7 == LENGTH_DELIMITED:
            if at + value > len(data):
                raise WireError(f"found {len(data) - at} bytes at the end, expected {value}")
            yield tag >> 3, data[at : at + value]
            at += value
        else:
            raise WireError(f"found wire type {tag & 7}, expected {VARINT} or {LENGTH_DELIMITED}")


def _packed(data: bytes) -> Iterator[int]:
    """Repeated numbers stand one behind the other in one field."""
    at = 0
    while at < len(data):
        value, at = _read_varint(data, at)
        yield value


def _varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not data[at - 1] & 0x80:
            return value, at
    raise WireError("found the end within a number")
