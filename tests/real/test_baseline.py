"""What a schema is compared with, asked of real git: clones as people and CI make them, whole and shallow ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clones import BUF, Clone
from nox_rings.engine.errors import WorkspaceInvalidError
from nox_rings.engine.layout import Layout
from nox_rings.engine.process.runner import ProcessRunner
from nox_rings.engine.store.state import load_state
from nox_rings.schema.breaking.baseline import Baselines
from nox_rings.schema.breaking.comparisons import Comparisons
from nox_rings.schema.breaking.model import Baseline
from nox_rings.schema.model import SchemaSubject
from nox_rings.workspace.git.commands import checkout_commands
from nox_rings.workspace.git.history import History
from nox_rings.workspace.git.worktree import Worktree
from nox_rings.workspace.schemas import BufWorkspace


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration of this machine, and commits that need none."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "a")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.com")


@pytest.fixture
def runner() -> Iterator[ProcessRunner]:
    runner = ProcessRunner()
    yield runner
    runner.close()


@pytest.fixture
def repository(tmp_path: Path, runner: ProcessRunner) -> Clone:
    """Without a commit, on the branch main."""
    (tmp_path / "work").mkdir()
    clone = Clone(tmp_path / "work", runner)
    clone.git("init", "-q", "-b", "main")
    return clone


def test_a_branch_is_compared_with_its_merge_base_though_main_went_on(repository: Clone) -> None:
    base = repository.schema("one")
    repository.git("switch", "-q", "-c", "feature")
    repository.schema("two")
    repository.schema("three")
    repository.git("switch", "-q", "main")
    repository.schema("four")
    repository.git("switch", "-q", "feature")
    assert repository.found() == (
        Baseline(
            tree=repository.git("rev-parse", f"{base}:proto"),
            folder="proto",
            commit=base,
            why="merge base with main",
        ),
    )


def test_the_default_branch_itself_is_compared_with_head_and_with_the_commit_before(repository: Clone) -> None:
    """With HEAD alone every change would pass as soon as it is committed."""
    one, two = repository.schema("one"), repository.schema("two")
    assert repository.compared() == [(two, "HEAD, the merge base with main"), (one, "the commit before HEAD")]


def test_states_that_are_the_same_are_compared_once(repository: Clone) -> None:
    repository.schema("one")
    two = repository.commit({"README.md": "no schema"})
    assert repository.compared() == [(two, "HEAD, the merge base with main")]


def test_a_merge_into_the_default_branch_is_compared_with_what_it_was_before(repository: Clone) -> None:
    repository.schema("one")
    repository.git("switch", "-q", "-c", "feature")
    repository.commit({"proto/a.proto": "two"})
    repository.git("switch", "-q", "main")
    before = repository.commit({"proto/b.proto": "three"})
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "feature")
    merge = repository.git("rev-parse", "HEAD")
    assert repository.compared() == [(merge, "HEAD, the merge base with main"), (before, "the commit before HEAD")]


def test_the_first_commit_has_itself_alone(repository: Clone) -> None:
    only = repository.schema("one")
    assert repository.compared() == [(only, "HEAD, the merge base with main")]


def test_before_the_first_commit_there_is_nothing_to_compare(repository: Clone) -> None:
    assert repository.compared() == []


def test_a_broken_branch_is_not_taken_for_a_repository_without_commits(repository: Clone) -> None:
    """There every change would pass."""
    repository.schema("one")
    (repository.top / ".git/refs/heads/main").write_text("garbage\n")
    with pytest.raises(WorkspaceInvalidError, match="found a HEAD without a commit that git can read"):
        repository.compared()


def test_a_schema_that_no_commit_has_is_compared_with_nothing(repository: Clone) -> None:
    repository.commit({"README.md": "hello"})
    repository.commit({"README.md": "again"})
    assert repository.compared() == []


def test_the_first_commit_of_a_schema_is_not_compared_with_the_commit_before(repository: Clone) -> None:
    repository.commit({"README.md": "hello"})
    here = repository.schema("one")
    assert repository.compared() == [(here, "HEAD, the merge base with main")]


@pytest.mark.parametrize("folder", ["proto", "."])
def test_a_workspace_below_the_top_of_its_repository_sees_its_own_schema_only(repository: Clone, folder: str) -> None:
    workspace = replace(repository, inside="apps/shop")
    repository.schema("other")
    repository.schema("other", "apps/bank/proto")
    one = workspace.schema("one", folder)
    workspace.git("switch", "-q", "-c", "feature")
    workspace.schema("two", folder)
    (found,) = workspace.found(folder, described=(folder,))
    below = "apps/shop" if folder == "." else f"apps/shop/{folder}"
    assert (found.folder, found.commit) == (folder, one)
    assert found.tree == repository.git("rev-parse", f"{one}:{below}")


def test_a_schema_at_the_top_of_its_repository_is_compared_as_a_whole(repository: Clone) -> None:
    one = repository.schema("one", ".")
    (found,) = repository.found(".", described=(".",))
    assert (found.tree, found.folder) == (repository.git("rev-parse", f"{one}^{{tree}}"), ".")


@pytest.mark.parametrize("odd", ["my proto", "schéma"])
def test_a_folder_may_have_an_odd_name(repository: Clone, odd: str) -> None:
    one = repository.schema("one", odd)
    (found,) = repository.found(odd, described=(odd,))
    assert (found.folder, found.tree) == (odd, repository.git("rev-parse", f"{one}:{odd}"))


def test_a_message_that_reads_like_a_header_names_no_parent(repository: Clone) -> None:
    only = repository.schema("one")
    repository.git("commit", "-q", "--amend", "-m", "parent of all\n\nparent of all that follows\nparent ")
    assert [each.why for each in repository.found()] == ["HEAD, the merge base with main"]
    assert only != repository.git("rev-parse", "HEAD")


# Which branch others are compared with.


def test_the_branch_that_origin_calls_its_head_comes_before_main(repository: Clone) -> None:
    one = repository.schema("one")
    repository.git("switch", "-q", "-c", "trunk")
    two = repository.schema("two")
    clone = repository.clone("clone")
    assert clone.git("symbolic-ref", "--short", "refs/remotes/origin/HEAD") == "origin/trunk"
    clone.git("branch", "main", "origin/main")
    clone.git("switch", "-q", "-c", "feature")
    clone.schema("three")
    assert clone.compared() == [(two, "merge base with origin/trunk")]
    clone.git("remote", "set-head", "origin", "--delete")
    assert clone.compared() == [(one, "merge base with origin/main")]


def test_what_origin_has_comes_before_the_local_branch(repository: Clone) -> None:
    """Commits that are not pushed yet are compared all together."""
    one = repository.schema("one")
    clone = repository.clone("clone")
    clone.schema("two")
    clone.schema("three")
    assert clone.compared() == [(one, "merge base with origin/main")]


@pytest.mark.parametrize(
    ("branches", "chosen"),
    [
        (("main", "master", "develop"), "main"),
        (("master", "develop"), "master"),
        (("develop",), "develop"),
    ],
)
def test_without_a_remote_the_usual_names_are_tried_and_then_an_only_branch(
    repository: Clone, branches: tuple[str, ...], chosen: str
) -> None:
    repository.schema("one")
    repository.git("branch", "-m", branches[0])
    for branch in branches[1:]:
        repository.git("branch", branch)
    assert [each.why for each in repository.found()] == [f"HEAD, the merge base with {chosen}"]


@pytest.mark.parametrize("default_branch", ["develop", "origin/develop"])
def test_a_configured_branch_comes_before_all_others_and_may_be_on_the_remote_alone(
    repository: Clone, default_branch: str
) -> None:
    repository.schema("one")
    repository.git("switch", "-q", "-c", "develop")
    two = repository.schema("two")
    repository.git("switch", "-q", "main")
    clone = repository.clone("clone")
    clone.git("switch", "-q", "-c", "feature", "origin/develop")
    clone.schema("three")
    assert clone.compared(default_branch=default_branch) == [(two, "merge base with origin/develop")]


def test_branches_of_which_none_is_known_are_an_error_that_says_what_would_help(repository: Clone) -> None:
    repository.schema("one")
    repository.git("branch", "-m", "develop")
    repository.git("branch", "other")
    error = repository.missing()
    assert error.message == (
        "found none of origin/main, origin/master, main, master in this clone, expected the default branch for the "
        "breaking check (or [tool.nox-rings.proto] default-branch)"
    )
    assert error.hint == "nox -s proto -- --against REF"
    assert [each.why for each in repository.found(default_branch="other")] == ["HEAD, the merge base with other"]


def test_a_configured_branch_that_is_not_there_is_named_with_the_command_that_fetches_it(repository: Clone) -> None:
    one = repository.schema("one")
    repository.git("branch", "develop")
    repository.git("switch", "-q", "-c", "feature")
    repository.schema("two")
    clone = repository.clone("clone", "--single-branch", "--branch", "feature")
    error = clone.missing(default_branch="develop")
    assert error.message.startswith("found none of origin/develop, develop in this clone")
    assert error.hint == "git fetch origin develop:refs/remotes/origin/develop"
    assert clone.missing(default_branch="origin/develop").hint == error.hint
    clone.run(error.hint)
    assert clone.compared(default_branch="develop") == [(one, "merge base with origin/develop")]


def test_a_clone_of_one_branch_gets_the_command_that_fetches_the_default_branch(repository: Clone) -> None:
    one = repository.schema("one")
    repository.git("switch", "-q", "-c", "feature")
    repository.schema("two")
    repository.git("switch", "-q", "main")
    clone = repository.clone("clone", "--single-branch", "--branch", "feature")
    error = clone.missing()
    assert error.message == (
        "found none of origin/main, origin/master, main, master in this clone, expected the default branch for the "
        "breaking check (or [tool.nox-rings.proto] default-branch)"
    )
    assert error.hint == "git fetch origin main:refs/remotes/origin/main"
    clone.run(error.hint)
    assert clone.compared() == [(one, "merge base with origin/main")]


def test_no_command_to_fetch_is_given_for_a_remote_of_another_name(repository: Clone) -> None:
    repository.schema("one")
    repository.git("branch", "-m", "develop")
    clone = repository.clone("clone", "--origin", "upstream")
    assert clone.missing().hint == "nox -s proto -- --against REF"


def test_histories_without_a_common_ancestor_need_a_commit_to_be_named(repository: Clone) -> None:
    main = repository.schema("one")
    repository.git("switch", "-q", "--orphan", "feature")
    repository.schema("two")
    error = repository.missing()
    assert error.message == "found no common ancestor of HEAD and main, expected one for the breaking check"
    assert error.hint == "nox -s proto -- --against REF"
    assert repository.compared(against="main") == [(main, "main")]


# Shallow clones: what is missing is reported with the command that fetches it.


def test_a_clone_of_one_commit_of_main_lacks_the_commit_before(repository: Clone) -> None:
    one, two = repository.schema("one"), repository.schema("two")
    clone = repository.clone("clone", "--depth", "1")
    error = clone.missing()
    assert error.message == (f"shallow clone: found no parent of HEAD ({one[:12]}), expected it for the breaking check")
    assert error.hint == "git fetch --deepen=1"
    clone.run(error.hint)
    assert clone.compared() == [(two, "HEAD, the merge base with origin/main"), (one, "the commit before HEAD")]


def test_a_clone_of_the_first_commit_lacks_nothing_though_shallow(repository: Clone) -> None:
    only = repository.schema("one")
    assert repository.clone("clone", "--depth", "1").compared() == [(only, "HEAD, the merge base with origin/main")]


@pytest.fixture
def branched(repository: Clone) -> tuple[Clone, str]:
    """Two commits on main and two on the branch feature since the first of them, whose SHA comes with it."""
    one = repository.schema("one")
    repository.git("switch", "-q", "-c", "feature")
    repository.schema("two")
    repository.schema("three")
    repository.git("switch", "-q", "main")
    repository.schema("four")
    return repository, one


def test_one_commit_of_each_branch_has_no_common_ancestor(branched: tuple[Clone, str]) -> None:
    repository, one = branched
    clone = repository.clone("clone", "--depth", "1", "--no-single-branch", "--branch", "feature")
    error = clone.missing()
    assert error.message == (
        "shallow clone: found no common ancestor of HEAD and origin/main, expected it for the breaking check"
    )
    assert error.hint == "git fetch --unshallow origin"
    clone.run(error.hint)
    assert clone.compared() == [(one, "merge base with origin/main")]


def test_one_commit_of_a_branch_alone_lacks_main_and_its_history(branched: tuple[Clone, str]) -> None:
    repository, one = branched
    clone = repository.clone("clone", "--depth", "1", "--branch", "feature")
    error = clone.missing()
    assert error.message.startswith("found none of origin/main, origin/master, main, master in this clone")
    assert error.hint == "git fetch --unshallow origin main:refs/remotes/origin/main"
    clone.run(error.hint)
    assert clone.compared() == [(one, "merge base with origin/main")]


def test_a_checkout_of_ci_of_one_commit_without_a_branch_gets_the_same_command(branched: tuple[Clone, str]) -> None:
    """As actions/checkout leaves it: a detached HEAD, and the one ref that was asked for."""
    repository, one = branched
    clone = replace(repository, top=repository.top.parent / "ci")
    clone.top.mkdir()
    clone.git("init", "-q", "-b", "main")
    clone.git("remote", "add", "origin", f"file://{repository.top}")
    clone.git("fetch", "-q", "--depth=1", "origin", "+refs/heads/feature:refs/remotes/pull/7/merge")
    clone.git("checkout", "-q", "--force", "refs/remotes/pull/7/merge")
    error = clone.missing()
    assert error.hint == "git fetch --unshallow origin main:refs/remotes/origin/main"
    clone.run(error.hint)
    assert clone.compared() == [(one, "merge base with origin/main")]


def test_a_checkout_of_ci_of_main_lacks_the_commit_before(repository: Clone) -> None:
    """As actions/checkout leaves it after a push."""
    one, two = repository.schema("one"), repository.schema("two")
    clone = replace(repository, top=repository.top.parent / "ci")
    clone.top.mkdir()
    clone.git("init", "-q", "-b", "main")
    clone.git("remote", "add", "origin", f"file://{repository.top}")
    clone.git("fetch", "-q", "--no-tags", "--depth=1", "origin", f"+{two}:refs/remotes/origin/main")
    clone.git("checkout", "-q", "--force", "-B", "main", "refs/remotes/origin/main")
    clone.run(clone.missing().hint)
    assert clone.compared() == [(two, "HEAD, the merge base with origin/main"), (one, "the commit before HEAD")]


def test_a_clone_without_trees_that_cannot_ask_for_them_does_not_pass_unseen(branched: tuple[Clone, str]) -> None:
    repository, one = branched
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = repository.clone("clone", "--filter=tree:0", "--branch", "feature")
    away = repository.top.rename(repository.top.with_name("away"))
    error = clone.missing()
    assert error.message == f"found no files of {one[:12]} in this clone, expected them to compare with"
    away.rename(repository.top)
    clone.run(error.hint)
    assert clone.compared() == [(one, "merge base with origin/main")]


# The release context.

ODD_TAGS = ("v2.0.0-rc.1", "v2.0.0.dev1", "v3.0", "3.0.0", "V3.0.0", "sdk/v9.0.0", "nightly")


@pytest.fixture
def released(repository: Clone) -> dict[str, str]:
    """Name → commit on main: two releases, a commit with tags that are none, one without, and a release on HEAD."""
    found = {"v1.9.0": repository.schema("one")}
    repository.git("tag", "v1.9.0")
    found["v1.10.0"] = repository.schema("two")
    repository.git("tag", "-a", "-m", "annotated", "v1.10.0")
    found["odd"] = repository.schema("three")
    for tag in ODD_TAGS:
        repository.git("tag", tag)
    found["before"] = repository.schema("four")
    found["v2.0.0"] = repository.schema("five")
    repository.git("tag", "-a", "-m", "annotated", "v2.0.0")
    repository.git("tag", "latest")
    return found


def test_a_release_is_compared_with_the_release_before_too_and_not_with_itself(
    repository: Clone, released: dict[str, str]
) -> None:
    assert repository.compared() == [
        (released["v2.0.0"], "HEAD, the merge base with main"),
        (released["before"], "the commit before HEAD"),
        (released["v1.10.0"], "release v1.10.0"),
    ]


def test_a_commit_whose_tags_are_no_releases_is_not_compared_with_a_release(
    repository: Clone, released: dict[str, str]
) -> None:
    repository.git("reset", "-q", "--hard", released["odd"])
    assert repository.compared() == [
        (released["odd"], "HEAD, the merge base with main"),
        (released["v1.10.0"], "the commit before HEAD"),
    ]


def test_the_first_release_has_none_before_it(repository: Clone, released: dict[str, str]) -> None:
    repository.git("reset", "-q", "--hard", released["v1.9.0"])
    assert repository.compared() == [(released["v1.9.0"], "HEAD, the merge base with main")]


def test_a_release_of_an_older_line_is_compared_with_the_release_it_comes_from(
    repository: Clone, released: dict[str, str]
) -> None:
    repository.git("switch", "-q", "-c", "v1.9", released["v1.9.0"])
    repository.schema("patch")
    repository.git("tag", "v1.9.1")
    assert repository.compared() == [(released["v1.9.0"], "merge base with main")]
    repository.schema("another patch")
    repository.git("tag", "v1.9.2")
    assert [each.why for each in repository.found()] == ["merge base with main", "release v1.9.1"]


def test_two_release_tags_on_one_commit_are_both_not_the_one_before(
    repository: Clone, released: dict[str, str]
) -> None:
    repository.git("tag", "v1.99.0")
    assert repository.compared()[-1] == (released["v1.10.0"], "release v1.10.0")


def test_with_exceptions_the_latest_release_is_checked_on_every_commit(
    repository: Clone, released: dict[str, str]
) -> None:
    """An exception is needed as long as the last release has what was broken."""
    repository.git("switch", "-q", "-c", "feature")
    repository.schema("six")
    repository.schema("seven")
    found = repository.found(with_release=True)
    assert [(each.commit, each.why) for each in found] == [(released["v2.0.0"], "merge base with main")]
    repository.git("tag", "--delete", "v2.0.0")
    assert [each.why for each in repository.found()] == ["merge base with main"]
    assert [each.why for each in repository.found(with_release=True)] == ["merge base with main", "release v1.10.0"]


def test_a_shallow_clone_of_a_release_lacks_the_release_before(repository: Clone, released: dict[str, str]) -> None:
    clone = repository.clone("clone", "--depth", "2")
    assert clone.git("tag").split() == ["latest", "v2.0.0"]
    error = clone.missing()
    assert error.message == (
        "shallow clone: found no release tag before HEAD, expected the latest release for the breaking check"
    )
    assert error.hint == "git fetch --unshallow --tags origin"
    clone.run(error.hint)
    assert clone.compared() == repository_findings(released)


def test_with_exceptions_a_shallow_clone_lacks_the_latest_release_on_every_commit(
    repository: Clone, released: dict[str, str]
) -> None:
    """An exception that only the release needs would be reported as unused."""
    six, seven = repository.schema("six"), repository.schema("seven")
    clone = repository.clone("clone", "--depth", "2")
    assert clone.compared() == [(seven, "HEAD, the merge base with origin/main"), (six, "the commit before HEAD")]
    error = clone.missing(with_release=True)
    assert error.message == (
        "shallow clone: found no release tag before HEAD, expected the latest release for the breaking check"
    )
    clone.run(error.hint)
    (*_, release) = clone.found(with_release=True)
    assert (release.commit, release.why) == (released["v2.0.0"], "release v2.0.0")


def test_a_shallow_clone_of_a_tag_alone_is_brought_to_the_release_before_in_one_command(
    repository: Clone, released: dict[str, str]
) -> None:
    """As CI checks out a pushed tag."""
    clone = repository.clone("clone", "--depth", "1", "--branch", "v2.0.0")
    error = clone.missing()
    assert error.hint == "git fetch --unshallow origin main:refs/remotes/origin/main"
    clone.run(error.hint)
    assert clone.compared() == repository_findings(released)


def repository_findings(released: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (released["v2.0.0"], "HEAD, the merge base with origin/main"),
        (released["before"], "the commit before HEAD"),
        (released["v1.10.0"], "release v1.10.0"),
    ]


# A commit to compare with instead of those.


@pytest.mark.parametrize("name", ["v1.9.0", "HEAD~4", "old", "main~4"])
def test_what_is_named_is_all_it_is_compared_with(repository: Clone, released: dict[str, str], name: str) -> None:
    repository.git("branch", "old", released["v1.9.0"])
    assert repository.compared(against=name) == [(released["v1.9.0"], name)]
    short = released["v1.9.0"][:10]
    assert repository.compared(against=short) == [(released["v1.9.0"], short)]


@pytest.mark.parametrize("name", ["none", "v9.9.9", "f" * 40, "HEAD~99", "HEAD:proto", "--all", "HEAD..main", "-"])
def test_a_name_that_is_no_commit_here_is_an_error(repository: Clone, name: str) -> None:
    repository.schema("one")
    error = repository.missing(against=name)
    assert error.message == f"--against: found no commit {name} in this clone, expected a ref, a tag or a SHA"
    assert error.hint == "git fetch --tags origin"


def test_a_named_commit_needs_no_default_branch(repository: Clone) -> None:
    one = repository.schema("one")
    repository.git("branch", "-m", "develop")
    repository.git("branch", "other")
    assert repository.compared(against="other") == [(one, "other")]


# Where the schema lay then.


def test_a_schema_that_moved_is_found_by_its_files_and_reported_with_its_old_path(repository: Clone) -> None:
    one = repository.schema("one")
    repository.git("switch", "-q", "-c", "feature")
    (repository.root / "api").mkdir()
    repository.git("mv", "proto", "api/schema")
    repository.commit()
    assert repository.found("api/schema", described=("api/schema",)) == (
        Baseline(
            tree=repository.git("rev-parse", f"{one}:proto"),
            folder="proto",
            commit=one,
            why="merge base with main, where it lay in proto",
        ),
    )


@pytest.mark.parametrize(("then", "now"), [(".", "proto"), ("proto", ".")])
def test_a_schema_may_move_from_the_top_or_to_it(repository: Clone, then: str, now: str) -> None:
    one = repository.schema("one", then)
    (found,) = repository.found(now, described=(now,))
    assert (found.folder, found.commit) == (then, one)
    assert found.why == f"HEAD, the merge base with main, where it lay in {then}"


def test_a_schema_that_moved_without_any_of_its_files_is_still_compared(repository: Clone) -> None:
    """Otherwise renaming everything at once would be a way past the check."""
    repository.schema("one")
    repository.commit({"proto/c.proto": "c", "proto/a.proto": None, "proto/b.proto": None})
    (found, before) = repository.found("api", described=("api",))
    assert (found.folder, before.folder) == ("proto", "proto")


def test_a_new_schema_beside_another_is_compared_with_nothing(repository: Clone) -> None:
    repository.schema("one")
    repository.git("switch", "-q", "-c", "feature")
    repository.schema("one", "events")
    both = ("events", "proto")
    assert repository.found("events", described=both) == ()
    assert [each.folder for each in repository.found("proto", described=both)] == ["proto"]


def test_two_schemas_that_moved_at_once_are_each_found_by_their_files(repository: Clone) -> None:
    repository.schema("one", "x")
    repository.commit({"y/buf.yaml": BUF, "y/other.proto": "y", "y/a.proto": "y"})
    both = ("moved/x", "moved/y")
    assert {each.folder for each in repository.found("moved/x", described=both)} == {"x"}
    assert {each.folder for each in repository.found("moved/y", protos=("other.proto",), described=both)} == {"y"}


def test_a_new_schema_is_not_taken_for_one_that_moved_elsewhere(repository: Clone) -> None:
    repository.schema("one")
    both = ("api", "events")
    assert repository.found("events", protos=("e.proto",), described=both) == ()
    assert [each.folder for each in repository.found("api", described=both)] == ["proto"]


def test_two_schemas_that_swapped_folders_are_each_compared_with_the_folder(repository: Clone) -> None:
    """The path of a schema identifies it: an import by that path gets the other one."""
    repository.schema("one", "x")
    repository.schema("two", "y")
    repository.git("switch", "-q", "-c", "feature")
    for words in (("x", "z"), ("y", "x"), ("z", "y")):
        repository.git("mv", *words)
    repository.commit()
    base = repository.git("rev-parse", "main")
    for folder in ("x", "y"):
        (found,) = repository.found(folder, described=("x", "y"))
        assert (found.folder, found.tree) == (folder, repository.git("rev-parse", f"{base}:{folder}"))


def test_a_schema_is_not_compared_with_two_that_are_gone_and_share_nothing_with_it(repository: Clone) -> None:
    repository.commit({"x/buf.yaml": BUF, "x/x.proto": "x", "y/buf.yaml": BUF, "y/y.proto": "y"})
    assert repository.found("proto", described=("proto",)) == ()


@pytest.mark.parametrize(
    "other",
    [
        {"proto/buf.work.yaml": "version: v1\ndirectories: [m]\n", "proto/m/buf.yaml": BUF, "proto/m/a.proto": "a"},
        {"proto/buf.yaml": BUF, "proto/a.proto": "a", "services/api/buf.yaml": BUF, "services/api/a.proto": "a"},
    ],
    ids=["a module of a buf.work.yaml", "one of a service"],
)
def test_what_is_still_there_is_not_taken_for_a_schema_that_moved(repository: Clone, other: dict[str, str]) -> None:
    """Though it is no schema of its own: what a `buf.yaml` makes of a folder has not gone as long as it is there."""
    repository.commit({**other})
    repository.git("switch", "-q", "-c", "feature")
    repository.schema("new", "events")
    comparisons = Comparisons(
        state=load_state(Layout(repository.root)),
        key="key",
        files=Worktree(repository.runner, repository.root).list_files(),
        finder=lambda _: Baselines(History(repository.runner, repository.root)),
    )

    def subject(folder: str) -> SchemaSubject:
        return SchemaSubject(schema=BufWorkspace(folder=folder, modules=(folder,)))

    assert comparisons.of(subject("events")) == ()
    assert [each.folder for each in comparisons.of(subject("proto"))] == ["proto"]


def test_a_schema_of_several_modules_is_found_by_its_buf_work_file(repository: Clone) -> None:
    one = repository.commit(
        {"proto/buf.work.yaml": "version: v1\ndirectories: [m]\n", "proto/m/buf.yaml": BUF, "proto/m/a.proto": "a"}
    )
    assert repository.compared() == [(one, "HEAD, the merge base with main")]


# The files of a baseline.


def checked_out(clone: Clone, tree: str, tmp_path: Path) -> dict[str, str]:
    """Path → text of what the commands write."""
    folder = tmp_path / "out of git" / "tree"
    folder.mkdir(parents=True)
    for command in checkout_commands(clone.top, tree, folder, tmp_path / "out of git" / "index"):
        clone.runner.require(command)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


WRITTEN = {"buf.yaml": BUF, "a.proto": "one", "b.proto": "b", "deep/er/c.proto": "c"}


@pytest.fixture
def baseline(repository: Clone) -> str:
    """The tree of the schema as it was, with more than that in the work tree and in the index."""
    repository.commit({".gitattributes": "*.proto export-ignore\nproto/deep export-ignore\n", "other/x": "x"})
    repository.commit({"proto/deep/er/c.proto": "c"})
    tree = repository.git("rev-parse", f"{repository.schema('one')}:proto")
    repository.schema("two")
    (repository.root / "proto/staged.proto").write_text("staged")
    repository.git("add", "proto/staged.proto")
    (repository.root / "proto/untracked.proto").write_text("untracked")
    return tree


def test_all_files_of_a_tree_are_written_whatever_an_archive_would_leave_out(
    repository: Clone, baseline: str, tmp_path: Path
) -> None:
    archived = repository.git("archive", "--format=tar", "HEAD")
    assert "a.proto" not in archived
    assert checked_out(repository, baseline, tmp_path) == WRITTEN


def test_reading_a_tree_leaves_index_and_work_tree_as_they_were(
    repository: Clone, baseline: str, tmp_path: Path
) -> None:
    before = repository.git("status", "--porcelain=v2", "--branch")
    checked_out(repository, baseline, tmp_path)
    assert repository.git("status", "--porcelain=v2", "--branch") == before


def test_a_sparse_checkout_has_the_files_of_a_baseline_too(repository: Clone, baseline: str, tmp_path: Path) -> None:
    repository.git("commit", "-q", "-m", "staged")
    (repository.root / "proto/untracked.proto").unlink()
    repository.git("sparse-checkout", "set", "other")
    assert not (repository.root / "proto").exists()
    assert checked_out(repository, baseline, tmp_path) == WRITTEN


def test_a_git_worktree_is_a_clone_like_any_other(repository: Clone, baseline: str, tmp_path: Path) -> None:
    main = repository.git("rev-parse", "main")
    tree = replace(repository, top=tmp_path / "another tree")
    repository.git("worktree", "add", "-q", "-b", "feature", str(tree.top))
    tree.schema("three")
    assert tree.compared() == [(main, "merge base with main")]
    assert checked_out(tree, baseline, tmp_path) == WRITTEN


# When history is asked again.


@pytest.mark.parametrize(
    "moved",
    [
        ("commit", "-q", "--allow-empty", "-m", "next"),
        ("tag", "v1.0.0"),
        ("tag", "-a", "-m", "annotated", "v1.0.0"),
        ("branch", "-f", "develop", "HEAD~1"),
        ("branch", "-f", "main", "HEAD~1"),
        ("branch", "-m", "main", "trunk"),
        ("update-ref", "refs/remotes/origin/main", "HEAD~1"),
        ("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop"),
        ("update-ref", "-d", "refs/remotes/origin/main"),
    ],
    ids=[
        *("commit", "tag", "annotated tag", "branch", "main", "main renamed", "main of origin", "HEAD of origin"),
        "main of origin gone",
    ],
)
@pytest.mark.parametrize("with_origin", [True, False], ids=["with origin", "without origin"])
def test_whatever_moves_a_baseline_changes_the_summary_of_the_refs(
    repository: Clone, moved: tuple[str, ...], with_origin: bool
) -> None:
    """And a second look, or an edit, does not."""
    repository.schema("one")
    repository.schema("two")
    repository.git("branch", "develop")
    repository.git("switch", "-q", "-c", "feature")
    if with_origin or "origin" in " ".join(moved):
        repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
        repository.git("update-ref", "refs/remotes/origin/develop", "HEAD~1")
        repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    before = Worktree(repository.runner, repository.root).begin_listing()().refs
    (repository.root / "proto/a.proto").write_text("edited")
    repository.git("add", "-A")
    assert Worktree(repository.runner, repository.root).begin_listing()().refs == before
    repository.git(*moved)
    assert Worktree(repository.runner, repository.root).begin_listing()().refs != before


def test_before_the_first_commit_there_are_no_refs(repository: Clone) -> None:
    assert Worktree(repository.runner, repository.root).begin_listing()().refs == ""
