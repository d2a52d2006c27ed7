"""Where the corpus ends: what no language takes, and where the three libraries do not agree.

Nobody chose the differences and no program should rely on either side; they stand here so that they are known, and so
that a new version of a library which moves one is noticed. `REFUSED` is an answer with an error."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from conformance import wire
from conformance.leaves import LAST_SECOND, encode_moment
from conformance.programs import Task
from conformance.wire import DELIMITED, FIXED64, VARINT

REFUSED = "refused"
PACKAGE = "ameide_core_proto"
EVENT, USAGE = f"{PACKAGE}.agents.v1.AgentEvent", f"{PACKAGE}.inference.v1.Usage"
TOOL_CALL, TOOL_RESULT = f"{PACKAGE}.inference.v1.ToolCall", f"{PACKAGE}.inference.v1.ToolResult"
PARAMETERS = f"{PACKAGE}.inference.v1.Parameters"
GET, UPDATE = f"{PACKAGE}.graph.v1.GetElementRequest", f"{PACKAGE}.graph.v1.UpdateElementRequest"
RELATIONSHIP = f"{PACKAGE}.graph.v1.Relationship"
METADATA, PAGE = f"{PACKAGE}.common.v1.ResourceMetadata", f"{PACKAGE}.common.v1.PageRequest"


def field(number: int, data: bytes) -> bytes:
    return wire.tag(number, DELIMITED) + wire.delimited(data)


def number_value(value: float) -> bytes:
    return wire.tag(2, FIXED64) + wire.fixed("d", value)


def binary(type_: str, data: bytes) -> Task:
    return Task(type=type_, binary=b64encode(data).decode())


def json(type_: str, text: str) -> Task:
    return Task(type=type_, json=text)


def nested_lists(depth: int) -> bytes:
    """google.protobuf.Value of [[…[null]…]]; each list is two messages."""
    value = wire.tag(1, VARINT) + wire.varint(0)
    for _ in range(depth):
        value = field(6, field(1, value))
    return value


# Binary that cannot be read, or that can and has no JSON; then JSON that cannot be read.
REFUSED_BY_ALL: Mapping[str, Task] = {
    "a byte that is no UTF-8": binary(GET, field(1, b"\xff")),
    "a surrogate in UTF-8": binary(GET, field(1, b"\xed\xa0\x80")),
    "UTF-8 longer than need be": binary(GET, field(1, b"\xc0\x80")),
    "an end in the middle of a field": binary(GET, field(1, b"abc")[:-1]),
    "field number 0": binary(GET, b"\0\1"),
    "the end of a group that never began": binary(GET, b"\x0c"),
    "a varint of eleven bytes": binary(PAGE, wire.tag(1, VARINT) + b"\xff" * 10 + b"\1"),
    "NaN as a JSON value": binary(TOOL_RESULT, field(2, number_value(float("nan")))),
    "Infinity as a JSON value": binary(TOOL_RESULT, field(2, number_value(float("inf")))),
    "a time after the year 9999": binary(EVENT, field(3, encode_moment(LAST_SECOND + 1, 0))),
    "a time with a whole second of nanoseconds": binary(EVENT, field(3, encode_moment(0, 1_000_000_000))),
    "a duration of two signs": binary(USAGE, field(3, encode_moment(1, -1))),
    "a path that camel case would change": binary(UPDATE, field(2, field(1, b"fooBar"))),
    "a path whose word begins with a digit": binary(UPDATE, field(2, field(1, b"foo_3"))),
    "a field that the schema does not know, in JSON": json(GET, '{"nope": 1}'),
    "a lone surrogate in JSON": json(GET, r'{"elementId": "\ud800"}'),
    "the same JSON field twice": json(GET, '{"elementId": "1", "elementId": "2"}'),
    "a number for a text": json(GET, '{"elementId": 1}'),
    "two members of a oneof in JSON": json(EVENT, '{"log": "a", "stateChanged": {}}'),
    "an int64 too large": json(USAGE, '{"inputTokens": "9223372036854775808"}'),
    "a fraction for an int64": json(USAGE, '{"inputTokens": 1.5}'),
    "an int32 too large": json(PAGE, '{"pageSize": 2147483648}'),
    "a double too large": json(PARAMETERS, '{"temperature": 1e400}'),
    "the name of no enum value": json(RELATIONSHIP, '{"kind": "NOPE"}'),
    "a leap second": json(EVENT, '{"time": "2016-12-31T23:59:60Z"}'),
    "a time without a zone": json(EVENT, '{"time": "2020-01-01T00:00:00"}'),
    "a mask in snake case": json(UPDATE, '{"updateMask": "foo_bar"}'),
    "null in a map": json(METADATA, '{"labels": {"a": null}}'),
    "something after the JSON": json(GET, "{} {}"),
    "a byte-order mark before the JSON": json(GET, "\ufeff{}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What each language makes of `task`: the JSON it writes, or REFUSED."""

    task: Task
    py: str
    go: str
    ts: str


