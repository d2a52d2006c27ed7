"""Protobuf's wire format, written from its definition (https://protobuf.dev/programming-guides/encoding/) and not by
one of the three libraries that are compared with each other.

A `Wire` is what a strategy of the corpus makes: the bytes, what JSON can carry of them, and the names of what can be
seen in them."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

VARINT, FIXED64, DELIMITED, START_GROUP, END_GROUP, FIXED32 = range(6)


@dataclass(frozen=True, slots=True)
class Wire:
    """`known` is `full` without the fields that the schema does not know, `unsigned` is `known` with 0 for -0."""

    full: bytes
    known: bytes
    unsigned: bytes
    shows: frozenset[str] = frozenset()


def plain(data: bytes, *shows: str, unsigned: bytes | None = None) -> Wire:
    """Bytes in which the schema knows everything."""
    return Wire(data, data, data if unsigned is None else unsigned, frozenset(shows))


def joined(wires: Iterable[Wire]) -> Wire:
    parts = tuple(wires)
    return Wire(
        b"".join(part.full for part in parts),
        b"".join(part.known for part in parts),
        b"".join(part.unsigned for part in parts),
        frozenset[str]().union(*(part.shows for part in parts)),
    )


def varint(value: int) -> bytes:
    """A negative number is written as its two's complement of 64 bits, an int32 and an enum too."""
    rest, out = value & (1 << 64) - 1, bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes((*out, rest))


def zigzag(value: int) -> bytes:
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def fixed(layout: str, value: float) -> bytes:
    """`layout` is a character of the struct module; everything on the wire is little-endian."""
    return struct.pack(f"<{layout}", value)


def delimited(data: bytes) -> bytes:
    return varint(len(data)) + data


def text(value: str) -> bytes:
    return delimited(value.encode())


def tag(number: int, wire_type: int) -> bytes:
    return varint(number << 3 | wire_type)


def tagged(number: int, wire_type: int, value: Wire, *shows: str) -> Wire:
    """A field. The value of a DELIMITED one comes without its length."""
    prefix, wrap = tag(number, wire_type), delimited if wire_type == DELIMITED else bytes
    full, known, unsigned = (prefix + wrap(data) for data in (value.full, value.known, value.unsigned))
    return Wire(full, known, unsigned, value.shows.union(shows))
