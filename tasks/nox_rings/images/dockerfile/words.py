"""Splitting the text of an instruction into words and flags (moby/buildkit, frontend/dockerfile/parser/line_parsers.go
and split_command.go)."""

from __future__ import annotations

import re

# unicode.IsSpace of Go. Python's str.isspace() takes \x1c to \x1f too.
SPACES = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
ASCII_SPACES = "\t\n\v\f\r "  # the parser reads flags byte by byte
BLANKS = re.compile(r"[\t\v\f\r ]+")


def split_blanks(text: str) -> tuple[str, ...]:
    return tuple(BLANKS.split(text))


def cut(text: str) -> tuple[str, str, str]:
    found = BLANKS.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def split_words(text: str, escape: str) -> tuple[str, ...]:
    """Split at spaces outside of quotes; quotes and escapes stay."""
    words: list[str] = []
    word, quote, index = "", "", 0
    while index < len(text):
        char = text[index]
        index += 1
        if not quote and char in SPACES:
            words += [word] if word else []
            word = ""
        elif char == escape and quote != "'":
            if index < len(text):
                word += char + text[index]
                index += 1
        else:
            quote = ("" if char == quote else quote) if quote else char if char in "'\"" else ""
            word += char
    return (*words, word) if word else tuple(words)


def take_flags(text: str, escape: str) -> tuple[tuple[str, ...], str]:
    """Leading words that begin with `--`, without their quotes; a lone `--` ends them."""
    flags: list[str] = []
    rest = text.lstrip(ASCII_SPACES)
    while rest.startswith("--"):
        flag, length = _flag(rest, escape)
        rest = rest[length:]
        if flag == "--":
            break
        flags.append(flag)
        rest = rest.lstrip(ASCII_SPACES)
    return tuple(flags), rest


def _flag(text: str, escape: str) -> tuple[str, int]:
    """The word without quotes and escapes, and its length in the text."""
    word, quote, index = "", "", 0
    while index < len(text):
        char = text[index]
        if not quote and char in ASCII_SPACES:
            break
        index += 1
        if char == quote or (not quote and char in "'\""):
            quote = "" if quote else char
        elif char == escape:
            word += text[index : index + 1]
            index += 1
        else:
            word += char
    return word, min(index, len(text))
