"""Repositories of real git, and clones of them as people and CI make them."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nox_rings.engine.errors import HistoryMissingError
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.schema.breaking.baseline import Baselines
from nox_rings.schema.breaking.model import Baseline
from nox_rings.workspace.git.history import History

BUF = "version: v2\n"
PROTOS = ("a.proto", "b.proto")


@dataclass(frozen=True)
class Clone:
    """A clone of which the folder `inside` is the workspace."""

    top: Path
    runner: ProcessRunner
    inside: str = "."

    @property
    def root(self) -> Path:
        return self.top / self.inside

    def git(self, *arguments: str) -> str:
        done = subprocess.run(("git", *arguments), cwd=self.top, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"git {shlex.join(arguments)}: {done.stderr}"
        return done.stdout.strip()

    def commit(self, texts: Mapping[str, str | None] | None = None, message: str = "change") -> str:
        """Write files of the workspace (None deletes) and commit everything; returns the SHA."""
        for path, text in (texts or {}).items():
            place = self.root / path
            if text is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def schema(self, word: str, folder: str = "proto") -> str:
        """Commit the schema in a state that `word` tells from others."""
        prefix = "" if folder == "." else f"{folder}/"
        return self.commit({f"{prefix}buf.yaml": BUF, f"{prefix}a.proto": word, f"{prefix}b.proto": "b"}, word)

    def clone(self, name: str, *options: str) -> Clone:
        """By file://, because git copies a folder whole whatever --depth says."""
        there = self.top.parent / name
        self.git("clone", "-q", *options, f"file://{self.top}", str(there))
        return replace(self, top=there)

    def found(
        self,
        folder: str = "proto",
        *,
        protos: tuple[str, ...] = PROTOS,
        described: tuple[str, ...] = ("proto",),
        default_branch: str = "",
        against: str = "",
        with_release: bool = False,
    ) -> tuple[Baseline, ...]:
        history = History(self.runner, self.root)
        finder = Baselines(history, default_branch=default_branch, against=against, with_release=with_release)
        return finder.of(folder, protos, described)

    def compared(self, folder: str = "proto", *, default_branch: str = "", against: str = "") -> list[tuple[str, str]]:
        """Commit and why of everything it is compared with."""
        found = self.found(folder, default_branch=default_branch, against=against)
        return [(each.commit, each.why) for each in found]

    def missing(
        self, *, default_branch: str = "", against: str = "", with_release: bool = False
    ) -> HistoryMissingError:
        with pytest.raises(HistoryMissingError) as caught:
            self.found(default_branch=default_branch, against=against, with_release=with_release)
        return caught.value

    def run(self, hint: str) -> None:
        """The command of a hint, as somebody would paste it."""
        subprocess.run(shlex.split(hint), cwd=self.root, check=True, capture_output=True, timeout=60)
