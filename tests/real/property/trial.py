"""Sequences of edits, each compared with a build from nothing, and the smallest sequence of one that failed."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from checkout import REPOSITORY
from property import members, schema
from property.edits import OF_MEMBERS, OF_SCHEMA, Edit
from property.model import GitRefusedError, Report, Seen, Tree
from python_workspaces import uv
from strangers import NOXFILE

EDITS_A_STEP = 5
SHOWN_LINES = 6


class Applied(NamedTuple):
    """An edit and the seed of its random numbers."""

    kind: str
    seed: int


class Shape(NamedTuple):
    """Of a workspace: what it consists of, what its builds leave, and what may happen to it."""

    files: Callable[[], Mapping[str, str]]
    links: Callable[[], Mapping[str, str]]
    made: tuple[str, ...]
    edits: Mapping[str, Edit]
    submodules: tuple[str, ...]


SHAPES = {
    "members": Shape(
        members.files, members.links, members.MADE, OF_MEMBERS, ("web/base/src/sub", "py/core/src/sub", "go/lib/sub")
    ),
    "schema": Shape(schema.files, schema.links, schema.MADE, OF_SCHEMA, ("sdk/py/sub", "sdk/js/sub")),
}


@dataclass
class Figures:
    edits: int = 0
    comparisons: int = 0
    ran: int = 0
    needless: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    @property
    def needless_share(self) -> float:
        return len(self.needless) / max(1, self.ran)

    def __str__(self) -> str:
        return (
            f"{self.edits} edits of {len(self.kinds)} kinds, {self.comparisons} comparisons, {self.ran} targets ran, "
            f"{len(self.needless)} of them needlessly ({self.needless_share:.1%})"
        )


class Trial:
    """`folder` holds the workspace, a copy of it in which everything is built, and the build from nothing."""

    def __init__(self, folder: Path, shape: Shape) -> None:
        self.folder, self.shape = folder, shape
        self.figures = Figures()
        self.tree = Tree(folder / "live" / "w", folder / "live" / "observed")
        self.before = Seen({}, {}, "")
        self.told: list[str] = []

    def prepare(self) -> None:
        self.tree.observed.mkdir(parents=True)
        self.tree.root.mkdir()
        for path, text in self.shape.files().items():
            self.tree.write(path, text)
        self.tree.write("noxfile.py", NOXFILE.format(str(REPOSITORY / "tasks")))
        for path, text in self.shape.links().items():
            self.tree.path(path).parent.mkdir(parents=True, exist_ok=True)
            self.tree.path(path).symlink_to(text)
        subprocess.run((uv(), "lock", "-q"), cwd=self.tree.root, check=True, capture_output=True)
        self.tree.git("init", "-q", "-b", "main")
        self._add_submodules()
        self.tree.git("add", "-A")
        self.tree.git("commit", "-q", "-m", "The workspace")
        report = self._run()
        assert report.targets and all(each.verdict == "passed" for each in report.targets), report
        self.tree.git("add", "-A")
        self.tree.git("commit", "-q", "--allow-empty", "-m", "Stubs")
        self._run()
        subprocess.run(("cp", "-a", self.folder / "live", self.folder / "base"), check=True)

    def _add_submodules(self) -> None:
        origin = Tree(self.folder / "origin", self.folder)
        origin.write("text.txt", "of a submodule\n")
        origin.git("init", "-q", "-b", "main")
        origin.git("add", "-A")
        origin.git("commit", "-q", "-m", "first")
        for path in self.shape.submodules:
            self.tree.git("submodule", "--quiet", "add", str(origin.root), path)

    def restart(self) -> None:
        """As it was when it was prepared, everything built."""
        shutil.rmtree(self.folder / "live")
        subprocess.run(("cp", "-a", self.folder / "base", self.folder / "live"), check=True)
        self.tree.variables.clear()
        self._run()

    def _run(self) -> Report:
        report = self.tree.build()
        self.before = self.tree.seen(report, self.shape.made)
        return report

    def random_edits(self, rng: random.Random, count: int) -> list[Applied]:
        return [Applied(rng.choice(sorted(self.shape.edits)), rng.randrange(1 << 30)) for _ in range(count)]

    def apply(self, edits: Sequence[Applied]) -> list[str]:
        self.told = []
        for each in edits:
            try:
                done = self.shape.edits[each.kind](self.tree, random.Random(each.seed))
            except GitRefusedError as refused:  # a checkout over files that earlier edits made
                done = f"as far as git let it: {refused}"
            self.told.append(f"{each.kind}: {done}")
        return self.told

    def failure(self) -> str:
        """Build what is stale, and the same tree from nothing; empty where nothing differs."""
        before = self.before
        report = self.tree.build()
        found = self.tree.seen(report, self.shape.made)
        clean = self.tree.copy_without_what_was_made(self.folder / "clean")
        places = {each.id: each.path for each in report.targets}
        wanted_report = clean.build(places=places)
        wanted = clean.seen(wanted_report, self.shape.made)
        self._count(report, before, found)
        self.before = found
        if report.traceback or wanted_report.traceback:
            return f"a traceback:\n{report.traceback or wanted_report.traceback}"
        return _difference(found, wanted, report)

    def _count(self, report: Report, before: Seen, after: Seen) -> None:
        """Needless is what ran though its checks read what they had read, and its outputs came out as they were."""
        self.figures.comparisons += 1
        for each in report.targets:
            own = [name for name in after.files if _is_of(name, each.path)]
            if each.outcome != "done" or not own:
                continue
            self.figures.ran += 1
            same = all(before.files.get(name) == after.files[name] for name in own)
            if same and before.verdicts.get(each.id) == "passed":
                self.figures.needless.append(f"{each.id} ({each.reason}) after {self.told}")

    def shrunk(self, edits: Sequence[Applied]) -> list[Applied]:
        """Without the edits that the failure does not need, one by one from the end."""
        needed = list(edits)
        for each in reversed(edits):
            fewer = [other for other in needed if other is not each]
            if fewer and self._fails(fewer):
                needed = fewer
        return needed

    def _fails(self, edits: Sequence[Applied]) -> bool:
        self.restart()
        try:
            self.apply(edits)
        except (OSError, AssertionError, StopIteration, ValueError):
            return False  # an edit that needs one of those left out
        return bool(self.failure())


def _is_of(name: str, path: str) -> bool:
    return name.startswith(f"read {path.replace('/', '+')}@") or name.startswith(f"{path}/dist/")


def _difference(found: Seen, wanted: Seen, report: Report) -> str:
    reasons = {each.id: f"{each.outcome} ({each.reason})" for each in report.targets}
    lines = []
    if found.error != wanted.error:
        lines.append(f"error {found.error!r}, from nothing {wanted.error!r}")
    for target_id in sorted(found.verdicts.keys() | wanted.verdicts.keys()):
        one, other = found.verdicts.get(target_id), wanted.verdicts.get(target_id)
        if one != other:
            lines.append(f"{target_id}: {one}, {reasons.get(target_id)}; from nothing {other}")
    for name in sorted(found.files.keys() | wanted.files.keys()):
        one, other = found.files.get(name), wanted.files.get(name)
        if one != other:
            lines.append(f"{name}: {_lines(one, other)}")
    return "\n".join(lines)


def _lines(one: str | None, other: str | None) -> str:
    mine, theirs = ({*(text or "").splitlines()} for text in (one, other))
    more = [f"-{line}" for line in sorted(mine - theirs)][:SHOWN_LINES]
    less = [f"+{line}" for line in sorted(theirs - mine)][:SHOWN_LINES]
    return " ".join([*more, *less]) or "other bytes"
