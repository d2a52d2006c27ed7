"""Settings above a member that the programs read which its configured checks call."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from nox_rings.ecosystems.view import WorkspaceView
from nox_rings.engine.paths import at_or_above
from nox_rings.engine.patterns import name_matcher
from nox_rings.workspace.model import Member

FOUND = "..."
# They start another program, which is looked for behind them.
LAUNCHERS = frozenset(
    {"uv", "uvx", "run", "poetry", "pdm", "hatch", "npx", "bunx", "pnpm", "yarn", "exec", "env", "time"}
)
# They read no settings of other programs, but for those that are named behind them (`python -m mypy`).
PLAIN = frozenset({"python", "python3", "pytest", "go", "node", "tsc", "tsgo", "echo", "true", "test", "cp", "rm"})


class CheckSettings:
    """Made once; files are looked for when the first member has configured checks."""

    def __init__(self, view: WorkspaceView) -> None:
        self._view = view

    def above(self, member: Member) -> Iterator[str]:
        settings = self._view.ecosystem_of(member).check_settings()
        called = called_programs(self._view.config.member(member.folder).checks, tuple(settings))
        matches = name_matcher(tuple(name for each in called for name in settings[each]))
        for folder in at_or_above(member.folder) if called else ():
            if folder != member.folder:
                yield from (path for path in self._in.get(folder, ()) if matches(path.rpartition("/")[2]))

    @cached_property
    def _in(self) -> dict[str, list[str]]:
        """Folder → the listed files that some program of any ecosystem may read."""
        tables = (each.check_settings() for each in self._view.ecosystems.values())
        names = {name for table in tables for listed in table.values() for name in listed}
        matches = name_matcher(tuple(sorted(names)))
        found: dict[str, list[str]] = {}
        for path in self._view.files:
            folder, _, name = path.rpartition("/")
            if matches(name):
                found.setdefault(folder or ".", []).append(path)
        return found


def called_programs(checks: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """Those of `known` that checks call: by name, or all of them where what a check calls is not known."""
    found: dict[str, None] = {}
    for check in checks:
        words = [word.rpartition("/")[2] for word in _words(check) if not word.startswith("-")]
        while words and words[0] in LAUNCHERS:
            words = words[1:]
        if check == FOUND or not words:
            continue
        is_known = words[0] in known or words[0] in PLAIN
        found |= dict.fromkeys(each for each in known if each in words or not is_known)
    return tuple(found)


def _words(check: str) -> list[str]:
    try:
        return shlex.split(check)
    except ValueError:
        return [""]  # of no program that is known