DIFFERENCES: Mapping[str, Difference] = {
    # A field that changes its type stops TypeScript readers, where others take it for one they do not know.
    "a field with another wire type than the schema's": Difference(
        task=binary(GET, wire.tag(1, VARINT) + b"\1"), py="{}", go="{}", ts=REFUSED
    ),
    "more than 100 messages in each other": Difference(
        task=binary(TOOL_RESULT, field(2, nested_lists(50))),
        py=REFUSED,
        go=f'{{"output": {"[" * 50}null{"]" * 50}}}',
        ts=REFUSED,
    ),
    "a field that the schema does not know, in the entry of a map": Difference(
        task=binary(METADATA, field(4, field(1, b"a") + field(9, b""))),
        py="{}",
        go='{"labels": {"a": ""}}',
        ts='{"labels": {"a": ""}}',
    ),
    "a JSON value that is of no kind": Difference(
        task=binary(TOOL_RESULT, field(2, b"")), py='{"output": null}', go=REFUSED, ts=REFUSED
    ),
    # TypeScript has made it null in binary too.
    "a JSON value that is of no kind, in an object": Difference(
        task=binary(TOOL_CALL, field(3, field(1, field(1, b"a") + field(2, b"")))),
        py='{"arguments": {"a": null}}',
        go=REFUSED,
        ts='{"arguments": {"a": null}}',
    ),
    "a path with a comma": Difference(
        task=binary(UPDATE, field(2, field(1, b"a,b"))),
        py='{"updateMask": "a,b"}',
        go=REFUSED,
        ts='{"updateMask": "a,b"}',
    ),
    # What is no string has gone through a JavaScript number before protobuf sees it. We all write strings.
    "an int64 of more than 53 bits as a JSON number": Difference(
        task=json(USAGE, '{"inputTokens": 9007199254740993}'),
        py='{"inputTokens": "9007199254740993"}',
        go='{"inputTokens": "9007199254740993"}',
        ts='{"inputTokens": "9007199254740992"}',
    ),
    "an int64 with an exponent, as text": Difference(
        task=json(USAGE, '{"inputTokens": "1e3"}'),
        py='{"inputTokens": "1000"}',
        go='{"inputTokens": "1000"}',
        ts=REFUSED,
    ),
    "an int64 after a space": Difference(
        task=json(USAGE, '{"inputTokens": " 1"}'), py=REFUSED, go=REFUSED, ts='{"inputTokens": "1"}'
    ),
    "an enum's number as text": Difference(
        task=json(RELATIONSHIP, '{"kind": "1"}'), py='{"kind": "RELATIONSHIP_KIND_COMPOSES"}', go=REFUSED, ts=REFUSED
    ),
    "a fraction for an enum": Difference(
        task=json(RELATIONSHIP, '{"kind": 1.5}'), py='{"kind": "RELATIONSHIP_KIND_COMPOSES"}', go=REFUSED, ts=REFUSED
    ),
    "Infinity by a name of Python's": Difference(
        task=json(PARAMETERS, '{"temperature": "inf"}'), py='{"temperature": "Infinity"}', go=REFUSED, ts=REFUSED
    ),
    "both names of a field at once": Difference(
        task=json(GET, '{"element_id": "1", "elementId": "2"}'), py='{"elementId": "2"}', go=REFUSED, ts=REFUSED
    ),
    "a list for a message": Difference(task=json(GET, "[]"), py="{}", go=REFUSED, ts=REFUSED),
    "a day that its month does not have": Difference(
        task=json(EVENT, '{"time": "2020-02-30T00:00:00Z"}'),
        py=REFUSED,
        go=REFUSED,
        ts='{"time": "2020-03-01T00:00:00Z"}',
    ),
    "a duration of less than a nanosecond's precision": Difference(
        task=json(USAGE, '{"latency": "1.0123456789s"}'), py='{"latency": "1.012345679s"}', go=REFUSED, ts=REFUSED
    ),
    "a duration without a digit before the point": Difference(
        task=json(USAGE, '{"latency": ".5s"}'), py=REFUSED, go='{"latency": "0.500s"}', ts=REFUSED
    ),
}
