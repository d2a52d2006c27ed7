"""What git prints when it refuses, and the sentence and the command that are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.errors import ToolUnavailableError, WorkspaceInvalidError
from nox_rings.workspace.git.refusals import DotGit, find_dot_git, find_too_old, refusal, refused
from nox_rings.workspace.git.worktree import Worktree
from unit.recording import RecordingRunner, completed

NOT_A_REPOSITORY = "warning: x\nfatal: not a git repository (or any of the parent directories): .git\n"
DUBIOUS = """fatal: detected dubious ownership in repository at '/w'
To add an exception for this directory, call:

\tgit config --global --add safe.directory /w
"""
BOUNDARY = """fatal: not a git repository (or any parent up to mount point /)
Stopping at filesystem boundary (GIT_DISCOVERY_ACROSS_FILESYSTEM not set).
"""
CLAIM = "found a repository that git does not read"


def test_a_folder_outside_of_git_is_one_sentence_with_what_git_printed() -> None:
    error = refusal("/w", NOT_A_REPOSITORY, None)
    assert error.message == (
        "/w: found no git work tree (fatal: not a git repository (or any of the parent directories): .git), "
        "expected one"
    )
    assert error.hint == "git init"


@pytest.mark.parametrize(
    ("stderr", "dot_git", "message", "hint"),
    [
        (
            DUBIOUS,
            DotGit(path="/w/.git"),
            f"/w/.git: {CLAIM} (fatal: detected dubious ownership in repository at '/w'), expected one that it reads",
            "git config --global --add safe.directory /w",
        ),
        (
            BOUNDARY,
            DotGit(path="/.git"),
            f"/.git: {CLAIM} (fatal: not a git repository (or any parent up to mount point /)), "
            "expected one that it reads",
            "export GIT_DISCOVERY_ACROSS_FILESYSTEM=1",
        ),
        (
            NOT_A_REPOSITORY,
            DotGit(path="/w/.git", lacks=("HEAD",)),
            f"/w/.git: {CLAIM} (fatal: not a git repository (or any of the parent directories): .git), "
            "expected one that it reads; check HEAD in it",
            "echo ref: refs/heads/BRANCH > /w/.git/HEAD",
        ),
        (
            "fatal: x",
            DotGit(path="/w/.git", is_readable=False),
            f"/w/.git: {CLAIM} (fatal: x), expected one that it reads",
            "ls -ld /w/.git",
        ),
        (
            "fatal: not a git repository: /gone\n",
            DotGit(path="/w/.git", is_file=True),
            f"/w/.git: {CLAIM} (fatal: not a git repository: /gone), expected one that it reads",
            "cat /w/.git, and `git worktree repair` in the repository it belongs to",
        ),
        (
            "error: bad index file sha1 signature\nfatal: index file corrupt\n",
            DotGit(path="/w/.git"),
            f"/w/.git: {CLAIM} (fatal: index file corrupt), expected one that it reads",
            "mv /w/.git/index /w/.git/index.broken && git reset",
        ),
        (
            "fatal: this operation must be run in a work tree\n",
            DotGit(path="/w/.git"),
            f"/w/.git: {CLAIM} (fatal: this operation must be run in a work tree), expected one that it reads",
            r"git config --show-origin --get-regexp '^core\.(bare|worktree)$'",
        ),
        (
            "",
            DotGit(path="/w/.git"),
            f"/w/.git: {CLAIM} (git printed nothing), expected one that it reads",
            "git -C /w status",
        ),
    ],
)
def test_a_refused_repository_is_never_advised_to_be_made_anew(
    stderr: str, dot_git: DotGit, message: str, hint: str
) -> None:
    error = refusal("/w", stderr, dot_git)
    assert (error.message, error.hint) == (message, hint)


def test_the_nearest_repository_is_found_with_what_it_lacks(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    below = tmp_path / "apps/shop"
    below.mkdir(parents=True)
    git.mkdir()
    (git / "refs").mkdir()
    (git / "HEAD").write_text("")
    assert find_dot_git(below) == DotGit(path=str(git), lacks=("HEAD", "objects"))
    (git / "objects").mkdir()
    for head in ("ref: refs/heads/main\n", f"{'a' * 40}\n"):
        (git / "HEAD").write_text(head)
        assert find_dot_git(below) == DotGit(path=str(git))
    (below / ".git").write_text("gitdir: /gone")
    assert find_dot_git(below) == DotGit(path=str(below / ".git"), is_file=True)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("git version 2.29.9\n", "2.29.9"),
        ("git version 1.8.3.1\n", "1.8.3.1"),
        ("what?", "no version"),
        ("git version 2.30\n", None),
        ("git version 2.30.0\n", None),
        ("git version 2.39.5 (Apple Git-154)\n", None),
        ("git version 2.100.0.windows.1\n", None),
    ],
)
def test_a_git_before_the_minimum_is_reported(answer: str, found: str | None) -> None:
    error = find_too_old(RecordingRunner({"--version": answer}))
    assert (error and error.message) == (f"git: found {found}, expected git 2.30 or later" if found else None)


def test_a_refusal_of_an_old_git_is_about_its_age(tmp_path: Path) -> None:
    """What it does not understand may be a newer repository, or our question."""
    runner = RecordingRunner({"ls-files": completed(exit_code=129, stderr="usage"), "--version": "git version 2.20.1"})
    with pytest.raises(WorkspaceInvalidError, match="found no git work tree"):
        Worktree(runner, tmp_path).list_files()
    (tmp_path / ".git").mkdir()
    assert isinstance(refused(runner, tmp_path, "usage"), ToolUnavailableError)
