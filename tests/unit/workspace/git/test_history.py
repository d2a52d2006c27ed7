"""What git is asked about earlier commits."""

from __future__ import annotations

from pathlib import Path

import pytest

from nox_rings.engine.errors import HistoryMissingError, ToolUnavailableError, WorkspaceInvalidError
from nox_rings.engine.process.command import Command
from nox_rings.workspace.git.commands import checkout_commands
from nox_rings.workspace.git.history import History
from unit.recording import RecordingRunner, completed

ROOT = Path("/w")
GIT = ("git", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "--no-optional-locks")


def test_a_name_is_never_taken_for_an_option() -> None:
    runner = RecordingRunner({"rev-parse": "abc\n"})
    assert History(runner, ROOT).commit("--all") == "abc"
    assert runner.argvs == [(*GIT, "rev-parse", "--quiet", "--verify", "--end-of-options", "--all^{commit}")]


@pytest.mark.parametrize(("folder", "name"), [("proto", "abc:./proto"), (".", "abc:./")])
def test_a_folder_is_looked_up_from_the_workspace(folder: str, name: str) -> None:
    runner = RecordingRunner()
    assert History(runner, ROOT).tree("abc", folder) is None
    assert runner.argvs[0][-1] == name


def test_tags_are_asked_for_as_refs() -> None:
    runner = RecordingRunner({"--points-at=abc": "v1\n", "--merged=abc": "v0\nv1\n"})
    history = History(runner, ROOT)
    assert (history.tags_on("abc"), history.tags_within("abc")) == (["v1"], ["v0", "v1"])
    assert runner.argvs[1] == (*GIT, "for-each-ref", "--format=%(refname:strip=2)", "--merged=abc", "refs/tags")


def test_parents_are_read_from_the_header_alone() -> None:
    text = "tree t\nparent a\nparent b\nauthor x\n\nparent of all\n"
    assert History(RecordingRunner({"cat-file": text}), ROOT).parents("abc") == ("a", "b")


def test_the_head_of_an_unborn_branch_is_none_and_a_broken_one_is_an_error() -> None:
    nothing = completed(exit_code=1)
    assert History(RecordingRunner({"rev-parse": nothing, "symbolic-ref": "refs/heads/x\n"}), ROOT).head() is None
    with pytest.raises(WorkspaceInvalidError, match="found a HEAD without a commit"):
        History(RecordingRunner({"rev-parse": nothing, "symbolic-ref": nothing}), ROOT).head()


def test_files_of_a_commit_keep_their_names_and_missing_trees_are_an_error() -> None:
    text = "100644 blob 1a\ta b\x00120000 blob 2b\t\udcff\n\0"
    assert History(RecordingRunner({"ls-tree": text}), ROOT).blobs("abc") == {"a b": "1a", "\udcff\n": "2b"}
    with pytest.raises(HistoryMissingError, match="found no files of abc"):
        History(RecordingRunner({"ls-tree": completed(exit_code=128)}), ROOT).blobs("abc")


def test_a_git_that_would_not_find_commits_is_refused() -> None:
    History(RecordingRunner({"--version": "git version 2.30.0"}), ROOT).require_supported()
    with pytest.raises(ToolUnavailableError, match=r"found 2\.29\.3"):
        History(RecordingRunner({"--version": "git version 2.29.3"}), ROOT).require_supported()


def test_a_tree_is_checked_out_through_an_index_of_its_own() -> None:
    env = {"GIT_INDEX_FILE": "/s/index"}
    assert checkout_commands(ROOT, "abc", Path("/s/tree"), Path("/s/index")) == (
        Command(argv=(*GIT, "read-tree", "abc"), cwd=ROOT, env=env, description="git read-tree"),
        Command(
            argv=(*GIT, "checkout-index", "--force", "--prefix=/s/tree/", "--all"),
            cwd=ROOT,
            env=env,
            description="git checkout-index",
        ),
    )
    chosen = checkout_commands(ROOT, "abc", Path("/s/tree"), Path("/s/index"), ["a.proto", "-b.proto"])[1]
    assert chosen.argv[-4:] == ("--prefix=/s/tree/", "--", "a.proto", "-b.proto")
