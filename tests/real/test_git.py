"""git as people have it: called by a hook, in a repository that it refuses, with programs in its configuration, and
with names of files that are no text."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkout import Checkout
from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.process.command import Command
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.store.digest_log import KnownDigests
from nox_rings.engine.store.digests import Digests
from nox_rings.sessions.children import new_runner
from nox_rings.workspace.git.commands import REPOSITORY_VARIABLES
from nox_rings.workspace.git.history import History
from nox_rings.workspace.git.worktree import Worktree

ODD = os.fsdecode(b"odd-\xff.txt")


@pytest.fixture
def runner() -> Iterator[ProcessRunner]:
    runner = new_runner()
    yield runner
    runner.close()


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(("git", *identity, *arguments), cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """With a commit of the file `a`."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "a").write_text("a")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    return root


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


# What a calling git hands on.


def test_this_git_names_no_local_variable_that_children_would_inherit(repository: Path) -> None:
    """But for the two that are settings of the user (`git -c`)."""
    local = set(git(repository, "rev-parse", "--local-env-vars").split())
    assert local - set(REPOSITORY_VARIABLES) == {"GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"}


def test_the_repository_of_a_calling_git_is_not_ours(
    repository: Path, tmp_path: Path, runner: ProcessRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    expected = (("a",), git(repository, "rev-parse", "HEAD"))
    for name, value in {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(other / "index"),
        "GIT_OBJECT_DIRECTORY": str(other / ".git/objects"),
        "GIT_PREFIX": "x/",
        "GIT_GLOB_PATHSPECS": "1",
        "GIT_NAMESPACE": "x",
    }.items():
        monkeypatch.setenv(name, value)
    worktree = Worktree(runner, repository)
    assert (worktree.list_files(), worktree.find_head().sha) == expected
    assert worktree.list_tracked(["."]) == {"a"}
    shown = runner.require(Command(argv=("sh", "-c", "git rev-parse --show-toplevel"), cwd=repository))
    assert shown.strip() == str(repository)


def test_a_session_in_a_hook_answers_as_outside_of_it(checkout: Checkout, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    plain = checkout.nox("-s", "plan", "--", "--json")
    hooked = checkout.nox(
        *("-s", "plan", "--", "--json"), GIT_DIR=str(other / ".git"), GIT_INDEX_FILE=".git/index", GIT_PREFIX=""
    )
    assert (hooked.exit_code, hooked.out) == (plain.exit_code, plain.out)


# Refusals.


def refusal(runner: ProcessRunner, root: Path) -> WorkspaceInvalidError:
    with pytest.raises(WorkspaceInvalidError) as caught:
        Worktree(runner, root).begin_listing()()
    assert len(caught.value.message.splitlines()) == 1
    return caught.value


def test_a_folder_without_a_repository_is_advised_to_have_one(tmp_path: Path, runner: ProcessRunner) -> None:
    error = refusal(runner, tmp_path)
    assert "found no git work tree (fatal: not a git repository" in error.message
    assert error.hint == "git init"


def test_a_repository_of_another_user_comes_with_the_advice_of_git(
    repository: Path, runner: ProcessRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.getuid() != 0:
        pytest.skip("NOT RUN: giving a folder to another user needs root")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.delenv("SUDO_UID", raising=False)
    for path in (repository, *repository.rglob("*")):
        os.chown(path, 12345, 12345)
    error = refusal(runner, repository)
    assert "dubious ownership" in error.message
    assert error.hint == f"git config --global --add safe.directory {repository}"


@pytest.mark.parametrize("text", ["", "garbage\n", None])
def test_a_broken_head_is_repaired_by_the_hint_and_no_commit_is_lost(
    repository: Path, runner: ProcessRunner, text: str | None
) -> None:
    head, commit = repository / ".git/HEAD", git(repository, "rev-parse", "HEAD")
    head.unlink()
    if text is not None:
        head.write_text(text)
    error = refusal(runner, repository)
    assert "check HEAD in it" in error.message
    subprocess.run(error.hint.replace("BRANCH", "main"), shell=True, cwd=repository, check=True)
    assert Worktree(runner, repository).find_head().sha == commit


def test_a_broken_index_is_repaired_by_the_hint_and_the_old_one_is_kept(
    repository: Path, runner: ProcessRunner
) -> None:
    (repository / ".git/index").write_text("x")
    subprocess.run(refusal(runner, repository).hint, shell=True, cwd=repository, check=True)
    assert Worktree(runner, repository).list_files() == ("a",)
    assert (repository / ".git/index.broken").read_text() == "x"


def test_a_work_tree_elsewhere_is_no_work_tree_here(repository: Path, runner: ProcessRunner) -> None:
    git(repository, "config", "core.bare", "true")
    error = refusal(runner, repository)
    answer = subprocess.run(error.hint, shell=True, cwd=repository, check=True, capture_output=True, text=True)
    assert answer.stdout == "file:.git/config\tcore.bare true\n"


@pytest.mark.parametrize("content", ["garbage\n", f"{'1' * 40}\n"])
def test_a_broken_branch_is_no_unborn_one_and_hides_no_other_ref(
    repository: Path, runner: ProcessRunner, content: str
) -> None:
    git(repository, "branch", "zzz")
    (repository / ".git/refs/heads/main").write_text(content)
    worktree = Worktree(runner, repository)
    before = worktree.begin_listing()()
    assert before.files == ("a",)
    for ask in (worktree.find_head, History(runner, repository).head):
        with pytest.raises(WorkspaceInvalidError, match="found a HEAD without a commit that git can read"):
            ask()
    git(repository, "update-ref", "refs/heads/zzz", git(repository, "commit-tree", "-m", "x", "zzz^{tree}"))
    assert worktree.begin_listing()().refs != before.refs


def test_an_unborn_branch_beside_others_has_no_commit(repository: Path, runner: ProcessRunner) -> None:
    git(repository, "symbolic-ref", "HEAD", "refs/heads/new")
    assert Worktree(runner, repository).find_head().sha == ""
    assert History(runner, repository).head() is None


# What a repository or a user configures.


def test_no_program_of_the_repository_runs_and_a_monitor_that_lies_hides_nothing(
    repository: Path, tmp_path: Path, runner: ProcessRunner
) -> None:
    ran = tmp_path / "ran"
    monitor = script(tmp_path / "monitor", f"echo monitor >> {ran}; printf 'token\\0'")
    script(repository / ".git/hooks/post-index-change", f"echo hook >> {ran}")
    git(repository, "config", "core.fsmonitor", str(monitor))
    git(repository, "status")
    assert "monitor" in ran.read_text()  # so it would run, and says that nothing ever changes
    ran.unlink()
    (repository / "b").write_text("b")
    (repository / "a").write_text("other")
    worktree = Worktree(runner, repository)
    assert worktree.begin_listing()().files == ("a", "b")
    assert worktree.list_uncommitted(["."]) == ("a", "b")
    (repository / "a").unlink()
    assert worktree.list_files() == ("b",)
    worktree.find_head()
    assert not ran.exists()


def test_the_tags_that_head_descends_from_are_known_apart(
    repository: Path, runner: ProcessRunner, tmp_path: Path
) -> None:
    git(repository, "tag", "v1.4.2")
    git(repository, "branch", "maintenance")
    git(repository, "commit", "-q", "--allow-empty", "-m", "a feature")
    git(repository, "tag", "v2.0.0")
    git(repository, "checkout", "-q", "maintenance")
    git(repository, "commit", "-q", "--allow-empty", "-m", "a fix")
    head = Worktree(runner, repository).find_head()
    assert (head.tags, head.tags_here, head.tags_within) == (("v1.4.2", "v2.0.0"), (), ("v1.4.2",))
    git(tmp_path, "clone", "-q", "--depth=1", "--branch=maintenance", f"file://{repository}", "shallow")
    shallow = Worktree(runner, tmp_path / "shallow").find_head()
    assert (shallow.sha, shallow.tags_within) == (head.sha, ())


def test_settings_of_the_user_change_no_answer(repository: Path, runner: ProcessRunner) -> None:
    git(repository, "tag", "v1.0.0")
    git(repository, "tag", "-a", "-m", "x", "v1.1.0")
    git(repository, "branch", "v1.0.0")
    for setting in ("column.ui=always", "log.showSignature=true", "color.ui=always", "tag.sort=-refname"):
        git(repository, "config", *setting.split("="))
    head = Worktree(runner, repository).find_head()
    assert (head.sha, head.tags) == (git(repository, "rev-parse", "HEAD"), ("v1.0.0", "v1.1.0"))
    history = History(runner, repository)
    assert history.tags_on(head.sha) == history.tags_within(head.sha) == ["v1.0.0", "v1.1.0"]


def test_a_folder_may_be_named_like_a_pattern_and_lie_below_the_top(repository: Path, runner: ProcessRunner) -> None:
    for path in ("apps/shop/a*/x", "apps/shop/ab/y"):
        (repository / path).parent.mkdir(parents=True)
        (repository / path).write_text("x")
    git(repository, "--literal-pathspecs", "add", "apps/shop/a*")
    worktree = Worktree(runner, repository / "apps/shop")
    assert worktree.list_tracked(["a*"]) == {"a*/x"}
    assert worktree.list_uncommitted(["a*"]) == ("a*/x",)
    assert worktree.top() == repository


# Names that are no text.


def test_what_nox_rings_keeps_for_itself_is_never_listed_though_nothing_ignores_it(
    repository: Path, runner: ProcessRunner
) -> None:
    (repository / ".nox-rings/state").mkdir(parents=True)
    (repository / ".nox-rings/state/snapshot.json").write_text("{}")
    git(repository, "add", "-f", ".nox-rings")
    (repository / ".nox-rings/other").write_text("x")
    (repository / ".nox-rings-of-ours").write_text("x")
    assert Worktree(runner, repository).list_files() == (".nox-rings-of-ours", "a")


def test_what_python_compiles_is_listed_only_where_it_is_tracked(repository: Path, runner: ProcessRunner) -> None:
    for path in ("__pycache__/noxfile.pyc", "lib/__pycache__/kept.pyc", "lib/__pycache__/x.pyc", "lib/x.py"):
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_text("x")
    git(repository, "add", "-f", "lib/__pycache__/kept.pyc")
    assert Worktree(runner, repository).list_files() == ("a", "lib/__pycache__/kept.pyc", "lib/x.py")


def test_a_name_that_is_not_utf_8_is_listed_and_digested(repository: Path, runner: ProcessRunner) -> None:
    (repository / ODD).write_text("one")
    worktree, digests = Worktree(runner, repository), Digests(repository, KnownDigests())
    assert worktree.list_files() == ("a", ODD)
    before = digests.digest(ODD)
    (repository / ODD).write_text("other")
    assert before and digests.digest(ODD) not in (None, before)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "two")
    assert {*History(runner, repository).blobs("HEAD")} == {"a", ODD}


def test_a_name_that_is_not_utf_8_makes_stale_what_reads_it_and_is_shown(checkout: Checkout) -> None:
    assert checkout.nox("-s", "proto").exit_code == 0
    name = os.fsdecode(b"odd-\xff.proto")
    odd = checkout.root / "packages/ameide_core_proto/src" / name
    odd.write_text("one")
    try:
        as_json = checkout.nox("-s", "plan", "--", "proto", "--json")
        as_text = checkout.nox("-s", "plan", "--", "proto")
    finally:
        odd.unlink()
    (target,) = as_json.json()["targets"]
    assert (target["reason"], target["reason_detail"]) == (
        "input-changed",
        [f"packages/ameide_core_proto/src/{name}"],
    )
    assert r"input-changed: packages/ameide_core_proto/src/odd-\udcff.proto" in as_text.out


@pytest.mark.parametrize("session", [("plan", "--"), ("image-dev", "--", "graph", "--dry-run")])
def test_a_name_that_is_not_utf_8_in_the_context_of_an_image_is_no_traceback(
    checkout: Checkout, session: tuple[str, ...]
) -> None:
    odd = checkout.root / "services/graph/src" / ODD
    odd.write_text("one")
    try:
        answer = checkout.nox("-s", *session)
    finally:
        odd.unlink()
    assert answer.exit_code == 0, answer.err
    assert "Traceback" not in answer.out + answer.err
