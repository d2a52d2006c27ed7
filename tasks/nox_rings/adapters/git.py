"""git ≥ 2.25. The hot path asks for porcelain listings only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nox_rings.errors import WorkspaceInvalidError
from nox_rings.process import Command, Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The commit checked out: full SHA, committer time in seconds since the epoch, all tags of the repository, the
    tags that point at this commit. An unborn branch has an empty SHA and time 0."""

    sha: str
    time_seconds: int
    tags: tuple[str, ...]
    tags_here: tuple[str, ...]


def list_files(runner: Runner, root: Path) -> tuple[str, ...]:
    """Tracked files, and untracked ones that are not ignored, sorted; paths are relative to `root`."""
    listing = Command(
        argv=("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), cwd=root, description="git ls-files"
    )
    answer = runner.ask(listing)
    if answer.exit_code:
        raise WorkspaceInvalidError(
            (f"{root}: found no git work tree ({answer.stderr.strip().splitlines()[-1]}), expected one",), hint="git init"
        )
    return tuple(sorted({path for path in answer.stdout.split("\0") if path}))


def find_head(runner: Runner, root: Path) -> Head:
    log = runner.ask(Command(argv=("git", "log", "-1", "--format=%H %ct"), cwd=root))
    sha, _, seconds = log.stdout.strip().partition(" ") if log.exit_code == 0 else ("", "", "0")
    tags = runner.ask(
        Command(
            argv=("git", "for-each-ref", "--format=%(refname:short) %(objectname) %(*objectname)", "refs/tags"), cwd=root
        )
    )
    rows = [line.split() for line in tags.stdout.splitlines()]
    return Head(
        sha=sha,
        time_seconds=int(seconds or 0),
        tags=tuple(row[0] for row in rows),
        tags_here=tuple(row[0] for row in rows if sha and sha in row[1:]),
    )
