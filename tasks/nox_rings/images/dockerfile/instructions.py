"""The instructions of a Dockerfile, as BuildKit's parser reads them (moby/buildkit, frontend/dockerfile/parser;
tests/real/test_buildkit.py compares the two).

Ours, because the parser itself is out of reach while a plan is made: a workspace may have no Go yet, and of the PyPI
package `dockerfile`, an older parser, there are wheels for x86-64 Linux and Windows alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from nox_rings.images.dockerfile.shell import unquoted_words
from nox_rings.images.dockerfile.variables import WordError
from nox_rings.images.dockerfile.words import SPACES, cut, split_blanks, split_words, take_flags

HEREDOC = re.compile(r"(\d*)<<(-?)[\t\n\f\r ]*([^<]*)\Z")
LISTS = ("ADD", "COPY", "VOLUME")
WHOLE = ("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR")
SHELL_FORMS = ("CMD", "ENTRYPOINT", "RUN", "SHELL")
VERBS = frozenset({*LISTS, *WHOLE, *SHELL_FORMS, "ARG", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "ONBUILD"})


class DockerfileError(ValueError):
    """Text that BuildKit refuses: `line` (from 1) and its reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"{line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """`words` are without the verb and the flags; of ENV and LABEL `NAME=value` each, whichever form was written.
    `json` says that they were a JSON array; `heredocs` are the names of here-documents; `text` is all after the verb
    and its flags."""

    line: int
    verb: str
    words: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    heredocs: tuple[str, ...] = ()
    json: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heredoc:
    name: str
    strips_tabs: bool


def parse_heredoc(word: str) -> Heredoc | None:
    """Raises WordError."""
    found = HEREDOC.match(word)
    if not found or not found[3]:
        return None
    names = unquoted_words(found[3])
    return Heredoc(name=names[0], strips_tabs=bool(found[2])) if len(names) == 1 else None


def trigger_of(instruction: Instruction, escape: str) -> Instruction | None:
    """What an ONBUILD instruction adds to stages that are FROM its own."""
    return parse_instruction(instruction.text, instruction.line, escape) if instruction.text else None


def parse_instruction(line: str, start: int, escape: str) -> Instruction:
    """A logical line. Raises WordError, DockerfileError."""
    verb, _, rest = cut(line.strip(SPACES))
    flags, rest = take_flags(rest, escape)
    rest = rest.strip(SPACES)
    verb = verb.upper()
    words, is_json = _words_of(verb, rest, start, escape) if rest else ((), False)
    return Instruction(line=start, verb=verb, words=words, flags=flags, json=is_json, text=rest)


def _words_of(verb: str, text: str, start: int, escape: str) -> tuple[tuple[str, ...], bool]:
    """The words, and whether they were a JSON array; none of what is no instruction."""
    if verb in LISTS or verb in SHELL_FORMS:
        array = _json_array(text, start)
        if array is not None:
            return array, True
        return (split_blanks(text) if verb in LISTS else (text,)), False
    if verb in ("ENV", "LABEL"):
        return _pairs(text, verb, escape), False
    if verb == "HEALTHCHECK":
        kind, _, command = cut(text)
        array = _json_array(command, start)
        return (kind, *(array if array is not None else (command,) * bool(command))), False
    if verb == "ONBUILD":
        inner = parse_instruction(text, start, escape)
        return (inner.verb, *inner.words), False
    if verb == "ARG":
        return split_words(text, escape), False
    return ((text,) if verb in WHOLE else split_blanks(text) if verb in VERBS else ()), False


def _json_array(text: str, line: int) -> tuple[str, ...] | None:
    """None for text that is no JSON array, which then is read as words."""
    if not text.startswith("["):
        return None

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        found = json.loads(text, parse_constant=refuse)
    except ValueError:
        return None
    if not all(isinstance(each, str) for each in found):
        raise DockerfileError(line, "when using JSON array syntax, arrays must be comprised of strings only")
    return tuple(found)


def _pairs(text: str, verb: str, escape: str) -> tuple[str, ...]:
    """`NAME=value …`, or the old form `NAME value with spaces`."""
    words = split_words(text, escape)
    if words and "=" not in words[0]:
        name, blanks, value = cut(text)
        if not blanks:
            raise WordError(f"{verb} must have two arguments")
        return (f"{name}={value}",)
    for word in words:
        if "=" not in word:
            raise WordError(f"Syntax error - can't find = in {json.dumps(word)}. Must be of the form: name=value")
    return words
