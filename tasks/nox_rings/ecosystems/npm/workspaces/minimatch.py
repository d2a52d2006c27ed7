"""Globs of `workspaces` in package.json, as npm, yarn and bun read them: the dialect of minimatch
(https://github.com/isaacs/minimatch), each manager with its own rule for exclusions.

    *            any part of a name, hidden ones not     [ab] [!ab] [a-z]   one character
    ?            one character                           {a,b} {1..3}       one of these
    **           any number of folders, hidden ones not  @(a|b) !(a|b)      one of these, none of these"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from nox_rings.ecosystems.npm.workspaces.managers import Manager

NEVER_MEMBERS = frozenset({"node_modules", ".git", ".yarn"})
BRACES = re.compile(r"\{([^{}]*)\}")
NUMBERS = re.compile(r"(-?\d+)\.\.(-?\d+)")
CLASS = re.compile(r"\[([!^]?)(\]?(?:\\.|[^\]\\])*)\]")
EXTENDED = re.compile(r"([@!+*?])\(([^()/]*)\)")
VISIBLE = r"(?!\.)"
Takes = Callable[[str], bool]


def member_test(globs: Sequence[str], manager: Manager) -> Takes:
    """Whether a folder (relative to the workspace) is a member."""
    return _test(tuple(globs), manager)


@lru_cache(maxsize=64)
def _test(globs: tuple[str, ...], manager: Manager) -> Takes:
    rules = [(negated, _regex(each, sees_hidden=negated)) for negated, each in _rules(globs, manager)]

    def takes(folder: str) -> bool:
        if not NEVER_MEMBERS.isdisjoint(folder.split("/")):
            return False
        taken = False
        for negated, regex in rules:
            if taken is negated and regex.fullmatch(folder):
                taken = not negated
        return taken

    return takes


def _rules(globs: tuple[str, ...], manager: Manager) -> Iterator[tuple[bool, str]]:
    """(whether it excludes, glob), in an order in which the last that matches decides."""
    parsed = [_parsed(each) for each in globs]
    if manager is Manager.YARN:  # knows no exclusions
        return ((False, glob) for negated, glob in parsed if not negated)
    return iter(_npm_order(parsed) if manager is Manager.NPM else parsed)


def _parsed(glob: str) -> tuple[bool, str]:
    bare = glob.lstrip("!")
    path = re.sub(r"^(?:\.?/+)+", "", bare.replace("\\", "/")).rstrip("/")
    return (len(glob) - len(bare)) % 2 == 1, path


def _npm_order(parsed: Sequence[tuple[bool, str]]) -> list[tuple[bool, str]]:
    """An exclusion holds wherever it stands, unless a glob after it names something that it excludes: then it is gone
    (npm/map-workspaces, `appendNegatedPatterns`)."""
    taken: list[str] = []
    excluded: list[str] = []
    for negated, glob in parsed:
        if negated:
            excluded.append(glob)
        else:
            excluded = [each for each in excluded if not _regex(each, sees_hidden=False).fullmatch(glob)]
            taken.append(glob)
    return [*((False, each) for each in taken), *((True, each) for each in excluded)]


@lru_cache(maxsize=1024)
def _regex(glob: str, *, sees_hidden: bool) -> re.Pattern[str]:
    visible = "" if sees_hidden else VISIBLE
    return re.compile("|".join(_path(each, visible) for each in _expanded(glob)) or "(?!)", re.DOTALL)


def _expanded(glob: str) -> Iterator[str]:
    """Without braces, from the innermost on. `{a}` and `{}` are themselves, as in a shell."""
    for braces in BRACES.finditer(glob):
        if numbers := NUMBERS.fullmatch(braces[1]):
            low, high = int(numbers[1]), int(numbers[2])
            step = 1 if low <= high else -1
            choices = [str(each) for each in range(low, high + step, step)]
        elif "," in braces[1]:
            choices = braces[1].split(",")
        else:
            continue
        for choice in choices:
            yield from _expanded(f"{glob[: braces.start()]}{choice}{glob[braces.end() :]}")
        return
    yield glob


def _path(glob: str, visible: str) -> str:
    parts = [each for each in glob.split("/") if each not in ("", ".")]
    out = ""
    for index, part in enumerate(parts):
        first, last = index == 0, index == len(parts) - 1
        if part == "**":
            folder = rf"{visible}[^/]+"
            if last:
                out = f"{out.removesuffix('/')}(?:/{folder})*" if not first else f"{folder}(?:/{folder})*"
            else:
                out += f"(?:{folder}/)*"
        else:
            out += _part(part, visible) + ("" if last else "/")
    return f"(?:{out})"


def _part(part: str, visible: str) -> str:
    out, at = ("" if part.startswith(".") else visible), 0
    while at < len(part):
        if extended := EXTENDED.match(part, at):
            choices = "|".join(_part(each, "") for each in extended[2].split("|"))
            negation = rf"(?!(?:{choices})(?:/|$))[^/]*"
            out += negation if extended[1] == "!" else f"(?:{choices}){extended[1].replace('@', '')}"
            at = extended.end()
        elif part[at] == "[" and (found := CLASS.match(part, at)):
            out += f"[{'^/' if found[1] else ''}{found[2].replace('[', chr(92) + '[')}]"
            at = found.end()
        else:
            out += {"*": "[^/]*", "?": "[^/]"}.get(part[at], re.escape(part[at]))
            at += 1
    return out
