"""The commit checked out, and whether there is none yet or one that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.process.protocol import Completed, Runner
from nox_rings.workspace.git.commands import query


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The commit checked out: full SHA, committer time in seconds since the epoch, all tags of the repository, the
    tags that point at this commit, and those of it and of the commits before it. An unborn branch has an empty SHA and
    time 0."""

    sha: str
    time_seconds: int
    tags: tuple[str, ...]
    tags_here: tuple[str, ...]
    tags_within: tuple[str, ...] = ()


def head_of(log: Completed, tags: Completed, within: Completed) -> Head:
    """From what `commands.head_queries` answer."""
    sha, _, seconds = log.stdout.strip().partition(" ") if log.exit_code == 0 else ("", "", "0")
    rows = [line.split() for line in tags.stdout.splitlines()]
    return Head(
        sha=sha,
        time_seconds=int(seconds or 0),
        tags=tuple(row[0] for row in rows),
        tags_here=tuple(row[0] for row in rows if sha and sha in row[1:]),
        tags_within=tuple(within.stdout.split()) if sha else (),
    )


def require_unborn(runner: Runner, root: Path, stderr: str = "") -> None:
    """Where git names no commit for HEAD: raises WorkspaceInvalidError unless HEAD is a branch without a commit.

    git's exit codes are the same for both; a branch that is there in a broken shape is reported on standard error."""
    symbolic = runner.ask(query(root, "symbolic-ref", "--quiet", "HEAD"))
    branch = symbolic.stdout.strip()
    if branch:
        there = runner.ask(query(root, "for-each-ref", branch))
        if there.exit_code == 0 and branch not in there.stdout + there.stderr:
            return
    answer = (stderr.strip() or symbolic.stderr.strip() or "git names no commit").splitlines()[-1]
    raise WorkspaceInvalidError(
        (f"{root}: found a HEAD without a commit that git can read ({answer}), expected one",),
        hint="git fsck --no-dangling, and git reset to a commit that is there (git reflog)",
    )
