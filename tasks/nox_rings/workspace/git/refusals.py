"""What git prints when it refuses to read a repository, as one sentence with the command that helps.

Never `git init` where there is a `.git`: it would not repair it, and what is in it may be all that is left."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from nox_rings.engine.errors import NoxRingsError, ToolUnavailableError, WorkspaceInvalidError
from nox_rings.engine.process.protocol import Runner
from nox_rings.workspace.git.commands import MINIMUM_VERSION, version_query

# What git wants in a folder before it takes it for a repository (its setup.c, is_git_directory).
PARTS = ("HEAD", "objects", "refs")
HEAD_TEXT = re.compile(r"ref: refs/|[0-9a-f]{40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DotGit:
    """The nearest `.git` at or above a folder; `lacks` are the PARTS that it does not have in a shape git reads."""

    path: str
    is_file: bool = False
    is_readable: bool = True
    lacks: tuple[str, ...] = ()


def refused(runner: Runner, root: Path, stderr: str) -> NoxRingsError:
    """The error for a query that git refused in `root`."""
    dot_git = find_dot_git(root)
    too_old = find_too_old(runner) if dot_git else None
    return too_old or refusal(str(root), stderr, dot_git)


def refusal(root: str, stderr: str, dot_git: DotGit | None) -> WorkspaceInvalidError:
    answer = _sentence(stderr)
    if dot_git is None:
        return WorkspaceInvalidError((f"{root}: found no git work tree ({answer}), expected one",), hint="git init")
    message = f"{dot_git.path}: found a repository that git does not read ({answer}), expected one that it reads"
    if dot_git.lacks:
        message = f"{message}; check {', '.join(dot_git.lacks)} in it"
    return WorkspaceInvalidError((message,), hint=_hint(root, stderr, answer, dot_git))


def _hint(root: str, stderr: str, answer: str, dot_git: DotGit) -> str:
    advice = [line.strip() for line in stderr.splitlines() if line.startswith("\tgit ")]
    if advice:
        return advice[0]
    if "GIT_DISCOVERY_ACROSS_FILESYSTEM" in stderr:
        return "export GIT_DISCOVERY_ACROSS_FILESYSTEM=1"
    if not dot_git.is_readable:
        return f"ls -ld {dot_git.path}"
    if dot_git.is_file:
        return f"cat {dot_git.path}, and `git worktree repair` in the repository it belongs to"
    if dot_git.lacks == ("HEAD",):
        return f"echo ref: refs/heads/BRANCH > {dot_git.path}/HEAD"
    if "work tree" in answer:
        return r"git config --show-origin --get-regexp '^core\.(bare|worktree)$'"
    if "index" in answer:
        return f"mv {dot_git.path}/index {dot_git.path}/index.broken && git reset"
    return f"git -C {root} status"


def _sentence(stderr: str) -> str:
    """The line in which git ends, without the advice that follows it."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("fatal: ")), lines[-1] if lines else "git printed nothing")


def find_dot_git(root: Path) -> DotGit | None:
    for folder in (root, *root.parents):
        path = folder / ".git"
        if not os.path.lexists(path):
            continue
        if path.is_file():
            return DotGit(path=str(path), is_file=True)
        if not os.access(path, os.R_OK | os.X_OK):
            return DotGit(path=str(path), is_readable=False)
        return DotGit(path=str(path), lacks=tuple(part for part in PARTS if not _has(path, part)))
    return None


def _has(repository: Path, part: str) -> bool:
    if part != "HEAD":
        return (repository / part).is_dir()
    try:
        return HEAD_TEXT.match((repository / part).read_text(encoding="utf-8", errors="replace")) is not None
    except OSError:
        return False


def missing() -> ToolUnavailableError:
    message = f"git: found none on PATH, expected git {MINIMUM_VERSION} or later"
    return ToolUnavailableError(message, hint="nox -s doctor")


def find_too_old(runner: Runner) -> ToolUnavailableError | None:
    """The error for a git before the minimum. Asked only before rare questions and after a refusal: a process more."""
    from packaging.version import Version

    answer = runner.ask(version_query())
    number = re.search(r"\d+(?:\.\d+)+", answer.stdout)
    if number and Version(number[0]) >= Version(MINIMUM_VERSION):
        return None
    found = number[0] if number else "no version"
    message = f"git: found {found}, expected git {MINIMUM_VERSION} or later"
    return ToolUnavailableError(message, hint="nox -s doctor")
