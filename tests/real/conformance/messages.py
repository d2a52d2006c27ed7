"""How Hypothesis makes a message of any type of the schema, and what the messages of a corpus must show together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from conformance import wire
from conformance.leaves import SCALARS, WELL_KNOWN, Leaf, enum_leaf
from conformance.wire import DELIMITED, FIXED32, FIXED64, VARINT, Wire, joined, plain, tagged
from descriptors import Field, Message, Schema

UNKNOWN_NUMBER = 1_000
UNKNOWN_FIELDS = {
    "varint": wire.tag(UNKNOWN_NUMBER, VARINT) + wire.varint(-1),
    "fixed32": wire.tag(UNKNOWN_NUMBER + 1, FIXED32) + b"\xff" * 4,
    "fixed64": wire.tag(UNKNOWN_NUMBER + 2, FIXED64) + b"\0" * 8,
    "delimited": wire.tag(UNKNOWN_NUMBER + 3, DELIMITED) + wire.text("unknown"),
    "group": wire.tag(UNKNOWN_NUMBER + 4, wire.START_GROUP)
    + (wire.tag(1, VARINT) + b"\x07")
    + wire.tag(UNKNOWN_NUMBER + 4, wire.END_GROUP),
    "with the largest number": wire.tag((1 << 29) - 1, VARINT) + b"\x01",
}


class Messages:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._made: dict[str, SearchStrategy[Wire]] = {}

    @cached_property
    def required(self) -> frozenset[str]:
        """Every field of our own set and unset, every special value of every kind of field, and every form that the
        wire has for them."""
        fields = [(message, field) for message in self.schema.own_messages for field in message.fields]
        states = {f"{message.name}.{field.name} {state}" for message, field in fields for state in ("set", "unset")}
        forms = {form for _, field in fields for form in self._forms(field)}
        entries = [each for _, field in fields if self._is_map(field) for each in self.schema.messages[field.of].fields]
        values = {
            f"{_kind(field)} {name}"
            for field in (*(field for _, field in fields), *entries)
            if (leaf := self._leaf(field))
            for name in leaf.special
        }
        return frozenset(states | forms | values | {f"unknown {name}" for name in UNKNOWN_FIELDS})

    def of(self, message: Message) -> SearchStrategy[Wire]:
        """Deferred, because a message may hold itself."""
        if message.name not in self._made:
            self._made[message.name] = st.deferred(lambda: self._message(message))
        return self._made[message.name]

    def _message(self, message: Message) -> SearchStrategy[Wire]:
        oneofs: dict[str, list[Field]] = {}
        for field in message.fields:
            oneofs.setdefault(field.oneof or field.name, []).append(field)
        unknown = [Wire(data, b"", b"", frozenset({f"unknown {name}"})) for name, data in UNKNOWN_FIELDS.items()]
        parts = [self._one_or_none(message, fields) for fields in oneofs.values()]
        # The order of fields on the wire is free.
        return st.tuples(*parts, st.just(plain(b"")) | st.sampled_from(unknown)).flatmap(st.permutations).map(joined)

    def _one_or_none(self, message: Message, fields: list[Field]) -> SearchStrategy[Wire]:
        """One of the fields of a oneof, or the field that is in none, or nothing."""

        def states(chosen: Field | None) -> Wire:
            names = (f"{message.name}.{each.name} {'set' if each is chosen else 'unset'}" for each in fields)
            return plain(b"", *names)

        def made(field: Field) -> SearchStrategy[Wire]:
            return self._field(field).map(lambda value: joined([value, states(field)]))

        return st.just(states(None)) | st.one_of([made(field) for field in fields])

    def _field(self, field: Field) -> SearchStrategy[Wire]:
        """With its tag, and at least once."""
        if self._is_map(field):
            return self._map(field)
        value, wire_type = self._value(field), self._wire_type(field)
        if not field.repeated:
            return value.map(lambda each: tagged(field.number, wire_type, each, *_presence(field, each)))
        several = st.lists(value, min_size=1, max_size=3)
        apart = several.map(lambda values: _apart(field.number, wire_type, values, "repeated"))
        if wire_type == DELIMITED:
            return apart
        return apart | several.map(lambda values: tagged(field.number, DELIMITED, joined(values), "packed"))

    def _map(self, field: Field) -> SearchStrategy[Wire]:
        key, value = self.schema.messages[field.of].fields
        pairs = st.tuples(self._value(key), self._value(value))
        several = st.lists(pairs, min_size=1, max_size=3, unique_by=lambda pair: pair[0].full)

        def entry(pair: tuple[Wire, Wire]) -> Wire:
            parts = zip((key, value), pair, strict=True)
            return joined(tagged(part.number, self._wire_type(part), each) for part, each in parts)

        return several.map(lambda found: _apart(field.number, DELIMITED, map(entry, found), "map"))

    def _value(self, field: Field) -> SearchStrategy[Wire]:
        leaf = self._leaf(field)
        return leaf.wires(_kind(field)) if leaf else self.of(self.schema.messages[field.of])

    def _wire_type(self, field: Field) -> int:
        leaf = self._leaf(field)
        return leaf.wire_type if leaf else DELIMITED

    def _leaf(self, field: Field) -> Leaf | None:
        """None for a message of our own. Fails where the schema has come to hold what nothing here can make."""
        if field.kind == "TYPE_ENUM":
            return enum_leaf(self.schema.enums[field.of].values)
        if field.kind != "TYPE_MESSAGE":
            assert field.kind in SCALARS, f"{field}: conformance/leaves.py has no {field.kind}, add it to SCALARS"
            return SCALARS[field.kind]
        if field.of.startswith("google.protobuf."):
            assert field.of in WELL_KNOWN, f"{field}: conformance/leaves.py has no {field.of}, add it to WELL_KNOWN"
            return WELL_KNOWN[field.of]
        return None

    def _is_map(self, field: Field) -> bool:
        return field.kind == "TYPE_MESSAGE" and self.schema.messages[field.of].is_map_entry

    def _forms(self, field: Field) -> tuple[str, ...]:
        if self._is_map(field):
            return ("map of several",)
        if field.repeated:
            return ("repeated of several", *(("packed",) if self._wire_type(field) != DELIMITED else ()))
        return tuple(f"{name} at its default" for name in _presence_names(field))


def _kind(field: Field) -> str:
    return field.of if field.kind == "TYPE_MESSAGE" else field.kind


def _apart(number: int, wire_type: int, values: Iterable[Wire], form: str) -> Wire:
    """Each value with a tag of its own."""
    parts = [tagged(number, wire_type, value) for value in values]
    return joined([*parts, plain(b"", *([f"{form} of several"] if len(parts) > 1 else []))])


def _presence_names(field: Field) -> tuple[str, ...]:
    return tuple(name for name, has in (("optional", field.optional), ("oneof", bool(field.oneof))) if has)


def _presence(field: Field, value: Wire) -> tuple[str, ...]:
    """Where there is presence, that a default was set must not get lost."""
    at_default = f"{_kind(field)} default" in value.shows
    return tuple(f"{name} at its default" for name in _presence_names(field)) if at_default else ()
