from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import Completed, Runner
from nox_rings.workspace.git.worktree import Head, find_head, list_files, list_uncommitted

ROOT = Path("/w")
SHA = "0123456789abcdef0123456789abcdef01234567"
TAG_OBJECT = "f" * 40


class Answers(Runner):
    """A runner that knows the answers by the second word of the command."""

    def __init__(self, **answers: str | int) -> None:
        super().__init__()
        self._answers = answers

    def ask(self, command: Command, *, stdin: str | None = None) -> Completed:
        question = "deleted" if "--deleted" in command.argv else command.argv[1].replace("-", "_")
        answer = self._answers.get(question, "")
        if isinstance(answer, int):
            return Completed(exit_code=answer, stdout="", stderr="warning: x\nfatal: not a git repository\n")
        return Completed(exit_code=0, stdout=answer, stderr="")

    def ask_all(self, commands: Sequence[Command]) -> list[Completed]:
        return [self.ask(command) for command in commands]


def test_the_listing_is_sorted_and_names_a_file_in_conflict_once() -> None:
    assert list_files(Answers(ls_files="b\0a b\0b\0ä\n\0"), ROOT) == ("a b", "b", "ä\n")


def test_a_tracked_file_that_is_gone_is_not_listed() -> None:
    assert list_files(Answers(ls_files="a\0b\0", deleted="b\0"), ROOT) == ("a",)


def test_the_head_tells_the_commit_and_its_tags_annotated_or_not() -> None:
    refs = f"v1.0.0 {'a' * 40} \nv1.1.0 {SHA} \nv1.2.0 {TAG_OBJECT} {SHA}\n"
    head = find_head(Answers(log=f"{SHA} 1767323045\n", for_each_ref=refs), ROOT)
    assert head == Head(
        sha=SHA,
        time_seconds=1767323045,
        tags=("v1.0.0", "v1.1.0", "v1.2.0"),
        tags_here=("v1.1.0", "v1.2.0"),
    )


def test_an_unborn_branch_has_no_commit() -> None:
    assert find_head(Answers(log=128), ROOT) == Head(sha="", time_seconds=0, tags=(), tags_here=())


def test_a_folder_outside_of_git_is_one_sentence_with_what_git_said_last() -> None:
    with pytest.raises(WorkspaceInvalidError) as caught:
        list_files(Answers(ls_files=128), ROOT)
    assert caught.value.message == "/w: found no git work tree (fatal: not a git repository), expected one"
    assert caught.value.hint == "git init"


def test_uncommitted_files_are_named_as_they_are_whatever_happened_to_them() -> None:
    answers = Answers(status="?? sdk/new file.go\0 M sdk/edited.go\0D  sdk/gone.go\0")
    assert list_uncommitted(answers, ROOT, ["sdk"]) == ("sdk/edited.go", "sdk/gone.go", "sdk/new file.go")
    assert list_uncommitted(Answers(status=""), ROOT, ["sdk"]) == ()
