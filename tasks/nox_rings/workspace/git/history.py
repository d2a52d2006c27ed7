"""What git reports about commits other than the one checked out. Paths are relative to `root`, which may be a folder
below the top of the repository."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from nox_rings.engine.errors import HistoryMissingError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.protocol import Runner
from nox_rings.workspace.git import commands
from nox_rings.workspace.git.head import require_unborn
from nox_rings.workspace.git.refusals import find_too_old


@dataclass(frozen=True, slots=True)
class History:
    """Each answer is one short query; None or nothing where the clone does not have it."""

    runner: Runner
    root: Path

    def require_supported(self) -> None:
        """Raises ToolUnavailableError for a git before the minimum, which would not find commits that are there."""
        if error := find_too_old(self.runner):
            raise error

    def head(self) -> str | None:
        """The commit checked out; None on a branch without one. Raises WorkspaceInvalidError where it is broken."""
        head = self.commit("HEAD")
        if head is None:
            require_unborn(self.runner, self.root)
        return head

    def commit(self, name: str) -> str | None:
        """The full SHA of a ref, a tag or an abbreviation."""
        return self._object(f"{name}^{{commit}}")

    def tree(self, commit: str, folder: str) -> str | None:
        """The SHA of a folder as it was."""
        return self._object(f"{commit}:./{'' if folder == '.' else folder}")

    def parents(self, commit: str) -> tuple[str, ...]:
        """As the commit itself records: a shallow clone names them without having them."""
        headers = takewhile(bool, self._answer(commands.commit_query(self.root, commit)))  # then comes the message
        return tuple(line.split()[1] for line in headers if line.startswith("parent "))

    def merge_base(self, one: str, other: str) -> str | None:
        return next(iter(self._lines("merge-base", one, other)), None)

    def is_on_branch(self) -> bool:
        return bool(self._lines("symbolic-ref", "--quiet", "HEAD"))

    def is_shallow(self) -> bool:
        return self._lines("rev-parse", "--is-shallow-repository") == ["true"]

    def default_of_origin(self) -> str | None:
        """The branch that `origin` calls its HEAD, as `origin/NAME`."""
        return next(iter(self._lines("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")), None)

    def local_branches(self) -> list[str]:
        return self._lines("for-each-ref", "--format=%(refname:short)", "refs/heads")

    def remotes(self) -> list[str]:
        return self._lines("remote")

    def tags_on(self, commit: str) -> list[str]:
        return self._answer(commands.tags_query(self.root, "points-at", commit))

    def tags_within(self, commit: str) -> list[str]:
        """Tags of the commit and of what came before it."""
        return self._answer(commands.tags_query(self.root, "merged", commit))

    def blobs(self, commit: str) -> dict[str, str]:
        """Path → SHA of the content, of all files below `root` in the commit. Raises HistoryMissingError."""
        return {path: sha for path, (_, sha) in self.entries(commit).items()}

    def entries(self, commit: str) -> dict[str, tuple[str, str]]:
        """Path → mode and SHA, of all files and submodules below `root` in the commit.

        Raises HistoryMissingError where a partial clone does not have the commit's trees and cannot ask for them."""
        answer = self.runner.ask(commands.tree_blobs_query(self.root, commit))
        if answer.exit_code:
            raise HistoryMissingError(
                f"found no files of {commit[:12]} in this clone, expected them to compare with",
                hint=f"git ls-tree -r {commit[:12]}",
            )
        entries = (entry.partition("\t") for entry in answer.stdout.split("\0")[:-1])
        parted = ((path, described.split()) for described, _, path in entries)
        return {path: (mode, sha) for path, (mode, _, sha) in parted}

    def _object(self, name: str) -> str | None:
        return next(iter(self._answer(commands.object_query(self.root, name))), None)

    def _lines(self, *arguments: str) -> list[str]:
        return self._answer(commands.query(self.root, *arguments))

    def _answer(self, command: Command) -> list[str]:
        """Nothing where git has no answer."""
        answer = self.runner.ask(command)
        return answer.stdout.split("\n")[:-1] if answer.exit_code == 0 else []
