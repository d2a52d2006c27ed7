"""git ≥ 2.25. The hot path asks for porcelain listings only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed, Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The commit checked out: full SHA, committer time in seconds since the epoch, all tags of the repository, the
    tags that point at this commit. An unborn branch has an empty SHA and time 0."""

    sha: str
    time_seconds: int
    tags: tuple[str, ...]
    tags_here: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`files` as `list_files` tells them; `refs` is a text that changes when HEAD, a tag or a branch moves, comes or
    goes."""

    files: tuple[str, ...]
    refs: str


LISTING = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
DELETED = ("git", "ls-files", "-z", "--deleted")
# All refs with their names. `git rev-parse` would stop at the first that is not there and tell nothing of the others.
REFS = ("git", "show-ref", "--head")
LOG = ("git", "log", "-1", "--format=%H %ct")
TAGS = ("git", "for-each-ref", "--format=%(refname:short) %(objectname) %(*objectname)", "refs/tags")


def list_files(runner: Runner, root: Path) -> tuple[str, ...]:
    """Tracked files, and untracked ones that are not ignored, less those that are gone; sorted, relative to `root`."""
    return _listed(root, *runner.ask_all([Command(argv=argv, cwd=root) for argv in (LISTING, DELETED)]))


def look_around(runner: Runner, root: Path) -> Look:
    """The listing and the refs, asked side by side: this is on the way to every answer."""
    listing, deleted, refs = runner.ask_all([Command(argv=argv, cwd=root) for argv in (LISTING, DELETED, REFS)])
    return Look(files=_listed(root, listing, deleted), refs=refs.stdout)


def list_tracked(runner: Runner, root: Path, folders: Sequence[str]) -> frozenset[str]:
    """The paths below `folders` that are in git's index."""
    argv = ("git", "ls-files", "-z", "--cached", "--", *folders)
    return frozenset(runner.require(Command(argv=argv, cwd=root)).split("\0")) - {""}


def list_uncommitted(runner: Runner, root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """Files at or below `paths` that are not as the commit has them: edited, new or gone; ignored ones do not count."""
    argv = ("git", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *paths)
    answer = runner.require(Command(argv=argv, cwd=root))
    return tuple(sorted(entry[3:] for entry in answer.split("\0") if entry))


def find_head(runner: Runner, root: Path) -> Head:
    """The commit checked out. Only versioned targets ask: two calls more on the way to a fresh answer."""
    log, tags = runner.ask_all([Command(argv=argv, cwd=root) for argv in (LOG, TAGS)])
    sha, _, seconds = log.stdout.strip().partition(" ") if log.exit_code == 0 else ("", "", "0")
    rows = [line.split() for line in tags.stdout.splitlines()]
    return Head(
        sha=sha,
        time_seconds=int(seconds or 0),
        tags=tuple(row[0] for row in rows),
        tags_here=tuple(row[0] for row in rows if sha and sha in row[1:]),
    )


def _listed(root: Path, listing: Completed, deleted: Completed) -> tuple[str, ...]:
    if listing.exit_code:
        said = listing.stderr.strip().splitlines() or ["git said nothing"]
        raise WorkspaceInvalidError((f"{root}: found no git work tree ({said[-1]}), expected one",), hint="git init")
    return tuple(sorted({*listing.stdout.split("\0")} - {*deleted.stdout.split("\0")} - {""}))
