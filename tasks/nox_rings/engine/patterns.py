"""Path patterns: `*` and `?` stay within one part of a path, `**` spans any number of parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby


@lru_cache(maxsize=512)
def glob_regex(pattern: str) -> re.Pattern[str]:
    """Compile a workspace glob or one .dockerignore pattern (Go's `filepath.Match` plus `**`)."""
    out: list[str] = []
    rest = pattern.strip("/").removeprefix("./")
    index = 0
    while index < len(rest):
        if rest.startswith("**/", index):
            out.append("(?:[^/]+/)*")
            index += 3
        elif rest.startswith("**", index):
            out.append(".*")
            index += 2
        elif rest[index] == "[" and (end := rest.find("]", index + 2)) > 0:
            out.append(rest[index : end + 1])
            index = end + 1
        else:
            out.append({"*": "[^/]*", "?": "[^/]"}.get(rest[index], re.escape(rest[index])))
            index += 1
    return re.compile("".join(out))


def matches_any(path: str, patterns: Sequence[str]) -> bool:
    """Whether a workspace member glob list takes `path`; a pattern that begins with `!` takes it back."""
    taken = False
    for pattern in patterns:
        if pattern.startswith("!"):
            taken = taken and not glob_regex(pattern[1:]).fullmatch(path)
        else:
            taken = taken or bool(glob_regex(pattern).fullmatch(path))
    return taken


def is_ignored(path: str, patterns: tuple[str, ...]) -> bool:
    """The rule of .dockerignore: the last pattern that matches the path or a folder above it decides
    (docs.docker.com/build/concepts/context/#dockerignore-files)."""
    ignored = False
    for negated, regex in _ignore_rules(patterns):
        if negated is ignored and regex.fullmatch(path):
            ignored = not negated
    return ignored


@lru_cache(maxsize=64)
def _ignore_rules(patterns: tuple[str, ...]) -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """Neighbours of one sign as one expression: a listing is asked about many paths and few lists of patterns."""
    groups = groupby(patterns, key=lambda pattern: pattern.startswith("!"))
    return tuple(
        (negated, re.compile(f"(?:{'|'.join(glob_regex(each.removeprefix('!')).pattern for each in group)})(?:/.*)?"))
        for negated, group in groups
    )


def may_prune(patterns: Sequence[str]) -> bool:
    """Whether an ignored folder can be passed over whole: no later pattern brings a file back."""
    return not any(pattern.startswith("!") for pattern in patterns)
