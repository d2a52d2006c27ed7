"""Patterns of .dockerignore, and of paths in a Dockerfile.

The first as moby/patternmatcher v0.6 reads them and tonistiigi/fsutil asks it (tests/real/test_buildkit.py compares):
https://docs.docker.com/build/concepts/context/#dockerignore-files. `ignore` and `proto.roots` of [tool.nox-rings] are
patterns of this kind too. Globs of pnpm and uv are other dialects, and stand with their ecosystems."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

# One bracket of a pattern, as Go's filepath.Match accepts it: `\` escapes, `-` and `]` have to be escaped at its ends.
BRACKET = re.compile(r"\[\^?(?:(?:\\.|[^\\\]\-])(?:-(?:\\.|[^\\\]\-]))?)+\]", re.DOTALL)
WILDCARDS = re.compile(r"[*?\\\[\]]")
NOTHING = r"(?!)"
ESCAPED_BY_MATCHER = frozenset(".+()|{}$")


@cache
def name_matcher(patterns: tuple[str, ...]) -> Callable[[str], re.Match[str] | None]:
    """Of whole names, by patterns of the shell (fnmatch); no pattern matches nothing."""
    return re.compile("|".join(map(fnmatch.translate, patterns)) or NOTHING).match


def parse_ignore_file(text: str) -> tuple[str, ...]:
    """The patterns of a .dockerignore. A `#` begins a comment only where it is the first character of a line."""
    lines = text.removeprefix("\ufeff").split("\n")
    patterns = (clean_pattern(line) for line in lines if not line.startswith("#"))
    return tuple(pattern for pattern in patterns if pattern)


def clean_pattern(pattern: str) -> str:
    """Without spaces around it, `./`, `//`, `..` that climb, and slashes at its ends; empty for a blank line."""
    stripped = pattern.strip()
    negation = "!" if stripped.startswith("!") else ""
    path = stripped.removeprefix("!").strip()
    if not path:
        return negation
    cleaned = posixpath.normpath(path).replace("//", "/", 1)
    return negation + (cleaned[1:] if len(cleaned) > 1 and cleaned.startswith("/") else cleaned)


def is_ignored(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether the last pattern that matches `path`, or a folder above it, is one without `!`."""
    return _matcher(patterns).ignores(path)


def may_prune(patterns: Sequence[str]) -> bool:
    """Whether a whole ignored folder can be skipped: no later pattern includes a file of it again."""
    return not any(pattern.lstrip().startswith("!") for pattern in patterns)


@lru_cache(maxsize=64)
def _matcher(patterns: tuple[str, ...]) -> _Matcher:
    return _Matcher(patterns)


class _Matcher:
    """A listing is asked about many paths and few lists of patterns: most paths cost one expression. Those of single
    patterns are compiled only where a `!` makes their order count."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        cleaned = [each for each in map(clean_pattern, patterns) if each]
        self._any = _any_regex([each for each in cleaned if not each.startswith("!")])
        self._brings_back = any(each.startswith("!") for each in cleaned)
        listed = cleaned if self._brings_back else []
        self._rules = tuple((each.startswith("!"), ignore_regex(each.removeprefix("!"))) for each in listed)
        self._folders: dict[str, tuple[bool, ...]] = {"": (False,) * len(self._rules)}

    def ignores(self, path: str) -> bool:
        if self._any is None or not self._any.fullmatch(path):
            return False
        return not self._brings_back or self._look(path)[0]

    def _look(self, path: str) -> tuple[bool, tuple[bool, ...]]:
        """Whether it is ignored, and which rules matched it or a folder above it. A rule that could change nothing is
        not asked, and then counts as one that did not match: for what lies below, too."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            self._folders[folder] = self._look(folder)[1]
        ignored, matched = False, []
        for (negated, regex), above in zip(self._rules, self._folders[folder], strict=True):
            matches = above or (negated is ignored and regex.fullmatch(path) is not None)
            matched.append(matches)
            if matches:
                ignored = not negated
        return ignored, tuple(matched)


@lru_cache(maxsize=1024)
def ignore_regex(pattern: str) -> re.Pattern[str]:
    """One cleaned pattern, for whole paths. One that the matcher refuses, and a build with it, matches nothing."""
    try:
        return re.compile(_ignore_expression(pattern), re.ASCII | re.DOTALL)
    except re.error:
        return re.compile(NOTHING)


def _any_regex(patterns: list[str]) -> re.Pattern[str] | None:
    """Of what any of these cleaned patterns matches, and of what lies below it."""
    if not patterns:
        return None
    try:
        return _joined_regex(map(_ignore_expression, patterns))
    except re.error:
        return _joined_regex(ignore_regex(each).pattern for each in patterns)


def _joined_regex(expressions: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(f'(?:{each})' for each in expressions)})(?:/.*)?", re.ASCII | re.DOTALL)


def _ignore_expression(pattern: str) -> str:
    """As the matcher does, plain text is compared as it is, alone, after `**` or before it."""
    if not _is_valid(pattern):
        return NOTHING
    if not WILDCARDS.search(pattern):
        return re.escape(pattern)
    if pattern.startswith("**") and not WILDCARDS.search(rest := pattern[2:]):
        return f"(?:.*/)?{re.escape(rest[1:])}" if rest.startswith("/") else f".*{re.escape(rest)}"
    if pattern.endswith("**") and not WILDCARDS.search(pattern[:-2]):
        return f"{re.escape(pattern[:-2])}.*"
    out, index, inside = "", 0, False
    while index < len(pattern):
        char = pattern[index]
        if pattern.startswith("**", index):
            index += 3 if pattern.startswith("**/", index) else 2
            out += "(?:.*/)?" if index < len(pattern) else ".*"
            continue
        index += 1
        if char == "\\":
            out += f"\\{pattern[index : index + 1]}"
            index += 1
        elif char in ESCAPED_BY_MATCHER or (inside and char in "[&~"):
            out += f"\\{char}"
        else:
            inside = char == "[" or (inside and char not in "]*?")  # a wildcard's own bracket ends the one around it
            out += {"*": "[^/]*", "?": "[^/]"}.get(char, char)
    return out


def _is_valid(pattern: str) -> bool:
    """Whether Go's filepath.Match takes it."""
    index = 0
    while index < len(pattern):
        if pattern[index] == "[":
            found = BRACKET.match(pattern, index)
            if not found:
                return False
            index = found.end()
        elif pattern[index] == "\\":
            if index + 1 == len(pattern):
                return False
            index += 2
        else:
            index += 1
    return bool(pattern)


@lru_cache(maxsize=512)
def glob_regex(pattern: str) -> re.Pattern[str]:
    """A path in a COPY, as Go's filepath.Match reads it; `**` spans any number of parts (COPY --parents)."""
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
        elif found := BRACKET.match(rest, index):
            out.append(found[0])
            index = found.end()
        elif rest[index] == "\\" and index + 1 < len(rest):
            out.append(re.escape(rest[index + 1]))
            index += 2
        else:
            out.append({"*": "[^/]*", "?": "[^/]"}.get(rest[index], re.escape(rest[index])))
            index += 1
    return re.compile("".join(out), re.DOTALL)
