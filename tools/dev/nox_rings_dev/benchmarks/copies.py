"""Throw-away copies of this work tree, in which sessions run as they do in it."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from nox_rings.sessions.derivation import StubsSource
from nox_rings.sessions.workbench import Workbench

from nox_rings.engine.paths import is_under
from nox_rings.engine.plan.targets import Kind
from nox_rings.engine.process.command import Command
from nox_rings.engine.store.trees import copy_files
from nox_rings.schema import buf

IDENTITY = ("-c", "user.name=nox-rings benchmarks", "-c", "user.email=benchmarks@nox-rings.invalid")


@dataclass(frozen=True)
class Copy:
    """`bench` is the workbench of the copy; its files, its state and its .venv are its own."""

    bench: Workbench

    @property
    def root(self) -> Path:
        return self.bench.layout.root

    def nox(self, *arguments: str) -> Command:
        """Through the door that people use. A later -f wins, so another noxfile comes through the very same door."""
        return Command(argv=("scripts/nox", *arguments), cwd=self.root, description=" ".join(("nox", *arguments)))

    def carry_out(self, command: Command) -> str:
        """Standard output. Raises CommandFailedError."""
        return self.bench.runner.require(command)

    def forget(self) -> None:
        """Make everything stale: nothing of a run before is known. Baselines of the schema stay, which a commit has
        once and for all."""
        shutil.rmtree(self.bench.layout.state, ignore_errors=True)

    @cached_property
    def ring_0(self) -> tuple[str, ...]:
        """The targets of `nox -s proto`."""
        return self.bench.graph.of_kind(Kind.PROTO, Kind.STUBS)

    @cached_property
    def stubs(self) -> tuple[StubsSource, ...]:
        """What stubs are made of, a template each."""
        return tuple(origin for origin in self.bench.derived[1].values() if isinstance(origin, StubsSource))

    def generation(self, source: StubsSource, scratch: Path, template: str = "") -> Command:
        """`buf generate` of all plugins of a template, or of those of another one in its place."""
        place = PurePosixPath(source.template.file)
        workspace = posixpath.relpath(source.buf.folder, place.parent)
        return buf.generate_command(self.root / place.parent, template or place.name, workspace, scratch / place.parent)

    def with_tools(self, command: Command) -> Command:
        """As typed by somebody who has the same pinned tools on PATH."""
        return replace(command, env={**self._tools, **command.env})

    @cached_property
    def _tools(self) -> Mapping[str, str]:
        names = dict.fromkeys(tool for each in self.ring_0 for tool in self.bench.graph.targets[each].tools)
        return self.bench.toolchain.environment(*names)


def make_copy(tree: Workbench, root: Path) -> Copy:
    """The work tree as it is now, uncommitted edits included, as the one commit of a new repository."""
    copy_files(tree.layout.root, tree.files, root)
    return _committed(tree, root)


def make_copy_with(tree: Workbench, root: Path, folder: str, texts: Mapping[str, str]) -> Copy:
    """The same with other content in one folder: path below it → text."""
    copy_files(tree.layout.root, (path for path in tree.files if not is_under(path, folder)), root)
    for path, text in texts.items():
        (root / folder / path).parent.mkdir(parents=True, exist_ok=True)
        (root / folder / path).write_text(text, encoding="utf-8")
    return _committed(tree, root)


def _committed(tree: Workbench, root: Path) -> Copy:
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), (*IDENTITY, "commit", "-q", "-m", "The work tree")):
        tree.runner.require(Command(argv=("git", *words), cwd=root, description=f"git {words[0]}"))
    return Copy(Workbench(root, tree.runner))
