"""The lines that `strace -f -y -o FILE` writes, as calls: in the order in which they began, each with its result.

A call during which another process made one is printed in two lines (`<unfinished ...>` and `<... NAME resumed>`,
https://man7.org/linux/man-pages/man1/strace.1.html), which are one call here. Names are complete, whatever their
length, and escaped as in C."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import NamedTuple

LINE = re.compile(r"(\d+) +(.*)")
CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?)(?:<((?:[^>\\]|\\.)*)>)?", re.DOTALL)
RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
SUPERSEDED = re.compile(r"\+\+\+ superseded by execve in pid (\d+) \+\+\+")
UNFINISHED = " <unfinished ...>"
ARGUMENT = re.compile(
    r"\s*(?:"
    r'"(?P<text>(?:[^"\\]|\\.)*)"(?:\.\.\.)?'
    r"|(?P<number>AT_FDCWD|-?\d+)(?:<(?P<path>(?:[^>\\]|\\.)*)>(?:\(deleted\))?)?"
    r"|(?P<other>[^,]*)"
    r")\s*(?:,|$)"
)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"f": b"\f"}


class Argument(NamedTuple):
    """`text` of a string, or `path` of a file descriptor (empty where it has none), or the `other` text."""

    text: str | None = None
    path: str | None = None
    other: str = ""


class Call(NamedTuple):
    """`result` is -1 for a failure, and for a call that did not return; `opened` is where the descriptor that it
    returned leads, links resolved. `text` is all that was printed of the arguments."""

    process: int
    name: str
    text: str
    result: int
    opened: str = ""

    def arguments(self, count: int) -> list[Argument]:
        """The first `count`; strings and paths as they are on the disk."""
        found: list[Argument] = []
        at = 0
        while len(found) < count and (match := ARGUMENT.match(self.text, at)) and match.end() > at:
            at = match.end()
            text, number, path = match["text"], match["number"], match["path"]
            if text is not None:
                found.append(Argument(text=unescaped(text)))
            elif number is not None:
                found.append(Argument(path=unescaped(path or ""), other=number))
            else:
                found.append(Argument(other=(match["other"] or "").strip()))
        return found


def parse_calls(lines: Iterable[str]) -> list[Call]:
    """A line that is cut off, because its writer was killed, counts for nothing."""
    calls: list[Call | None] = []
    pending: dict[int, tuple[int, str]] = {}
    for line in lines:
        if (found := LINE.match(line)) is None:
            continue
        process, text = int(found[1]), found[2]
        if superseded := SUPERSEDED.match(text):
            if other := pending.pop(int(superseded[1]), None):
                pending[process] = other
        elif text.endswith(UNFINISHED):
            pending[process] = (len(calls), text.removesuffix(UNFINISHED))
            calls.append(None)
        elif resumed := RESUMED.match(text):
            if process in pending:
                index, begun = pending.pop(process)
                calls[index] = _call(process, f"{begun}{resumed[2]}")
        elif (call := _call(process, text)) is not None:
            calls.append(call)
    return [call for call in calls if call is not None]


def _call(process: int, text: str) -> Call | None:
    found = CALL.match(text)
    if found is None:
        return None
    result = -1 if found[3] == "?" else int(found[3])
    return Call(process=process, name=found[1], text=found[2], result=result, opened=unescaped(found[4] or ""))


def unescaped(text: str) -> str:
    """What C writes as `\\303\\251`, `\\n` or `\\"`."""
    if "\\" not in text:
        return text
    return os.fsdecode(ESCAPE.sub(_byte, text.encode(errors="surrogateescape")))


def _byte(match: re.Match[bytes]) -> bytes:
    escape = match[1]
    if escape[:1].isdigit():
        return bytes([int(escape, 8) & 255])
    return LETTERS.get(escape, escape)
