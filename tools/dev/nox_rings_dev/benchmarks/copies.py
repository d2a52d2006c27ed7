"""Throw-away copies of this work tree, in which sessions run as they do in it."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from nox_rings.engine.paths import is_under
from nox_rings.engine.plan.targets import TargetId, subject_of
from nox_rings.engine.process.command import Command
from nox_rings.engine.store.trees import copy_files
from nox_rings.schema import buf
from nox_rings.schema.kinds import PROTO, STUBS
from nox_rings.schema.model import StubsSubject
from nox_rings.sessions.run import Run

IDENTITY = ("-c", "user.name=nox-rings benchmarks", "-c", "user.email=benchmarks@nox-rings.invalid")


@dataclass(frozen=True)
class Copy:
    """`run` is one in the copy; its files, its state and its .venv are its own."""

    run: Run

    @property
    def root(self) -> Path:
        return self.run.layout.root

    def nox(self, *arguments: str) -> Command:
        """Through the door that people use. A later -f wins, so another noxfile comes through the very same door."""
        return Command(argv=("scripts/nox", *arguments), cwd=self.root, description=" ".join(("nox", *arguments)))

    def carry_out(self, command: Command) -> str:
        """Standard output. Raises CommandFailedError."""
        return self.run.runner.require(command)

    def forget(self) -> None:
        """Make everything stale: nothing of a run before is known. Baselines of the schema stay, which a commit has
        once and for all."""
        shutil.rmtree(self.run.layout.state, ignore_errors=True)

    @cached_property
    def ring_0(self) -> tuple[TargetId, ...]:
        """The targets of `nox -s proto`."""
        return self.run.graph.of_kind(PROTO, STUBS)

    @cached_property
    def stubs(self) -> tuple[StubsSubject, ...]:
        """What stubs are made of, a template each."""
        return tuple(subject_of(self.run.graph.targets[each], StubsSubject) for each in self.run.graph.of_kind(STUBS))

    def generation(self, source: StubsSubject, scratch: Path, template: str = "") -> Command:
        """`buf generate` of all plugins of a template, or of those of another template instead."""
        path = PurePosixPath(source.template.file)
        workspace = posixpath.relpath(source.schema.folder, path.parent)
        return buf.generate_command(self.root / path.parent, template or path.name, workspace, scratch / path.parent)

    def with_tools(self, command: Command) -> Command:
        """As typed by hand, with the same pinned tools on PATH."""
        return replace(command, env={**self._tools, **command.env})

    @cached_property
    def _tools(self) -> Mapping[str, str]:
        names = dict.fromkeys(tool for each in self.ring_0 for tool in self.run.graph.targets[each].tools)
        return self.run.tools().environment(*names)


def make_copy(tree: Run, root: Path) -> Copy:
    """The work tree as it is now, uncommitted edits included, as the one commit of a new repository."""
    copy_files(tree.layout.root, tree.files, root)
    return _committed(tree, root)


def make_copy_with(tree: Run, root: Path, folder: str, texts: Mapping[str, str]) -> Copy:
    """The same with other content in one folder: path below it → text."""
    copy_files(tree.layout.root, (path for path in tree.files if not is_under(path, folder)), root)
    for path, text in texts.items():
        (root / folder / path).parent.mkdir(parents=True, exist_ok=True)
        (root / folder / path).write_text(text, encoding="utf-8")
    return _committed(tree, root)


def _committed(tree: Run, root: Path) -> Copy:
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), (*IDENTITY, "commit", "-q", "-m", "The work tree")):
        tree.runner.require(Command(argv=("git", *words), cwd=root, description=f"git {words[0]}"))
    return Copy(Run(root, tree.runner))
