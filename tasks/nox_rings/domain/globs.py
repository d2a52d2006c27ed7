"""Path patterns: `*` and `?` stay within one part of a path, `**` spans any number of parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache


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


def is_ignored(path: str, patterns: Sequence[str]) -> bool:
    """The rule of .dockerignore: the last pattern that matches the path or a folder above it decides
    (docs.docker.com/build/concepts/context/#dockerignore-files)."""
    parts = path.split("/")
    heads = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    ignored = False
    for pattern in patterns:
        negated = pattern.startswith("!")
        if negated is ignored and any(map(glob_regex(pattern.removeprefix("!")).fullmatch, heads)):
            ignored = not negated
    return ignored


def may_prune(patterns: Sequence[str]) -> bool:
    """Whether an ignored folder can be passed over whole: no later pattern brings a file back."""
    return not any(pattern.startswith("!") for pattern in patterns)
