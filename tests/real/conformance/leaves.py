"""What a field can hold that is no message of our own: scalars, enums, and the well-known types that have a JSON form
of their own (https://protobuf.dev/programming-guides/json/).

Every value here has a JSON form; what has none stands in the table of refusals in test_conformance.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from conformance import wire
from conformance.wire import DELIMITED, FIXED32, FIXED64, VARINT, Wire, plain

INT32, INT64 = 1 << 31, 1 << 63
# What JSON calls 0001-01-01 and the last nanosecond of 9999; a duration is at most 10,000 years of either sign.
FIRST_SECOND, LAST_SECOND, DURATION_SECONDS, LAST_NANO = -62_135_596_800, 253_402_300_799, 315_576_000_000, 999_999_999


MINUS_ZERO = "-0"
# Adding 0 makes 0 of -0, which stands among the special values. One NaN is enough: its other bits get lost in JSON.
DOUBLES = st.floats(allow_nan=False).map(lambda value: value + 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """`special` values by name: the corpus must show each of them, `others` are whatever Hypothesis finds.
    `encode` gives the value without tag and length."""

    wire_type: int
    special: Mapping[str, Any]
    others: SearchStrategy[Any]
    encode: Callable[[Any], bytes]

    def wires(self, kind: str) -> SearchStrategy[Wire]:
        unsigned = {MINUS_ZERO: self.encode(0.0)} if MINUS_ZERO in self.special else {}
        special = [
            plain(self.encode(value), f"{kind} {name}", unsigned=unsigned.get(name))
            for name, value in self.special.items()
        ]
        others = self.others.map(lambda value: plain(self.encode(value)))
        return st.one_of(st.sampled_from(special), st.sampled_from(special), others)


def _integer(low: int, high: int, wire_type: int, encode: Callable[[int], bytes]) -> Leaf:
    special = {"default": 0, "smallest": low, "largest": high} | ({"negative": -1} if low else {})
    return Leaf(wire_type=wire_type, special=special, others=st.integers(low, high), encode=encode)


def _fixed(layout: str, low: int, high: int) -> Leaf:
    return _integer(low, high, FIXED64 if layout in "qQ" else FIXED32, lambda value: wire.fixed(layout, value))


TEXTS = {
    "default": "",
    "NUL": "a\0b",
    "beyond ASCII": "Größe e\u0301 \u00e9",
    "beside the surrogates": "\ud7ff\ue000\uffff",
    "two UTF-16 units": "\U0001f600\U0010ffff",
    "a byte-order mark": "\ufeffx",
    "what JSON and JavaScript escape": '"\\/\b\x7f\u2028\u2029</script>',
    "a property every JavaScript object has": "__proto__",
}
# The surrogates themselves are no characters: UTF-8 cannot hold them.
ANY_TEXT = st.sampled_from(sorted(TEXTS.values())) | st.text(max_size=6)


def enum_leaf(numbers: Mapping[str, int]) -> Leaf:
    """proto3 enums are open: a number without a name must survive."""
    special = {"default": 0, "unknown": 1 << 20, "negative": -1, "smallest": -INT32, "largest": INT32 - 1}
    return Leaf(wire_type=VARINT, special=special, others=st.sampled_from(sorted(numbers.values())), encode=wire.varint)


def encode_moment(seconds: int, nanos: int) -> bytes:
    """Timestamp and Duration: seconds = 1, nanos = 2."""
    return wire.tag(1, VARINT) + wire.varint(seconds) + wire.tag(2, VARINT) + wire.varint(nanos)


def _value(value: Any) -> bytes:
    """google.protobuf.Value of a JSON value: null = 1, number = 2, string = 3, bool = 4, struct = 5, list = 6."""
    match value:
        case None:
            return wire.tag(1, VARINT) + wire.varint(0)
        case bool():
            return wire.tag(4, VARINT) + wire.varint(value)
        case float():
            return wire.tag(2, FIXED64) + wire.fixed("d", value)
        case str():
            return wire.tag(3, DELIMITED) + wire.text(value)
        case dict():
            return wire.tag(5, DELIMITED) + wire.delimited(_struct(value))
        case _:
            return wire.tag(6, DELIMITED) + wire.delimited(_list(value))


def _struct(fields: Mapping[str, Any]) -> bytes:
    entries = [
        wire.tag(1, DELIMITED) + wire.text(key) + wire.tag(2, DELIMITED) + wire.delimited(_value(value))
        for key, value in fields.items()
    ]
    return b"".join(wire.tag(1, DELIMITED) + wire.delimited(entry) for entry in entries)


def _list(values: list[Any]) -> bytes:
    return b"".join(wire.tag(1, DELIMITED) + wire.delimited(_value(value)) for value in values)


JSON_VALUES: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | DOUBLES.filter(math.isfinite) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)
DEEP = {"a": [{"b": [None, True, -1.5, {"c": {}}]}, []]}

# Without TYPE_FLOAT, because JSON has no one way to write it: the smallest is 1e-45 in Go, 1.4013e-45 in Python and
# 1.401298464324817e-45 in TypeScript, and Python does not take back the largest it writes. Better a double.
SCALARS: Mapping[str, Leaf] = {
    "TYPE_DOUBLE": Leaf(
        wire_type=FIXED64,
        special={
            **{"default": 0.0, MINUS_ZERO: -0.0, "NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf},
            **{"largest": 1.7976931348623157e308, "smallest": 5e-324},
        },
        others=DOUBLES,
        encode=lambda value: wire.fixed("d", value),
    ),
    "TYPE_INT32": _integer(-INT32, INT32 - 1, VARINT, wire.varint),
    "TYPE_INT64": _integer(-INT64, INT64 - 1, VARINT, wire.varint),
    "TYPE_UINT32": _integer(0, 2 * INT32 - 1, VARINT, wire.varint),
    "TYPE_UINT64": _integer(0, 2 * INT64 - 1, VARINT, wire.varint),
    "TYPE_SINT32": _integer(-INT32, INT32 - 1, VARINT, wire.zigzag),
    "TYPE_SINT64": _integer(-INT64, INT64 - 1, VARINT, wire.zigzag),
    "TYPE_FIXED32": _fixed("I", 0, 2 * INT32 - 1),
    "TYPE_FIXED64": _fixed("Q", 0, 2 * INT64 - 1),
    "TYPE_SFIXED32": _fixed("i", -INT32, INT32 - 1),
    "TYPE_SFIXED64": _fixed("q", -INT64, INT64 - 1),
    "TYPE_BOOL": Leaf(
        wire_type=VARINT, special={"default": False, "true": True}, others=st.booleans(), encode=wire.varint
    ),
    "TYPE_STRING": Leaf(wire_type=DELIMITED, special=TEXTS, others=ANY_TEXT, encode=str.encode),
    "TYPE_BYTES": Leaf(
        wire_type=DELIMITED,
        special={"default": b"", "no UTF-8": b"\xff\x00\xc0", "what base64 spells in two ways": b"\xfb\xff\xfe"},
        others=st.binary(max_size=8),
        encode=bytes,
    ),
}

WELL_KNOWN: Mapping[str, Leaf] = {
    "google.protobuf.Timestamp": Leaf(
        wire_type=DELIMITED,
        special={
            "default": (0, 0),
            "first": (FIRST_SECOND, 0),
            "last": (LAST_SECOND, LAST_NANO),
            "before 1970": (-1, 1),
        },
        others=st.tuples(st.integers(FIRST_SECOND, LAST_SECOND), st.integers(0, LAST_NANO)),
        encode=lambda value: encode_moment(*value),
    ),
    "google.protobuf.Duration": Leaf(
        wire_type=DELIMITED,
        special={
            "default": (0, 0),
            "longest": (DURATION_SECONDS, LAST_NANO),
            "negative": (-DURATION_SECONDS, -LAST_NANO),
            "less than a second before": (0, -500_000_000),
        },
        others=st.tuples(st.integers(0, DURATION_SECONDS), st.integers(0, LAST_NANO)),
        encode=lambda value: encode_moment(*value),
    ),
    "google.protobuf.FieldMask": Leaf(
        wire_type=DELIMITED,
        special={"default": (), "of several words": ("element.display_name", "a_b_c", "x")},
        others=st.lists(st.from_regex(r"[a-z]+(_[a-z]+)?(\.[a-z]+)?", fullmatch=True), max_size=3),
        encode=lambda paths: b"".join(wire.tag(1, DELIMITED) + wire.text(path) for path in paths),
    ),
    "google.protobuf.Struct": Leaf(
        wire_type=DELIMITED,
        special={"default": {}, "nested": DEEP, **{f"with {name}": {text: text} for name, text in TEXTS.items()}},
        others=st.dictionaries(ANY_TEXT, JSON_VALUES, max_size=3),
        encode=_struct,
    ),
    "google.protobuf.Value": Leaf(
        wire_type=DELIMITED,
        special={"null": None, "false": False, MINUS_ZERO: -0.0, "empty text": "", "nested": DEEP, "empty list": []},
        others=JSON_VALUES,
        encode=_value,
    ),
}
