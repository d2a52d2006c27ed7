"""What counts as equal.

Bytes are compared as messages, because protobuf leaves them open
(https://protobuf.dev/programming-guides/serialization-not-canonical/): Go writes the members of oneofs last, TypeScript
keeps the entries of a map as they came. JSON is compared as values: white space and escapes are free."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from math import nan

from conformance.corpus import Case
from conformance.programs import Answer, Program, Task
from conformance.wire import fixed
from descriptors import Schema

# Of the bit patterns that are NaN, the one of Go's math.NaN(), which is what Go makes of JSON's.
GO_NAN = bytes.fromhex("010000000000f87f")
ERROR = "error: "


class Normal:
    """Equal bytes for equal messages: what Python, which sorts maps, writes again. Remembers what it has seen."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._seen: dict[Task, str] = {}

    def __call__(self, corpus: Sequence[Case], binaries: Sequence[str]) -> list[str]:
        pairs = zip(corpus, binaries, strict=True)
        wanted = [binary if binary.startswith(ERROR) else _task(case, binary) for case, binary in pairs]
        new = [task for task in dict.fromkeys(wanted) if isinstance(task, Task) and task not in self._seen]
        if new:
            self._seen |= zip(new, binaries_of(self._program.ask(new)), strict=True)
        return [self._seen[task] if isinstance(task, Task) else task for task in wanted]


def _task(case: Case, binary: str) -> Task:
    one_nan = b64decode(binary).replace(GO_NAN, fixed("d", nan))
    return Task(type=case.type, binary=b64encode(one_nan).decode())


def canonical(text: str, *, sign_of_zero: bool = True) -> str:
    """JSON in one spelling: sorted, every number a double."""
    number: Callable[[str], float] = float if sign_of_zero else lambda digits: float(digits) + 0.0
    return json.dumps(json.loads(text, parse_int=number, parse_float=number), sort_keys=True, ensure_ascii=False)


def json_of(answers: Iterable[Answer], *, sign_of_zero: bool = True) -> list[str]:
    return [
        ERROR + each.error if each.json is None else canonical(each.json, sign_of_zero=sign_of_zero) for each in answers
    ]


def binaries_of(answers: Iterable[Answer]) -> list[str]:
    return [ERROR + each.error if each.binary is None else each.binary for each in answers]


def assert_equal(corpus: Sequence[Case], found: Sequence[str], expected: Sequence[str], who: str) -> None:
    compared = zip(corpus, found, expected, strict=True)
    lines = [f"{case.type} {case.full}: found {one}, expected {other}" for case, one, other in compared if one != other]
    assert not lines, "\n".join([f"{who}: {len(lines)} of {len(corpus)} messages differ", *lines[:5]])


def is_settled(schema: Schema, name: str) -> bool:
    """Protobuf leaves nothing open in the bytes of this type: no map and no oneof is in reach of it."""
    fields = schema.messages[name].fields
    inner = [schema.messages[field.of] for field in fields if field.kind == "TYPE_MESSAGE"]
    if any(field.oneof for field in fields) or any(each.is_map_entry for each in inner):
        return False
    return all(is_settled(schema, each.name) for each in inner if each.name != name)
