"""What git is asked about the tree that is checked out, and what is made of its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.errors import ToolUnavailableError, WorkspaceInvalidError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.protocol import Completed
from nox_rings.workspace.git.head import Head
from nox_rings.workspace.git.worktree import Listing, Worktree
from unit.recording import RecordingRunner, completed

ROOT = Path("/w")
SHA = "0123456789abcdef0123456789abcdef01234567"
TAG_OBJECT = "f" * 40
GIT = ("git", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "--no-optional-locks")
NAMES = (*GIT, "--literal-pathspecs")
LISTING = Command(
    argv=(
        *(*NAMES, "ls-files", "-z", "-t", "--cached", "--deleted", "--others"),
        *("--exclude-standard", "--exclude=__pycache__/"),
    ),
    cwd=ROOT,
    env={"LC_ALL": "C"},
    lists_names=True,
)
REFS = Command(argv=(*GIT, "show-ref", "--head"), cwd=ROOT, env={"LC_ALL": "C"})


def worktree(**answers: Completed | str | Exception) -> Worktree:
    return Worktree(RecordingRunner({name.replace("_", "-"): answer for name, answer in answers.items()}), ROOT)


def test_the_way_to_every_answer_asks_two_questions_that_run_no_program_of_the_repository() -> None:
    runner = RecordingRunner({"--cached": "? b\0H a\0", "show-ref": f"{SHA} HEAD\n"})
    assert Worktree(runner, ROOT).begin_listing()() == Listing(files=("a", "b"), refs=f"{SHA} HEAD\n")
    assert runner.commands == [LISTING, REFS]


def test_the_files_alone_take_one_question() -> None:
    runner = RecordingRunner()
    assert Worktree(runner, ROOT).list_files() == ()
    assert runner.commands == [LISTING]


def test_the_listing_is_sorted_and_names_a_file_in_conflict_once() -> None:
    assert Worktree(RecordingRunner({"--cached": "M b\0H a b\0M b\0? ä\n\0"}), ROOT).list_files() == ("a b", "b", "ä\n")


def test_a_tracked_file_that_is_gone_is_not_listed() -> None:
    runner = RecordingRunner({"ls-files": "H a\0H b\0R b\0"})
    assert Worktree(runner, ROOT).list_files() == ("a",)


def test_a_repository_without_a_ref_has_none() -> None:
    assert worktree(show_ref=completed(exit_code=1)).begin_listing()() == Listing(files=(), refs="")


def test_a_broken_ref_hides_no_other() -> None:
    runner = RecordingRunner(
        {
            "show-ref": completed(exit_code=128, stdout="half", stderr="fatal: bad ref"),
            "for-each-ref": "1 refs/heads/a\n",
            "rev-parse HEAD": "1\n",
            "symbolic-ref HEAD": "refs/heads/a\n",
        }
    )
    assert Worktree(runner, ROOT).begin_listing()().refs == "1 refs/heads/a\n\n1\n\nrefs/heads/a\n"


def test_the_head_has_the_commit_and_its_tags_annotated_or_not() -> None:
    refs = f"v1.0.0 {'a' * 40} \nv1.1.0 {SHA} \nv1.2.0 {TAG_OBJECT} {SHA}\n"
    answers = {"log": f"{SHA} 1767323045\n", "for-each-ref": refs, "for-each-ref --merged=HEAD": "v1.0.0\nv1.1.0\n"}
    assert Worktree(RecordingRunner(answers), ROOT).find_head() == Head(
        sha=SHA,
        time_seconds=1767323045,
        tags=("v1.0.0", "v1.1.0", "v1.2.0"),
        tags_here=("v1.1.0", "v1.2.0"),
        tags_within=("v1.0.0", "v1.1.0"),
    )


def test_the_questions_about_the_head_depend_on_no_setting_and_on_no_branch_named_as_a_tag() -> None:
    runner = RecordingRunner({"log": f"{SHA} 1\n"})
    Worktree(runner, ROOT).find_head()
    assert [argv[len(GIT) :] for argv in runner.argvs] == [
        ("log", "-1", "--no-show-signature", "--format=%H %ct"),
        ("for-each-ref", "--format=%(refname:strip=2) %(objectname) %(*objectname)", "refs/tags"),
        ("for-each-ref", "--format=%(refname:strip=2)", "--merged=HEAD", "refs/tags"),
    ]


def test_an_unborn_branch_has_no_commit() -> None:
    unborn = RecordingRunner({"log": completed(exit_code=128), "symbolic-ref": "refs/heads/main\n"})
    assert Worktree(unborn, ROOT).find_head() == Head(sha="", time_seconds=0, tags=(), tags_here=())


@pytest.mark.parametrize(
    "there",
    [
        completed("1 commit refs/heads/main\n"),
        completed(stderr="warning: ignoring broken ref refs/heads/main\n"),
        completed(stderr="fatal: missing object 1 for refs/heads/main\n", exit_code=128),
        completed(exit_code=128),
    ],
)
def test_a_broken_branch_is_not_taken_for_an_unborn_one(there: Completed) -> None:
    """It would have no earlier schema, and every change would pass."""
    log = completed(exit_code=128, stderr="fatal: your current branch appears to be broken\n")
    runner = RecordingRunner({"log": log, "symbolic-ref": "refs/heads/main\n", "for-each-ref refs/heads/main": there})
    with pytest.raises(WorkspaceInvalidError, match="your current branch appears to be broken"):
        Worktree(runner, ROOT).find_head()


def test_a_detached_head_without_its_commit_is_an_error() -> None:
    runner = RecordingRunner({"log": completed(exit_code=128), "symbolic-ref": completed(exit_code=1)})
    with pytest.raises(WorkspaceInvalidError, match="git names no commit"):
        Worktree(runner, ROOT).find_head()


def test_uncommitted_files_are_named_as_they_are_whatever_happened_to_them() -> None:
    status = "?? sdk/new file.go\0 M sdk/edited.go\0D  sdk/gone.go\0?? sdk/\udcff\0"
    expected = ("sdk/\\xff", "sdk/edited.go", "sdk/gone.go", "sdk/new file.go")
    assert worktree(status=status).list_uncommitted(["sdk"]) == expected
    assert worktree(status="").list_uncommitted(["sdk"]) == ()


def test_uncommitted_files_are_named_from_the_workspace_below_the_top() -> None:
    runner = RecordingRunner({"status": " M apps/shop/sdk/a.go\0", "--show-prefix": "apps/shop/\n"})
    assert Worktree(runner, ROOT).list_uncommitted(["sdk"]) == ("sdk/a.go",)


def test_tracked_files_are_those_of_the_index_below_folders_named_literally() -> None:
    runner = RecordingRunner({"ls-files": "a[b]/x\0"})
    assert Worktree(runner, ROOT).list_tracked(["a[b]"]) == {"a[b]/x"}
    assert runner.argvs == [(*NAMES, "ls-files", "-z", "--cached", "--", "a[b]")]


def test_a_machine_without_git_is_one_sentence() -> None:
    with pytest.raises(ToolUnavailableError) as caught:
        worktree(ls_files=ToolUnavailableError("git: no such program")).list_files()
    assert str(caught.value) == "git: found none on PATH, expected git 2.30 or later\n  try: nox -s doctor"
