"""Globs of [tool.uv.workspace], as uv reads them: the dialect of the Rust crate glob (https://docs.rs/glob).
tests/real/test_member_globs.py compares.

    *      any part of a name, hidden ones too     [ab] [!ab] [a-z]   one character; `[?]` is a question mark
    ?      one character                           **                 any number of folders, alone between slashes

There are no braces and no escapes. `exclude` is matched as text: its `*`, `?` and brackets match slashes as well."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache


class GlobInvalidError(ValueError):
    """A glob that uv refuses, with a reason."""


def glob_problems(globs: Iterable[str]) -> Iterator[str]:
    """A problem for each glob that makes uv refuse the workspace."""
    for glob in globs:
        try:
            member_regex(glob)
        except GlobInvalidError as error:
            yield f"found the glob `{glob}`: {error}"


def takes_member(folder: str, members: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether a folder (relative to the workspace) is a member."""
    taken, excluded = _compiled(tuple(members), tuple(exclude))
    return any(each.fullmatch(folder) for each in taken) and not any(each.fullmatch(folder) for each in excluded)


@lru_cache(maxsize=64)
def _compiled(
    members: tuple[str, ...], exclude: tuple[str, ...]
) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    taken, excluded = ([glob for glob in globs if not any(glob_problems([glob]))] for globs in (members, exclude))
    return [member_regex(glob) for glob in taken], [exclude_regex(glob) for glob in excluded]


def member_regex(glob: str) -> re.Pattern[str]:
    """For a walk from folder to folder: `**` at the end is at least one."""
    return re.compile(_expression(glob, name="[^/]*", character="[^/]", folders="(?:[^/]+/)*", below=".+"), re.DOTALL)


def exclude_regex(glob: str) -> re.Pattern[str]:
    return re.compile(_expression(glob, name=".*", character=".", folders="(?:.*/)?", below=".*"), re.DOTALL)


def _expression(glob: str, *, name: str, character: str, folders: str, below: str) -> str:
    parts = posixpath.normpath(glob).split("/")
    out: list[str] = []
    for index, part in enumerate(parts):
        last = index + 1 == len(parts)
        if part == "**":
            # The crate takes `**/**` for one.
            out.append(below if last else "" if parts[index + 1] == "**" else folders)
        elif "**" in part:
            raise GlobInvalidError("expected `**` alone between slashes")
        else:
            out.append(_part(part, name, character) + ("" if last else "/"))
    return "".join(out)


def _part(part: str, name: str, character: str) -> str:
    out, index = "", 0
    while index < len(part):
        if part[index] != "[":
            out += {"*": name, "?": character}.get(part[index], re.escape(part[index]))
            index += 1
            continue
        first = index + (2 if part.startswith("[!", index) else 1)
        end = part.find("]", first + 1)
        if end < 0:
            raise GlobInvalidError("expected a `]` to its `[`; a bracket is [[]")
        out += _class(part[first:end], negated=first == index + 2)
        index = end + 1
    return out


def _class(inner: str, *, negated: bool) -> str:
    """`a-z` is a range; a `-` at an end is itself."""
    ranges = [(each[0], each[-1]) for each in re.findall(r".-.|.", inner, re.DOTALL)]
    shown = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges if low <= high)
    if negated:
        return f"[^{shown}]"
    return f"[{shown}]" if shown else "(?!)"
