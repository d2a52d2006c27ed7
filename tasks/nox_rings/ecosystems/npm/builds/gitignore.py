"""Whether git ignores a folder, by the .gitignore files above it (https://git-scm.com/docs/gitignore#_pattern_format).
Settings of one machine (.git/info/exclude, core.excludesFile) do not count: what a build leaves is the same for all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nox_rings.engine.paths import at_or_above, below, joined
from nox_rings.workspace.sources import Sources

NAME = ".gitignore"
Rule = tuple[bool, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class GitIgnore:
    sources: Sources
    _rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    _known: dict[str, bool] = field(default_factory=dict)

    def ignores(self, folder: str) -> bool:
        """The folder, or one above it."""
        if folder == ".":
            return False
        if folder not in self._known:
            above = folder.rpartition("/")[0] or "."
            self._known[folder] = self.ignores(above) or self._ignores(folder)
        return self._known[folder]

    def _ignores(self, folder: str) -> bool:
        """The last pattern of the nearest file that matches decides."""
        for above in at_or_above(folder.rpartition("/")[0] or "."):
            inside = below(above, folder)
            for negated, regex in reversed(self._of(above)):
                if regex.fullmatch(inside):
                    return not negated
        return False

    def _of(self, folder: str) -> tuple[Rule, ...]:
        if folder not in self._rules:
            text = self.sources.text_or_empty(joined(folder, NAME))
            self._rules[folder] = tuple(rule for line in text.splitlines() if (rule := _rule(line)))
        return self._rules[folder]


def _rule(line: str) -> Rule | None:
    pattern = re.sub(r"(?<!\\)\s+$", "", line)
    if not pattern or pattern.startswith("#"):
        return None
    negated = pattern.startswith("!")
    pattern = pattern.removeprefix("!").removesuffix("/")
    anchored = "/" in pattern
    regex = _regex(pattern.removeprefix("/"))
    try:
        return negated, re.compile(regex if anchored else f"(?:.*/)?{regex}", re.DOTALL)
    except re.error:
        return None  # git matches nothing with it


def _regex(pattern: str) -> str:
    pieces = re.split(r"(\*\*/|/\*\*$|\*\*?|\?|\[[^\]]+\]|\\.)", pattern)
    meanings = {"**/": "(?:.*/)?", "/**": "/.*", "**": "[^/]*", "*": "[^/]*", "?": "[^/]"}
    return "".join(
        meanings.get(each) or (each.replace("[!", "[^") if each.startswith("[") else re.escape(each.removeprefix("\\")))
        for each in pieces
        if each
    )
