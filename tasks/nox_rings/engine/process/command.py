"""A program call as a value: what to run, where, with which environment on top of ours. Nothing here runs it."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nox_rings.engine.plan.variables import reaching_variables

ESCAPES = r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One program call. `env` overlays our environment (None removes); `secrets` names variables, never values.
    `inherited` are patterns of the variables of our environment that it gets (plan/variables.py); None: all of them.
    `lists_names`: standard output is names of files; bytes in them that are not UTF-8 survive (os.fsdecode). `through`
    is a program with its arguments that starts this one, to watch it: a person repeats the command without."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str | None] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    description: str = ""
    lists_names: bool = False
    inherited: tuple[str, ...] | None = None
    through: tuple[str, ...] = ()

    def render(self, root: Path | None = None, *, with_path: bool = False) -> str:
        """The command as a person would type it from `root` (or from anywhere, when None). The PATH of our tools is
        long and the same for many commands: it is left out unless asked for. Secrets always are."""
        shown = {name: value for name, value in self.env.items() if name not in ("PATH", *self.secrets)}
        removed = [f"-u {name}" for name, value in shown.items() if value is None]
        sets = [f"{name}={shlex.quote(value)}" for name, value in shown.items() if value is not None]
        words = ["env", *removed, *sets] if removed else sets
        if self.inherited is not None:
            kept = (
                f'{name}="${name}"' for name in reaching_variables(self.inherited, os.environ) if name not in self.env
            )
            words = ["env", "-i", *(kept if with_path else ("…",)), *sets]
        if with_path and (path := self.env.get("PATH")):
            at = 2 if words[:2] == ["env", "-i"] else 0
            words = [*words[:at], f"PATH={quoted_path(path)}", *words[at:]]
        here = root is not None and self.cwd == root
        where = [] if here else ["cd", shlex.quote(str(self.cwd)), "&&"]
        return readable(" ".join([*where, *words, shlex.join(self.argv)]))


def readable(text: str) -> str:
    """Text that can be written anywhere: a byte of a file name that is not UTF-8 is shown as `\\xff`."""
    return text.encode(errors="surrogateescape").decode(errors="backslashreplace")


def without_escapes(text: str) -> str:
    """Text of a program that its own settings make write colours, titles or links: without the sequences for them
    (ECMA-48, 5.4 and 5.6)."""
    return re.sub(ESCAPES, "", text) if "\x1b" in text else text


def quoted_path(path: str) -> str:
    """A PATH value for a shell line; what it only adds to ours ends in $PATH."""
    inherited = os.environ.get("PATH", "")
    if inherited and path.endswith(f":{inherited}"):
        return f'{shlex.quote(path.removesuffix(inherited))}"$PATH"'
    return shlex.quote(path)
