"""Globs of `packages` in pnpm-workspace.yaml, as pnpm 12 reads them: the dialect of the Rust crate wax
(https://docs.rs/wax), with pnpm's own rules for hidden folders and exclusions
(compared by tests/real/test_member_globs.py).

    *  $         any part of a name          [ab] [!ab] [a-z]   one character
    ?            one character               {a,b/*}            one of these
    **           any number of folders, hidden ones not; stands alone between slashes

Not read here, though wax has them: repetitions `<a:1,2>` and flags `(?i)`; they count as errors."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

NEVER_MEMBERS = frozenset({"node_modules", "bower_components"})
ESCAPABLE = frozenset("?*$:<>()[]{},\\")
CLASS = re.compile(r"\[(?!!\])!?(?:(?:\\.|[^\\\[\]-])(?:-(?:\\.|[^\\\[\]-]))?)+\]")
RANGE = re.compile(r"\\?(.)(?:-\\?(.))?", re.DOTALL)
VISIBLE = r"(?!\.)"


class GlobInvalidError(ValueError):
    """A glob that pnpm refuses, with a reason."""


def glob_problems(globs: Iterable[str]) -> Iterator[str]:
    """A problem for each glob that makes pnpm refuse the workspace."""
    for glob in globs:
        try:
            member_regex(glob.removeprefix("!"))
        except GlobInvalidError as error:
            yield f"found the glob `{glob}`: {error}"


def takes_member(folder: str, globs: Sequence[str]) -> bool:
    """Whether a folder (relative to the workspace) is a member: some glob matches it, and none with `!`, wherever it
    stands in the list."""
    if NEVER_MEMBERS & {*folder.split("/")}:
        return False
    taken, excluded = _compiled(tuple(globs))
    return any(each.fullmatch(folder) for each in taken) and not any(each.fullmatch(folder) for each in excluded)


@lru_cache(maxsize=64)
def _compiled(globs: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    """Exclusions match hidden folders too."""
    valid = [glob for glob in globs if not any(glob_problems([glob]))]
    taken = (member_regex(glob) for glob in valid if not glob.startswith("!"))
    excluded = (member_regex(glob[1:], sees_hidden=True) for glob in valid if glob.startswith("!"))
    return tuple(taken), tuple(excluded)


def member_regex(glob: str, *, sees_hidden: bool = False) -> re.Pattern[str]:
    if not glob:
        raise GlobInvalidError("expected a path")
    return re.compile(_Glob(posixpath.normpath(glob), sees_hidden=sees_hidden).expression(), re.DOTALL)


class _Glob:
    def __init__(self, text: str, *, sees_hidden: bool) -> None:
        self._text = text
        self._at = 0
        self._visible = "" if sees_hidden else VISIBLE

    def expression(self) -> str:
        found = self._sequence("", starts=True)
        if self._at < len(self._text):
            self._refuse(self._text[self._at])
        return found

    def _sequence(self, stops: str, *, starts: bool) -> str:
        """Up to one of `stops`; `starts` is true where a name begins."""
        out, text = "", self._text
        while self._at < len(text) and text[self._at] not in stops:
            char = text[self._at]
            if starts and char == "." and stops and out:
                raise GlobInvalidError("expected hidden folders outside of braces")
            if starts and char not in "./":
                out += self._visible
            if char == "*" and text.startswith("**", self._at):
                out = self._tree(out.removesuffix(self._visible), stops, starts=starts)
                continue
            if char in "(),:<>}]":
                return self._refuse(char)
            self._at += 1
            out += self._one(char, starts=starts)
            starts = char == "/"
        return out

    def _one(self, char: str, *, starts: bool) -> str:
        if char == "{":
            return self._alternatives(starts=starts)
        if char == "[":
            return self._class()
        if char == "\\":
            escaped = self._text[self._at : self._at + 1]
            if escaped not in ESCAPABLE or not escaped:
                raise GlobInvalidError(f"expected no escape before `{escaped}`")
            self._at += 1
            return re.escape(escaped)
        return {"*": "[^/]*", "$": "[^/]*", "?": "[^/]"}.get(char, re.escape(char))

    def _tree(self, before: str, stops: str, *, starts: bool) -> str:
        following = self._text[self._at + 2 : self._at + 3]
        ends = not following or following in stops
        if not starts or not (ends or following == "/") or (ends and stops and not before):
            raise GlobInvalidError("expected `**` alone between slashes")
        self._at += 2 if ends else 3
        if self._text.startswith("**", self._at):
            raise GlobInvalidError("expected `**` once")
        if not ends:
            return f"{before}(?:{self._visible}[^/]+/)*"
        return (
            f"{before.removesuffix('/')}(?:/{self._visible}[^/]+)*"
            if before
            else f"{self._visible}[^/]+(?:/{self._visible}[^/]+)*"
        )

    def _alternatives(self, *, starts: bool) -> str:
        found = []
        while True:
            before = self._at
            found.append(self._sequence(",}", starts=starts))
            if self._at == before or self._at == len(self._text):
                raise GlobInvalidError("expected braces to hold {one,other}")
            self._at += 1
            if self._text[self._at - 1] == "}":
                return f"(?:{'|'.join(found)})"

    def _class(self) -> str:
        found = CLASS.match(self._text, self._at - 1)
        if not found:
            raise GlobInvalidError("expected brackets to hold characters or ranges, [a-z]")
        self._at = found.end()
        ranges = [(each[1], each[2] or each[1]) for each in RANGE.finditer(found[0][1:-1].removeprefix("!"))]
        shown = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges if low <= high)
        if found[0].startswith("[!"):
            return f"[^/{shown}]"
        return f"[{shown}]" if shown else "(?!)"

    def _refuse(self, char: str) -> str:
        raise GlobInvalidError(f"expected `{char}` escaped")
