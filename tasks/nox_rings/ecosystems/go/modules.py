"""The go.mod and go.work files of a repository, read once each, and which go.work go takes for a module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import PurePosixPath

from nox_rings.engine.paths import at_or_above, joined
from nox_rings.engine.reading import sentence
from nox_rings.workspace.go_manifest import GoMod, GoWork, Replacement, parse_go_mod, parse_go_work
from nox_rings.workspace.sources import Sources, folder_of

COMMENT = re.compile(rb"//[^\n]*")


class Modules:
    """By folder. What go refuses in a go.mod is a problem of its module; what it refuses in a go.work is a problem of
    each module that the go.work uses."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._on_disk: dict[str, GoMod | None] = {}
        self.found = {folder_of(path): self._read_mod(path) for path in sources.named("go.mod")}
        self.works = {folder_of(path): self._read_work(path) for path in sources.named("go.work")}
        self._add_work_problems()

    def at(self, folder: str) -> GoMod | None:
        """Also where it is none of those that may describe the workspace: go reads it all the same."""
        if folder in self.found:
            return self.found[folder]
        if folder not in self._on_disk:
            path = joined(folder, "go.mod")
            there = self.is_inside(folder) and self._sources.exists(path)
            self._on_disk[folder] = parse_go_mod(self._text(path) or "") if there else None
        return self._on_disk[folder]

    def target(self, base: str, replacement: Replacement) -> str:
        """The folder that replaces a module, of a go.mod or go.work in `base`."""
        folder = PurePosixPath(replacement.target)
        if folder.is_absolute() and folder.is_relative_to(self._sources.root):
            return str(folder.relative_to(self._sources.root))
        return joined(base, replacement.target)

    @staticmethod
    def is_inside(folder: str) -> bool:
        return not folder.startswith(("../", "/")) and folder != ".."

    def work_of(self, folder: str) -> str | None:
        """The folder of the go.work that go takes in `folder`, where that uses it: the nearest above alone counts
        (https://go.dev/ref/mod#workspaces)."""
        work = self._nearest_work(folder)
        return work if work is not None and folder in self._used[work] else None

    def used_by(self, work: str) -> tuple[str, ...]:
        return self._uses[work]

    def is_vendored(self, folder: str) -> bool:
        """Whether go takes what is not of the main modules from `vendor` there."""
        path = joined(folder, "vendor/modules.txt")
        return path in self._listed or self._sources.exists(path)

    def coded(self) -> frozenset[str]:
        """The modules that a Go file belongs to: the nearest go.mod at or above it."""
        folders = {folder_of(path) for path in self._sources.files if path.endswith(".go")}
        found = (next((each for each in at_or_above(folder) if each in self.found), None) for folder in folders)
        return frozenset(filter(None, found))

    @cached_property
    def _uses(self) -> dict[str, tuple[str, ...]]:
        return {work: tuple(joined(work, used) for used in parsed.uses) for work, parsed in self.works.items()}

    @cached_property
    def _used(self) -> dict[str, frozenset[str]]:
        return {work: frozenset(uses) for work, uses in self._uses.items()}

    def has_nameless(self, work: str) -> bool:
        """Whether a go.work uses a module whose path cannot be read."""
        return work in self._nameless

    @cached_property
    def _nameless(self) -> frozenset[str]:
        found = ((work, self.at(used)) for work, uses in self._uses.items() for used in uses)
        return frozenset(work for work, mod in found if mod and not mod.module)

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(self._sources.listed) | self._sources.known

    def _read_mod(self, path: str) -> GoMod:
        text = self._text(path)
        if text is None:
            return GoMod()
        parsed = parse_go_mod(text)
        for refused in parsed.refused:
            self._sources.add_problem(path, refused.sentence(path))
        return parsed

    def _read_work(self, path: str) -> GoWork:
        return parse_go_work(self._text(path) or "")

    def _text(self, path: str) -> str | None:
        """go asks for UTF-8 in what it reads of the file, not in comments."""
        try:
            return self._sources.text(path)
        except UnicodeDecodeError as error:
            plain = COMMENT.sub(b"", error.object)
            try:
                return plain.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
            except UnicodeDecodeError:
                self._sources.add_problem(path, f"{path}: found text that is not UTF-8 ({error})")
        except OSError as error:
            self._sources.add_problem(path, sentence(path, error))
        return None

    def _add_work_problems(self) -> None:
        for work, parsed in self.works.items():
            path = joined(work, "go.work")
            used = [folder for folder in self.used_by(work) if self.work_of(folder) == work]
            # Of one that go cannot read nobody knows what it uses: go stops in every module below it.
            below = [folder for folder in self.found if self._nearest_work(folder) == work]
            self._add_to(used, path, self._missing_uses(work, path))
            self._add_to(below, path, (refused.sentence(path) for refused in parsed.refused))

    def _add_to(self, folders: list[str], path: str, problems: Iterable[str]) -> None:
        owners = [each for each in (joined(folder, "go.mod") for folder in folders) if each in self._sources.known]
        for problem in problems:
            for owner in owners or [path]:
                self._sources.add_problem(owner, problem)

    def _nearest_work(self, folder: str) -> str | None:
        return next((each for each in at_or_above(folder) if each in self.works), None)

    def _missing_uses(self, work: str, path: str) -> Iterator[str]:
        parsed = self.works[work]
        for used, line in zip(parsed.uses, parsed.use_lines, strict=True):
            folder = joined(work, used)
            if self.is_inside(folder) and self.at(folder) is None:
                yield f"{path}:{line}: found `use {used}`, expected a folder with a go.mod"
