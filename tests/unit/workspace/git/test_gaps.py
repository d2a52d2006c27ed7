"""What a clone may lack of the tags before its commit, from what git answers and from the files it keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.process.protocol import Completed
from nox_rings.workspace.git.gaps import Gaps, find_gaps, shallow_text
from unit.recording import RecordingRunner, completed

CUT, ROOT_COMMIT, GONE = "a" * 40, "b" * 40, "c" * 40


@pytest.mark.parametrize(
    ("is_shallow", "roots", "listed", "is_cut"),
    [
        ("false", completed("unasked\n"), "", False),
        ("true", completed(f"{CUT}\n"), f"{CUT}\n", True),
        ("true", completed(f"{ROOT_COMMIT}\n"), f"{ROOT_COMMIT}\n", False),
        ("true", completed(f"{ROOT_COMMIT}\n{CUT}\n"), f"{ROOT_COMMIT}\n{CUT}\n", True),
        ("true", completed(f"{GONE}\n"), f"{GONE}\n", True),
        ("true", completed(f"{ROOT_COMMIT}\n{CUT}\n"), f"{CUT}\n", True),
        ("true", completed(f"{ROOT_COMMIT}\n"), f"{CUT}\n", False),
        ("true", completed(f"{ROOT_COMMIT}\n"), None, True),
        ("true", completed(exit_code=128), f"{CUT}\n", True),
        ("", completed(exit_code=128), "", False),
    ],
    ids=[
        *("complete", "cut", "the depth ends at the first commit", "and elsewhere", "a commit cannot be read"),
        *("one of two lines is cut", "another branch is cut", "the list cannot be read"),
        *("the history cannot be read", "git has no answer"),
    ],
)
def test_history_is_cut_where_head_descends_from_a_commit_that_is_cut_off(
    is_shallow: str, roots: Completed, listed: str | None, is_cut: bool, tmp_path: Path
) -> None:
    if listed is not None:
        (tmp_path / "shallow").write_text(listed)
    answers: dict[str, Completed | str | Exception] = {
        "rev-parse": f"{is_shallow}\nshallow\n",
        "rev-list": roots,
        f"cat-file {CUT}": "tree t\nparent x\nauthor y\n\nmessage\n",
        f"cat-file {ROOT_COMMIT}": "tree t\nauthor y\n\nmessage\nparent of all\n",
        f"cat-file {GONE}": completed(exit_code=128),
    }
    runner = RecordingRunner(answers)
    assert find_gaps(runner, tmp_path) == Gaps(is_cut=is_cut)
    assert is_shallow == "true" or len(runner.commands) == 2


def test_the_setting_that_keeps_tags_away_is_named(tmp_path: Path) -> None:
    answers = {
        "rev-parse": "false\n.git/shallow\n",
        "config": "remote.origin.tagopt --no-tags\nremote.b.tagopt --no-tags\n",
    }
    assert find_gaps(RecordingRunner(answers), tmp_path) == Gaps(tags_kept_away="remote.origin.tagopt = --no-tags")


def repository(folder: Path, shallow: str | None = None) -> Path:
    folder.mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    if shallow is not None:
        (folder / "shallow").write_text(shallow)
    return folder


def test_the_list_of_cut_commits_is_read_as_git_finds_it(tmp_path: Path) -> None:
    repository(tmp_path / "one/.git")
    assert shallow_text(tmp_path / "one") == ""
    repository(tmp_path / "cut/.git", f"{CUT}\n")
    inside = tmp_path / "cut/apps/shop"
    inside.mkdir(parents=True)
    assert shallow_text(inside) == f"{CUT}\n"


def test_a_linked_work_tree_has_the_list_of_its_repository(tmp_path: Path) -> None:
    folder = repository(repository(tmp_path / "cut/.git", f"{CUT}\n") / "worktrees/linked")
    (folder / "commondir").write_text("../..\n")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/.git").write_text(f"gitdir: {folder}\n")
    assert shallow_text(tmp_path / "linked") == f"{CUT}\n"


@pytest.mark.parametrize("content", ["gitdir: /gone", "x", "", None])
def test_only_git_can_tell_where_its_folder_is_in_another_shape(content: str | None, tmp_path: Path) -> None:
    if content is None:
        (tmp_path / ".git").mkdir()
    else:
        (tmp_path / ".git").write_text(content)
    assert shallow_text(tmp_path) is None


def test_a_list_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (repository(tmp_path / ".git") / "shallow").mkdir()
    assert shallow_text(tmp_path) is None
