"""Versions in real repositories: the tag of a release image as a dry run prints it, and what a run reports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from packaging.version import Version

from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.sessions.commit import VersionSettings, find_commit
from nox_rings.workspace.versions import CommitVersions
from strangers import Stranger, a_stranger

TIME = "2026-01-02T03:04:05+00:00"
TAG = re.compile(r"--tag=chat:(\S+)")
DEFAULT = VersionSettings("0.1.0", "v", False)


@dataclass(frozen=True)
class Repository:
    stranger: Stranger
    runner: ProcessRunner

    @property
    def root(self) -> Path:
        return self.stranger.root

    def git(self, *arguments: str) -> str:
        return self.stranger.git(*arguments)

    def commit(self, *tags: str) -> str:
        self.git("commit", "-q", "--allow-empty", "-m", f"{self.git('rev-list', '--all', '--count')}")
        for tag in tags:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD").strip()

    def clone(self, name: str, *options: str) -> Repository:
        """By file://, because git copies a folder whole whatever --depth says."""
        there = self.root.parent / name
        self.git("clone", "-q", *options, f"file://{self.root}", str(there))
        return replace(self, stranger=Stranger(there))

    def found(self, settings: VersionSettings = DEFAULT) -> CommitVersions:
        return find_commit(self.runner, self.root, settings)

    @property
    def base(self) -> str:
        found = self.found()
        assert not found.refusal, found.refusal
        return found.versions.base

    def tag(self, *arguments: str) -> str:
        """Of the release image."""
        answer = self.stranger.must("image-release", "--dry-run", *arguments)
        match = TAG.search(answer.out)
        assert match, answer.out + answer.err
        return match[1]


@pytest.fixture
def runner() -> Iterator[ProcessRunner]:
    made = ProcessRunner()
    yield made
    made.close()


