"""git ≥ 2.30, asked about commits other than the one checked out. Paths are relative to `root`, which may be a folder
below the top of the repository."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from nox_rings.engine.errors import HistoryMissingError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed, Runner


@dataclass(frozen=True, slots=True)
class History:
    """Each answer is one short query; None or nothing where the clone does not have it."""

    runner: Runner
    root: Path

    def commit(self, name: str) -> str | None:
        """The full SHA of a ref, a tag or an abbreviation."""
        return self._object(f"{name}^{{commit}}")

    def tree(self, commit: str, folder: str) -> str | None:
        """The SHA of a folder as it was."""
        return self._object(f"{commit}:./{'' if folder == '.' else folder}")

    def parents(self, commit: str) -> tuple[str, ...]:
        """As the commit itself says: a shallow clone names them without having them."""
        headers = takewhile(bool, self._lines("cat-file", "commit", commit))  # then comes the message
        return tuple(line.split()[1] for line in headers if line.startswith("parent "))

    def merge_base(self, one: str, other: str) -> str | None:
        return next(iter(self._lines("merge-base", one, other)), None)

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
        return self._lines("tag", "--points-at", commit)

    def tags_within(self, commit: str) -> list[str]:
        """Tags of the commit and of what came before it."""
        return self._lines("tag", "--merged", commit)

    def files(self, commit: str) -> tuple[str, ...]:
        """Paths of all files below `root` in the commit.

        Raises HistoryMissingError where a partial clone does not have the commit's trees and cannot ask for them."""
        answer = self._answer("ls-tree", "-r", "-z", "--name-only", commit)
        if answer.exit_code:
            raise HistoryMissingError(
                f"found no files of {commit[:12]} in this clone, expected them for the breaking check",
                hint=f"git ls-tree -r {commit[:12]}",
            )
        return tuple(answer.stdout.split("\0")[:-1])

    def _object(self, name: str) -> str | None:
        return next(iter(self._lines("rev-parse", "--quiet", "--verify", "--end-of-options", name)), None)

    def _lines(self, *arguments: str) -> list[str]:
        return self._ask(*arguments).split("\n")[:-1]

    def _ask(self, *arguments: str) -> str:
        answer = self._answer(*arguments)
        return answer.stdout if answer.exit_code == 0 else ""

    def _answer(self, *arguments: str) -> Completed:
        return self.runner.ask(Command(argv=("git", *arguments), cwd=self.root))


def checkout_commands(top: Path, tree: str, folder: Path, index: Path) -> tuple[Command, Command]:
    """Write the files of a tree to `folder`, through an index of their own. `git archive` would leave out what
    `export-ignore` names."""
    env = {"GIT_INDEX_FILE": str(index)}
    return (
        Command(argv=("git", "read-tree", tree), cwd=top, env=env, description="git read-tree"),
        Command(
            argv=("git", "checkout-index", "--all", "--force", f"--prefix={folder}/"),
            cwd=top,
            env=env,
            description="git checkout-index",
        ),
    )