@pytest.fixture
def repository(tmp_path: Path, runner: ProcessRunner, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """One image and one commit, of which every later one has the same second."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_DATE", TIME)
    stranger = a_stranger(tmp_path / "repository")
    stranger.write("services/chat/Dockerfile", 'FROM scratch\nCOPY words.txt /\nCMD ["/chat"]\n')
    stranger.write("services/chat/words.txt", "hello\n")
    stranger.commit()
    return Repository(stranger, runner)


# What a version counts from.


@pytest.mark.parametrize("annotated", [False, True], ids=["lightweight", "annotated"])
def test_a_tag_on_the_commit_is_the_release_and_the_commit_after_it_the_next_patch(
    repository: Repository, annotated: bool
) -> None:
    repository.git("tag", *(("-a", "-m", "x") if annotated else ()), "v1.4.2")
    assert repository.tag() == "1.4.2"
    sha = repository.commit()
    assert repository.tag() == f"1.4.3-dev.20260102030405.g{sha[:12]}"


def test_a_maintenance_branch_counts_from_its_own_line(repository: Repository) -> None:
    repository.git("tag", "v1.4.2")
    repository.git("checkout", "-q", "-b", "1.x")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.commit("v2.0.0")
    assert repository.base == "2.0.0"
    repository.git("checkout", "-q", "1.x")
    assert repository.base == "1.4.3"
    repository.git("merge", "-q", "--no-edit", "main")
    assert repository.base == "2.0.1"
    repository.git("checkout", "-q", "--detach", "main")
    repository.commit()
    assert repository.base == "2.0.1"


def test_releases_on_branches_of_their_own_are_counted_where_there_is_no_other_and_that_is_reported_once(
    repository: Repository,
) -> None:
    repository.git("checkout", "-q", "-b", "release")
    repository.commit("v1.0.0")
    repository.git("checkout", "-q", "main")
    answer = repository.stranger.must("image-release", "--dry-run")
    assert "no release tag vX.Y.Z was found before this commit, only v1.0.0 elsewhere" in answer.err
    assert "chat:1.0.1-dev" in answer.out
    assert repository.stranger.must("image-release", "--dry-run").err.count("no release tag") == 0


def test_a_linked_worktree_a_folder_below_the_top_and_a_submodule_have_the_versions_of_their_commits(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("tag", "v1.4.2")
    repository.commit()
    repository.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"), "v1.4.2")
    linked = replace(repository, stranger=Stranger(tmp_path / "linked"))
    assert (repository.base, linked.base) == ("1.4.3", "1.4.2")
    below = replace(repository, stranger=Stranger(repository.root / "services/chat"))
    assert below.base == "1.4.3"
    outer = a_stranger(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repository.root), "inner")
    inner = replace(repository, stranger=Stranger(outer.root / "inner"))
    assert inner.base == "1.4.3"


def test_no_git_is_asked_for_the_version_again_while_no_ref_moves(repository: Repository, tmp_path: Path) -> None:
    repository.git("tag", "v1.4.2")
    repository.commit()
    repository.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    for root in (repository.root, tmp_path / "linked"):
        stranger = Stranger(root)
        first = stranger.must("plan", "--json").json()
        snapshot = root / ".nox-rings/state/snapshot.json"
        assert json.loads(snapshot.read_text())[1]["commit"]["versions"]["base"] == "1.4.3"
        before = snapshot.stat().st_mtime_ns
        assert stranger.must("plan", "--json").json() == first
        assert snapshot.stat().st_mtime_ns == before
        stranger.git("tag", "-f", "v1.9.0")
        assert repository.found().versions.base == "1.9.0"
        stranger.git("tag", "-d", "v1.9.0")


# Clones that lack something.


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--depth=1",), "found a shallow clone, expected the whole history"),
        (("--depth=2",), "found a shallow clone, expected the whole history"),
        (("--no-tags",), "remote.origin.tagopt = --no-tags, expected the tags of the remote"),
    ],
    ids=["one commit", "with a tag before the cut", "without tags"],
)
def test_a_clone_without_its_release_tags_is_refused_and_the_hint_brings_them(
    repository: Repository, options: tuple[str, ...], found: str
) -> None:
    repository.git("tag", "v1.0.0")
    repository.commit("v1.4.2")
    sha = repository.commit()
    clone = repository.clone("clone", *options)
    plan = clone.stranger.targets()["image-release:chat"]
    assert plan["reason"] == "invalid"
    assert found in plan["reason_detail"][0]
    dry = clone.stranger.must("image-release", "--dry-run")
    assert "chat:" not in dry.out
    answer = clone.stranger.nox("image-release", "--json")
    (failed,) = answer.json()["targets"]
    assert (answer.exit_code, failed["outcome"], failed["error"]["family"]) == (1, "failed", "history")
    command, _, other = failed["error"]["repeat"].partition(", or -- ")
    assert other.startswith("--allow-shallow")
    for part in command.split(" && "):
        clone.git(*part.split()[1:])
    assert clone.tag() == f"1.4.3-dev.20260102030405.g{sha[:12]}"


def test_allow_shallow_counts_from_what_is_there_and_the_summary_says_so(repository: Repository) -> None:
    repository.commit("v1.4.2")
    repository.commit()
    clone = repository.clone("clone", "--depth=1")
    assert clone.tag("--allow-shallow").startswith("0.1.0-dev.")
    again = clone.stranger.nox("image-release", "--dry-run", "--allow-shallow")
    assert "found a shallow clone" in again.err  # every time: nothing of it is kept
    answer = clone.stranger.nox("image-release", "--allow-shallow", "--json", "--keep-going")
    (note,) = answer.json()["notes"]
    assert note.endswith("; versions start from 0.1.0 (--allow-shallow)")
    assert f"note: {note}" in clone.stranger.nox("image-release", "--allow-shallow").out


def test_a_shallow_clone_of_a_release_has_its_version(repository: Repository) -> None:
    """As a CI job for a tag makes it."""
    repository.commit("v1.4.2")
    clone = repository.clone("clone", "--depth=1", "--branch=v1.4.2")
    assert clone.tag() == "1.4.2"


def test_a_clone_that_is_shallow_for_another_branch_only_has_its_version(repository: Repository) -> None:
    repository.git("tag", "v1.4.2")
    repository.commit()
    clone = repository.clone("clone")
    other = a_stranger(repository.root.parent / "other")
    other.commit()
    other.commit()
    clone.git("fetch", "-q", "--depth=1", f"file://{other.root}", "main")
    assert clone.git("rev-parse", "--is-shallow-repository").strip() == "true"
    assert clone.base == "1.4.3"


def test_a_shallow_clone_that_has_all_there_is_has_its_version(repository: Repository) -> None:
    """Its depth ends at the first commit, which git lists as cut off all the same."""
    repository.git("tag", "v1.4.2")
    repository.commit()
    clone = repository.clone("clone", "--depth=2")
    assert clone.git("rev-parse", "--is-shallow-repository").strip() == "true"
    assert clone.base == "1.4.3"


def test_a_partial_clone_and_a_complete_one_have_the_same_version(repository: Repository) -> None:
    repository.git("tag", "v1.4.2")
    repository.commit()
    repository.git("config", "uploadpack.allowFilter", "true")
    for number, options in enumerate(((), ("--filter=tree:0",), ("--single-branch",))):
        assert repository.clone(f"clone{number}", *options).found() == repository.found()


def test_a_complete_repository_without_any_tag_starts_from_the_seed_and_says_so_once(repository: Repository) -> None:
    answer = repository.stranger.must("image-release", "--dry-run")
    assert "chat:0.1.0-dev." in answer.out
    assert "no release tag vX.Y.Z was found: versions start from 0.1.0" in answer.err
    assert "no release tag" not in repository.stranger.must("image-release", "--dry-run").err


def test_what_carries_no_version_is_made_in_a_shallow_clone_too(repository: Repository) -> None:
    repository.stranger.write("services/chat/Dockerfile.dev", "FROM scratch\nCOPY words.txt /\n")
    repository.stranger.commit()
    clone = repository.clone("clone", "--depth=1")
    reasons = clone.stranger.reasons()
    assert (reasons["image-dev:chat"], reasons["image-release:chat"]) == ("never-built", "invalid")


# Other schemes, and commits of one second.


@pytest.mark.parametrize(
    ("tag", "setting", "version"),
    [
        ("1.2.3", 'tag-prefix = ""', "1.2.3"),
        ("pkg@1.2.3", 'tag-prefix = "pkg@"', "1.2.3"),
        ("module/v1.2.3", 'tag-prefix = "module/v"', "1.2.3"),
        ("v1.2.3-rc.1", "pre-release-tags = true", "1.2.3-rc.1"),
    ],
)
def test_a_tag_of_another_scheme_is_reported_as_ignored_with_the_setting_that_reads_it(
    repository: Repository, tag: str, setting: str, version: str
) -> None:
    repository.git("tag", tag)
    answer = repository.stranger.must("image-release", "--dry-run")
    assert f"ignored the tag {tag}, which [tool.nox-rings] reads with {setting}\n" in answer.err
    assert "chat:0.1.0-dev." in answer.out
    repository.stranger.write("pyproject.toml", f"[tool.nox-rings]\n{setting}\n")
    assert repository.tag() == version
    assert "ignored" not in repository.stranger.must("image-release", "--dry-run").err


def test_two_commits_of_one_second_have_different_versions(repository: Repository) -> None:
    found = []
    for _ in range(3):
        repository.commit()
        found.append(repository.found())
    assert len({each.time_seconds for each in found}) == 1
    for versions in zip(*(each.versions[2:] for each in found), strict=True):
        assert len(set(versions)) == len(versions)
    ordered = sorted(found, key=lambda each: each.sha)
    assert ordered == sorted(found, key=lambda each: Version(each.versions.pypi))
    assert ordered == sorted(found, key=lambda each: each.versions.npm)
